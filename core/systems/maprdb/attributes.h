// The attributes of MapR-DB's elements.
#pragma once

#include "core/systems/attributes.h"

namespace tributary::maprdb {

[[nodiscard]] AttributeTable<Cluster> clusterTable();
[[nodiscard]] AttributeTable<Dataset> datasetTable();

}  // namespace tributary::maprdb
