// Rows found, put and erased by their images.
#include "engine/systems/voltdb/data/rowaccess.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/voltdb/dr/drid.h"
#include "engine/systems/voltdb/schema/ddlparts.h"
#include "engine/systems/voltdb/schema/sqlitetables.h"

namespace tributary::engine::voltdb {
namespace {

std::string columnsOf(const LogTable& shape) {
    std::string out;
    for (const LogColumn& column : shape.columns) out += (out.empty() ? "" : ",") + quotedName(column.name);
    return out;
}

/// Every one of the columns has the value, NULL included.
std::string sameColumns(const LogTable& shape) {
    std::string out;
    for (const LogColumn& column : shape.columns)
        out += (out.empty() ? "" : " AND ") + quotedName(column.name) + " IS ?";
    return out;
}

std::string keyColumns(const VoltTable& table, const std::vector<std::size_t>& key, std::string_view between,
                       std::string_view behind) {
    std::string out;
    for (const std::size_t column : key) {
        if (!out.empty()) out += between;
        out += quotedName(table.columns[column].name);
        out += behind;
    }
    return out;
}

std::vector<SqlValue> keyValues(const VoltTable& table, const std::vector<std::size_t>& key, const RowImage& row) {
    std::vector<SqlValue> out;
    out.reserve(key.size());
    for (const std::size_t column : key) out.push_back(toSql(row[column], table.columns[column].type));
    return out;
}

}  // namespace

Result<RowAccess::Place> RowAccess::place(std::string_view name, const RowImage* row) const {
    const VoltTable* table = schema_.catalog().table(name);
    if (table == nullptr) return Error{ErrorCode::NotFound, fmt::format("no table {}", name), {}, {}};
    Place out{table, table->logTable()};
    if (row == nullptr || row->size() == out.shape.columns.size()) return out;
    return Error{
        ErrorCode::InvalidInput,
        fmt::format("a row of {} values for the {} columns of {}", row->size(), out.shape.columns.size(), name),
        {},
        {}};
}

Result<SqlOutcome> RowAccess::run(const std::string& sql, const std::vector<SqlValue>& parameters) {
    const auto session = unit_.session();
    if (!session) return session.error();
    return session.value()->run(sql, parameters);
}

Result<std::vector<RowImage>> RowAccess::read(const Place& at, const std::string& where,
                                              const std::vector<SqlValue>& parameters) {
    const auto found =
        run(fmt::format("SELECT {} FROM main.{} WHERE {}", columnsOf(at.shape), quotedName(at.table->name), where),
            parameters);
    if (!found) return found.error();
    std::vector<RowImage> rows;
    rows.reserve(found.value().rows.size());
    for (const SqlRow& row : found.value().rows) rows.push_back(fromSqlRow(row, at.shape));
    return rows;
}

Result<int> RowAccess::partitionOf(std::string_view name, const RowImage& row) const {
    const auto at = place(name, nullptr);
    if (!at) return at.error();
    const auto& column = at.value().table->partitionColumn;
    if (!column) return kMpPartition;
    return partitionOfValue(*column < row.size() ? row[*column] : ColumnValue(), schema_.partitions());
}

Result<std::optional<RowImage>> RowAccess::find(std::string_view name, const RowImage& key) {
    const auto at = place(name, nullptr);
    if (!at) return at.error();
    const VoltTable& table = *at.value().table;
    if (table.primaryKey.empty() || key.size() != table.primaryKey.size()) {
        return Error{ErrorCode::InvalidInput, fmt::format("that is no primary key of {}", name), {}, {}};
    }
    std::vector<SqlValue> values;
    values.reserve(key.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
        values.push_back(toSql(key[i], table.columns[table.primaryKey[i]].type));
    }
    const auto rows = read(at.value(), keyColumns(table, table.primaryKey, " AND ", "=?"), values);
    if (!rows) return rows.error();
    return rows.value().empty() ? std::optional<RowImage>() : std::optional(rows.value()[0]);
}

Result<std::optional<RowImage>> RowAccess::findWhole(std::string_view name, const RowImage& row) {
    const auto at = place(name, &row);
    if (!at) return at.error();
    const auto rows = read(at.value(), sameColumns(at.value().shape) + " LIMIT 1", toSqlRow(row, at.value().shape));
    if (!rows) return rows.error();
    return rows.value().empty() ? std::optional<RowImage>() : std::optional(rows.value()[0]);
}

Result<std::vector<RowImage>> RowAccess::colliding(std::string_view name, const RowImage& row) {
    const auto at = place(name, &row);
    if (!at) return at.error();
    const VoltTable& table = *at.value().table;
    std::vector<RowImage> out;
    for (const auto& key : table.uniqueKeys()) {
        if (key == table.primaryKey) continue;
        auto rows = read(at.value(), keyColumns(table, key, " AND ", "=?"), keyValues(table, key, row));
        if (!rows) return rows.error();
        for (RowImage& found : rows.value()) {
            const bool isItself = !table.primaryKey.empty() &&
                                  std::all_of(table.primaryKey.begin(), table.primaryKey.end(),
                                              [&](std::size_t column) { return found[column] == row[column]; });
            const bool isKnown = std::find(out.begin(), out.end(), found) != out.end();
            if (!isItself && !isKnown) out.push_back(std::move(found));
        }
    }
    return out;
}

Status RowAccess::put(std::string_view name, const RowImage& row) {
    const auto at = place(name, &row);
    if (!at) return at.error();
    const VoltTable& table = *at.value().table;
    std::string marks;
    std::string sets;
    for (const LogColumn& column : at.value().shape.columns) {
        marks += marks.empty() ? "?" : ",?";
        sets +=
            fmt::format("{}{}=excluded.{}", sets.empty() ? "" : ",", quotedName(column.name), quotedName(column.name));
    }
    std::string sql =
        fmt::format("INSERT INTO main.{} ({}) VALUES ({})", quotedName(table.name), columnsOf(at.value().shape), marks);
    if (!table.primaryKey.empty()) {
        sql += fmt::format(" ON CONFLICT ({}) DO UPDATE SET {}", keyColumns(table, table.primaryKey, ",", ""), sets);
    }
    const auto done = run(sql, toSqlRow(row, at.value().shape));
    return done ? okStatus() : Status(done.error());
}

Result<bool> RowAccess::erase(std::string_view name, const RowImage& row) {
    const auto at = place(name, &row);
    if (!at) return at.error();
    const VoltTable& table = *at.value().table;
    const std::string of = quotedName(table.name);
    const auto done =
        table.primaryKey.empty()
            ? run(fmt::format("DELETE FROM main.{} WHERE rowid=(SELECT rowid FROM main.{} WHERE {} LIMIT 1)", of, of,
                              sameColumns(at.value().shape)),
                  toSqlRow(row, at.value().shape))
            : run(fmt::format("DELETE FROM main.{} WHERE {}", of, keyColumns(table, table.primaryKey, " AND ", "=?")),
                  keyValues(table, table.primaryKey, row));
    if (!done) return done.error();
    return done.value().changes > 0;
}

Status RowAccess::truncate(std::string_view name) {
    const auto at = place(name, nullptr);
    if (!at) return at.error();
    const std::size_t from = unit_.captured().size();
    const auto done = run(fmt::format("DELETE FROM main.{}", quotedName(name)), {});
    if (!done) return done.error();
    truncated_.push_back({from, unit_.captured().size(), at.value().table->id});
    return okStatus();
}

Result<bool> RowAccess::anyDrRow() {
    for (const VoltTable* table : schema_.drTables()) {
        const auto found = run(fmt::format("SELECT 1 FROM main.{} LIMIT 1", quotedName(table->name)), {});
        if (!found) return found.error();
        if (!found.value().rows.empty()) return true;
    }
    return false;
}

Result<std::optional<Bytes>> RowAccess::metaGet(std::string_view key) {
    const auto found =
        run(fmt::format("SELECT v FROM main.{} WHERE k=?", quotedName(kSqlNotes)), {SqlBlob{Bytes(key)}});
    if (!found) return found.error();
    if (found.value().rows.empty()) return std::optional<Bytes>();
    const auto* blob = std::get_if<SqlBlob>(&found.value().rows[0][0]);
    return blob == nullptr ? std::optional<Bytes>() : std::optional(blob->bytes);
}

Status RowAccess::metaPut(std::string_view key, BytesView value) {
    const auto done =
        run(fmt::format("INSERT INTO main.{} (k,v) VALUES (?,?) ON CONFLICT (k) DO UPDATE SET v=excluded.v",
                        quotedName(kSqlNotes)),
            {SqlBlob{Bytes(key)}, SqlBlob{Bytes(value)}});
    return done ? okStatus() : Status(done.error());
}

Status RowAccess::metaErase(std::string_view key) {
    const auto done = run(fmt::format("DELETE FROM main.{} WHERE k=?", quotedName(kSqlNotes)), {SqlBlob{Bytes(key)}});
    return done ? okStatus() : Status(done.error());
}

}  // namespace tributary::engine::voltdb
