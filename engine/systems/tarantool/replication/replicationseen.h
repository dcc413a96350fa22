// What an instance sees of another member: what it reads from it, and what it sends to it. As box.info.replication
// tells it.
#pragma once

#include <string>

#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

/// The half that reads: there is one while an applier to that member exists.
struct UpstreamSeen {
    std::string status;         ///< "connect", "auth", ..., "follow", "stopped", "disconnected", "loading"
    double idleS = 0;           ///< since the last row or heartbeat; grows while it is stopped
    double lagS = 0;            ///< age of the last row when it came; frozen while it is stopped
    std::string peer;           ///< user@host:port, without password
    std::string message;        ///< why it does not follow; empty while it does
    std::string systemMessage;  ///< what the system said of it; empty when it had no part
};

/// The half that sends: there is one as soon as that member has subscribed since the start.
struct DownstreamSeen {
    bool isFollowing = false;
    double idleS = 0;           ///< since something was last sent to it
    double lagS = 0;            ///< between a row's time and its acknowledgement, of the last one
    Vclock clock;               ///< what it has acknowledged
    std::string message;        ///< why it is not followed any more; empty while it is
    std::string systemMessage;  ///< as of UpstreamSeen
};

}  // namespace tributary::engine::tarantool
