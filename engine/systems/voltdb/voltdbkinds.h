// What a host of VoltDB holds.
#pragma once

#include <memory>

#include "engine/node/nodeconfig.h"
#include "engine/systems/voltdb/data/databasekind.h"
#include "engine/systems/voltdb/data/voltsettings.h"

namespace tributary::engine::voltdb {

/// What a node must be told to be a host, and nothing else.
[[nodiscard]] std::shared_ptr<const NodeKinds> onlyDatabase(std::shared_ptr<VoltSettings> settings);
/// Sets in the config what makes a node a host: kinds, durability by the command log, how often it commits. The rest
/// (cluster, volume, doors, keys) is whoever starts it.
void tellHost(NodeConfig& config, std::shared_ptr<VoltSettings> settings);

class VoltControl;
/// The host that runs on a node of onlyDatabase().
[[nodiscard]] VoltControl& hostOf(Node& node);

}  // namespace tributary::engine::voltdb
