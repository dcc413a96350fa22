// The attributes of VoltDB's elements.
#pragma once

#include "core/systems/attributes.h"

namespace tributary::voltdb {

[[nodiscard]] AttributeTable<Cluster> clusterTable();
[[nodiscard]] AttributeTable<Dataset> datasetTable();
[[nodiscard]] AttributeTable<Member> memberTable();

}  // namespace tributary::voltdb
