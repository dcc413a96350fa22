// `box` of a console, asked of the process of an instance.
#pragma once

#include <memory>

#include "app/instances/instanceplace.h"
#include "engine/node/controlclient.h"
#include "engine/systems/tarantool/data/boxbackend.h"

namespace tributary::app {

/// Blocking; one thread.
class InstanceBox final : public engine::tarantool::BoxBackend {
public:
    /// Errors: Unavailable (it does not run, or not yet), Timeout (it does not answer), PermissionDenied, Corrupt.
    /// `patienceMs` is how long connecting, and then each call, may take; 0: as long as consoles wait.
    static Result<std::unique_ptr<InstanceBox>> connect(const InstancePlace& place, Millis patienceMs = 0);

    engine::tarantool::BoxAnswer call(std::string_view method, BytesView arguments) override;
    /// As BoxMethod::Begin.
    Status begin();
    /// Takes back what a statement left open. True when there was something.
    Result<bool> rollbackOpen();
    /// Why the connection is of no use any more; nullopt while it is.
    [[nodiscard]] const std::optional<Error>& lost() const { return lost_; }

private:
    InstanceBox(std::unique_ptr<engine::ControlClient> client, Millis callMs)
        : client_(std::move(client)), callMs_(callMs) {}

    std::unique_ptr<engine::ControlClient> client_;
    Millis callMs_;
    std::optional<Error> lost_;
};

}  // namespace tributary::app
