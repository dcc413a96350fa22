// DDL: what one statement makes of a catalog, and what that does to the tables in SQLite.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/systems/voltdb/schema/voltschema.h"

namespace tributary::engine::voltdb {

/// What a step of DDL asks of the state.
struct DdlEffect {
    std::vector<std::string> statements;  ///< for SQLite
    /// Tables that must have no row, and what is said when they have one.
    std::vector<std::pair<std::string, std::string>> mustBeEmpty;
    std::string note;  ///< a sentence for whoever asked; empty = nothing to say
};

/// True when the statement is one of DDL, of ours or one that is refused.
[[nodiscard]] bool isDdl(std::string_view sql);

/// Changes the catalog, or nothing of it. Errors: InvalidInput (no such table, wrong words; with what would be right),
/// AlreadyExists, NotFound, Unsupported (Java procedures, streams, export, views, and what else is out of scope;
/// named).
[[nodiscard]] Result<DdlEffect> applyDdl(VoltCatalog& catalog, std::string_view sql);

}  // namespace tributary::engine::voltdb
