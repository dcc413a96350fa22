// Procedures of a running host, called by its control socket.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/databases/hostplace.h"
#include "core/base/units.h"
#include "engine/node/controlclient.h"
#include "engine/systems/voltdb/data/voltcall.h"

namespace tributary::app {

/// Blocking; one thread.
class DatabaseDoor {
public:
    /// Errors: Unavailable (it does not run, or not yet), Timeout (it does not answer), PermissionDenied, Corrupt.
    /// `patienceMs` is how long connecting, and then each call, may take.
    static Result<std::unique_ptr<DatabaseDoor>> connect(const HostPlace& place, Millis patienceMs = 3'600'000);
    /// The first host of several that answers. Errors: of the last one.
    static Result<std::unique_ptr<DatabaseDoor>> connectAny(const std::vector<HostPlace>& places, Millis patienceMs);

    /// Errors: Unavailable, Timeout, Corrupt. What the host refuses is no error here: the answer says so.
    Result<engine::voltdb::VoltAnswer> call(const engine::voltdb::VoltCall& call);
    /// The same with text arguments; whole numbers become numbers. Errors: Conflict too, with the words of a refusal.
    Result<std::vector<engine::voltdb::ResultTable>> ask(const std::string& procedure,
                                                         const std::vector<std::string>& arguments = {});
    /// Once, by the process itself, when its node runs.
    Status begin();

private:
    DatabaseDoor(std::unique_ptr<engine::ControlClient> client, Millis callMs, std::string title)
        : client_(std::move(client)), callMs_(callMs), title_(std::move(title)) {}

    std::unique_ptr<engine::ControlClient> client_;
    Millis callMs_;
    std::string title_;
};

/// A parameter as people type it: NULL, a whole number, or a text.
[[nodiscard]] engine::voltdb::ColumnValue parameterOf(const std::string& text);
/// A value as sqlcmd writes it; nothing for NULL.
[[nodiscard]] std::optional<std::string> valueText(const engine::voltdb::ColumnValue& value,
                                                   engine::voltdb::ColumnType type);

}  // namespace tributary::app
