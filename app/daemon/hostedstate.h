// How a cluster fares in the process that runs it.
#pragma once

#include <string>

#include "core/base/result.h"
#include "engine/node/controlclient.h"

namespace tributary::app {

struct HostedState {
    enum class Kind {
        Running,
        Killed,   ///< by a fault; its process goes on
        Stopped,  ///< by its process, for a reason
        Frozen    ///< by a fault
    };
    Kind kind = Kind::Running;
    std::string reason;  ///< of Stopped
};

/// Asks the host's door. Errors: those of the call. Blocks for a few seconds at most.
[[nodiscard]] Result<HostedState> hostedStateAt(engine::ControlClient& door, const std::string& cluster);
/// The same from an answer to Method::NodeStatus.
[[nodiscard]] HostedState hostedStateIn(const engine::Json& answer, const std::string& cluster);

}  // namespace tributary::app
