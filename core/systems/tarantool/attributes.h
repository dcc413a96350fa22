// The attributes of Tarantool's elements.
#pragma once

#include "core/systems/attributes.h"

namespace tributary::tarantool {

[[nodiscard]] AttributeTable<Cluster> clusterTable();
[[nodiscard]] AttributeTable<Dataset> datasetTable();
[[nodiscard]] AttributeTable<Member> memberTable();

}  // namespace tributary::tarantool
