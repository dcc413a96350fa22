// A process per instance.
#pragma once

#include <optional>

#include "app/instances/instancesetup.h"
#include "core/base/units.h"

namespace tributary::app {

enum class InstanceLife {
    NotRunning,
    Running,
    Dead  ///< a pid file is there, and no process
};

struct InstanceSeen {
    InstanceLife life = InstanceLife::NotRunning;
    std::int64_t pid = 0;  ///< of a running one; of a dead one what the file says
};

/// Looks at lock and pid file. Errors: PermissionDenied, Io: it cannot be told.
[[nodiscard]] Result<InstanceSeen> lookAt(const InstancePlace& place);

/// Starts the process and waits until it answers: its number is in the pid file then. The calling process must have one
/// thread. Errors: those of the start, as the process told them; its log has them too.
[[nodiscard]] Status startInstance(const InstancePlace& place, const InstanceSetup& setup);

/// Asks it to stop (SIGINT), waits for half a minute at most: its number. Errors: Timeout, PermissionDenied, Io.
[[nodiscard]] Result<std::int64_t> stopInstance(const InstancePlace& place, std::int64_t pid);
/// Ends it at once (SIGKILL), and waits until it is gone. Errors: as stopInstance.
[[nodiscard]] Result<std::int64_t> killInstance(const InstancePlace& place, std::int64_t pid);

}  // namespace tributary::app
