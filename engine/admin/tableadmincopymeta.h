// Metadata of one table compared with that of another.
#pragma once

#include <string>
#include <vector>

#include "engine/systems/maprdb/tables/createlike.h"

namespace tributary::engine::maprdb {

/// True of what ClusterCalls::findDataset() tells of a stream.
[[nodiscard]] bool isStream(const TableRecord& record);

/// The value of an attribute, the documented default when it was never set.
[[nodiscard]] std::string attributeOf(const TableRecord& table, const std::string& name);

/// What differs in families and attributes, one readable line each; empty = same metadata. Paths name the sides. The
/// bulk load mode and permissions do not count, unless `withPermissions`.
[[nodiscard]] std::vector<std::string> metadataDifferences(const TableRecord& a, const TableRecord& b,
                                                           bool withPermissions = false);

}  // namespace tributary::engine::maprdb
