// Parts of DDL that several statements have: types, columns, constraints; and tables as SQLite has them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/systems/voltdb/schema/ddl.h"
#include "engine/systems/voltdb/schema/sqltokens.h"

namespace tributary::engine::voltdb {

[[nodiscard]] Error wrongDdl(std::string what);
[[nodiscard]] Error unsupportedDdl(std::string_view what);
/// "expected ... before ..." at the cursor.
[[nodiscard]] Error expected(std::string_view what, const SqlCursor& in);

/// A column with the constraints that stand behind it.
struct ParsedColumn {
    VoltColumn column;
    bool isPrimary = false;
    bool isUnique = false;
    bool isAssumedUnique = false;
};
[[nodiscard]] Result<ParsedColumn> parseColumn(SqlCursor& in);
/// (a, b + 1, ...)
[[nodiscard]] Result<std::vector<std::string>> parseParts(SqlCursor& in);
/// [CONSTRAINT n] PRIMARY KEY | UNIQUE | ASSUMEUNIQUE (...) | LIMIT PARTITION ROWS n, into the table; false when
/// none of them comes.
[[nodiscard]] Result<bool> parseConstraint(SqlCursor& in, VoltTable& table);
/// Columns by name. Errors: InvalidInput.
[[nodiscard]] Status setPrimaryKey(VoltTable& table, const std::vector<std::string>& columns);
void addUnique(VoltTable& table, std::vector<std::string> parts, bool isAssumed, std::string name = {});
/// Partitioning column and unique keys agree. Errors: InvalidInput with VoltDB's words.
[[nodiscard]] Status checkTable(const VoltTable& table);

[[nodiscard]] std::string quotedName(std::string_view name);
/// CREATE TABLE and its indexes.
[[nodiscard]] std::vector<std::string> createStatements(const VoltTable& table);
[[nodiscard]] std::string createIndex(const VoltTable& table, const VoltIndex& index);
[[nodiscard]] std::string dropIndex(const VoltTable& table, const VoltIndex& index);
/// The table made anew with another shape; what both have is copied.
[[nodiscard]] std::vector<std::string> rebuildStatements(const VoltTable& before, const VoltTable& after);
[[nodiscard]] std::string_view sqliteType(ColumnType type);

/// The statements that begin with CREATE TABLE and ALTER TABLE; the cursor stands behind the words.
[[nodiscard]] Result<DdlEffect> createTable(VoltCatalog& catalog, SqlCursor& in);
[[nodiscard]] Result<DdlEffect> alterTable(VoltCatalog& catalog, SqlCursor& in);

}  // namespace tributary::engine::voltdb
