// Tables of a catalog as the SQL unit watches them, and what statements see of them.
#pragma once

#include <vector>

#include "engine/storage/sqlstateunit.h"
#include "engine/systems/voltdb/schema/voltschema.h"

namespace tributary::engine::voltdb {

[[nodiscard]] std::vector<SqlTable> sqlTables(const VoltCatalog& catalog);
/// What SQL calls to have a value as a column keeps it: a number of ColumnType, the column's name, the value.
inline constexpr const char* kKeepFunction = "volt_keep";
/// Views that hide the hidden column; only tables that have one need any. And the functions that statements call.
void addViews(SqlRules& rules, const VoltSchema& schema);

/// A value as SQLite keeps it, by the type of its column, and back. Decimals are kept as floats: checkRow() lets
/// through only those that come back whole.
[[nodiscard]] SqlValue toSql(const ColumnValue& value, ColumnType type);
[[nodiscard]] ColumnValue fromSql(const SqlValue& value, ColumnType type);
[[nodiscard]] SqlRow toSqlRow(const RowImage& row, const LogTable& table);
[[nodiscard]] RowImage fromSqlRow(const SqlRow& row, const LogTable& table);

}  // namespace tributary::engine::voltdb
