// Whether rows that a statement made are rows of their tables: what VoltDB checks and SQLite does not.
#pragma once

#include <optional>

#include "engine/storage/sqlstateunit.h"
#include "engine/systems/voltdb/schema/voltschema.h"

namespace tributary::engine::voltdb {

/// A value as its column keeps it: a text as a time stamp or bytes, a number without what is behind the point. Errors:
/// InvalidInput with VoltDB's words.
[[nodiscard]] Status checkValue(const VoltColumn& column, SqlValue& value, bool& isChanged);
/// A row as it is to be: the same, or with texts that its columns take as timestamps and bytes. Errors: InvalidInput
/// with VoltDB's words.
[[nodiscard]] Status checkRow(const VoltTable& table, SqlRow& row, bool& isChanged);

/// Looks through the images behind the first `from` bytes of the unit's work, and sets right what has to be, as if the
/// statement had done so. Errors: as checkRow, Conflict when two rows become one that way, and those of the unit.
[[nodiscard]] Status checkWork(SqlStateUnit& unit, const VoltCatalog& catalog, std::size_t from);

}  // namespace tributary::engine::voltdb
