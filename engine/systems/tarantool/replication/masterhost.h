// What those who serve replicas need of their instance.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/log/commitlog.h"
#include "engine/storage/stateunit.h"
#include "engine/systems/tarantool/instance/instancesettings.h"
#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

class RowWork;

/// Executor's thread only.
class MasterHost {
public:
    virtual ~MasterHost() = default;

    [[nodiscard]] virtual Seams& seams() = 0;
    [[nodiscard]] virtual CommitLog& log() = 0;
    [[nodiscard]] virtual const InstanceSettings& settings() const = 0;
    /// Whose entries of the log are the instance's.
    [[nodiscard]] virtual std::uint32_t datasetId() const = 0;
    /// False while it bootstraps.
    [[nodiscard]] virtual bool isReady() const = 0;
    /// Whether it has an applier to that instance, whatever its state.
    [[nodiscard]] virtual bool reads(const Uuid& instance) const = 0;
    /// A member has subscribed, and has this (reusednumbers.h).
    virtual void met(const Uuid& member, const Vclock& theirs) = 0;
    /// The state as it is published, frozen. Errors: NotFound, Unavailable, Io.
    virtual Result<std::unique_ptr<StateView>> frozen() = 0;
    /// Runs `use` on the state as it is published. Errors: of `use`, and of the state.
    virtual Status look(const std::function<Status(RowWork&)>& use) = 0;
    /// Writes rows as a client does, whatever the instance's mode; `answered` is called when they are durable.
    virtual void logRows(std::vector<Packet> rows, std::function<void(BoxAnswer)> answered) = 0;
};

}  // namespace tributary::engine::tarantool
