// What a host of VoltDB holds.
#pragma once

#include <memory>

#include "engine/node/controlkind.h"
#include "engine/systems/voltdb/data/voltsettings.h"

namespace tributary::engine::voltdb {

[[nodiscard]] const DatasetKind& databaseKind();
/// What a node must be told to be a host, and nothing else.
[[nodiscard]] std::shared_ptr<const NodeKinds> onlyDatabase(std::shared_ptr<VoltSettings> settings);

class VoltControl;
/// The host that runs on a node of onlyDatabase().
[[nodiscard]] VoltControl& hostOf(Node& node);

}  // namespace tributary::engine::voltdb
