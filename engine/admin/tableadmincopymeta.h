// Metadata of one table for another: creation after a model, and comparison.
#pragma once

#include <string>
#include <vector>

#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::engine::maprdb {

/// Which metadata to take over (`-copymetatype`). Splits are accepted elsewhere and mean nothing: tables are not split.
struct CopyMeta {
    bool families = true;
    bool aces = true;
    bool attributes = true;
};

/// The body of a CreateTable request that makes `path` after `model`. Bulk load is a mode, not metadata: it is never
/// taken over, since a replica born in it could not be replicated to.
[[nodiscard]] Json createBodyLike(const TableRecord& model, const std::string& path, const CopyMeta& what = {});

/// True of what ClusterCalls::findDataset() tells of a stream.
[[nodiscard]] bool isStream(const TableRecord& record);

/// The value of an attribute, the documented default when it was never set.
[[nodiscard]] std::string attributeOf(const TableRecord& table, const std::string& name);

/// What differs in families and attributes, one readable line each; empty = same metadata. Paths name the sides. The
/// bulk load mode and permissions do not count, unless `withPermissions`.
[[nodiscard]] std::vector<std::string> metadataDifferences(const TableRecord& a, const TableRecord& b,
                                                           bool withPermissions = false);

}  // namespace tributary::engine::maprdb
