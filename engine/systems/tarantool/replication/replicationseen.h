// What an instance sees of its replication, as box.info.replication shows it.
#pragma once

#include <string>

#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

/// A replica that is sent the log from here. Not following: it was, and messages say why it is not any more.
struct DownstreamSeen {
    bool isFollowing = false;
    double idleS = 0;  ///< since its last acknowledgement
    double lagS = 0;
    Vclock clock;  ///< as acknowledged
    std::string message;
    std::string systemMessage;
};

/// An instance that is followed from here.
struct UpstreamSeen {
    std::string status;  ///< "connect", "follow", "stopped", ...
    double idleS = 0;    ///< since the last bytes came
    double lagS = 0;     ///< age of the last row when it came; kept while nothing comes
    std::string peer;    ///< "replicator@127.0.0.1:3302"
    std::string message;
    std::string systemMessage;
};

}  // namespace tributary::engine::tarantool
