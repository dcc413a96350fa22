// What a host is told by whoever starts it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/units.h"

namespace tributary::engine::voltdb {

class VoltControl;
class DrSide;

enum class DrRole : std::uint8_t { None, Master, Replica, Xdcr };

/// Owned by whoever starts the node; read and changed on the node's executor only.
struct VoltSettings {
    int clusterId = 0;  ///< 0 to 127
    DrRole role = DrRole::None;
    int sitesPerHost = 8;  ///< partitions; counts when the database is made, not afterwards
    int kfactor = 0;
    int hostId = 0;
    std::string hostName = "localhost";
    bool startsPaused = false;
    /// "synchronous"; "asynchronous": a transaction is answered before it is in the log, and is lost with the process
    /// for commandLogMs; "off": as asynchronous here, and replication must not go on after a restart.
    std::string commandLog = "synchronous";
    Millis commandLogMs = 200;
    std::string drInterface;  ///< where replication listens, for @SystemInformation; empty and 0: nowhere
    int drPort = 0;
    std::map<std::string, std::string> deployment;  ///< further rows of @SystemInformation DEPLOYMENT
    /// Makes the host's half of replication; empty: there is none.
    std::function<std::unique_ptr<DrSide>(VoltControl& control)> makeDr;
};

}  // namespace tributary::engine::voltdb
