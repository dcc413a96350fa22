// What a host is told by whoever starts it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/units.h"

namespace tributary::engine::voltdb {

class VoltControl;
class DrSide;

enum class DrRole { None, Master, Replica, Xdcr };

/// Owned by whoever starts the node; read and changed on the node's executor only.
struct VoltSettings {
    int clusterId = 0;  ///< 0 to 127
    DrRole role = DrRole::None;
    int sitesPerHost = 8;  ///< partitions; counts when the database is made, not afterwards
    int kfactor = 0;
    int hostId = 0;
    std::string hostName = "localhost";
    bool startsPaused = false;
    std::string commandLog = "synchronous";  ///< as it was told to the log: synchronous, asynchronous, off
    std::string drInterface;  ///< where replication listens, for @SystemInformation; empty and 0: nowhere
    int drPort = 0;
    std::map<std::string, std::string> deployment;  ///< further rows of @SystemInformation DEPLOYMENT
    /// Makes the host's half of replication; empty: there is none.
    std::function<std::unique_ptr<DrSide>(VoltControl& control)> makeDr;
};

}  // namespace tributary::engine::voltdb
