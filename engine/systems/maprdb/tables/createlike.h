// A table made after another.
#pragma once

#include <string>

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

}  // namespace tributary::engine::maprdb
