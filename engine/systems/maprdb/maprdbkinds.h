// What a cluster of MapR-DB holds.
#pragma once

#include <memory>

#include "engine/node/controlkind.h"

namespace tributary::engine::maprdb {

/// Binary tables, who speak for the cluster, JSON tables and streams.
[[nodiscard]] std::shared_ptr<const NodeKinds> maprdbKinds();

}  // namespace tributary::engine::maprdb
