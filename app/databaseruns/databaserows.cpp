// Catalogs and rows as sorted lines.
#include "app/databaseruns/databaserows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/databases/databasedoor.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

using Lines = std::vector<std::string>;

/// The first line that only one of two sorted lists has, with who has it.
std::string firstDifference(const Lines& here, const Lines& there, const std::string& hereName,
                            const std::string& thereName) {
    const auto [one, other] = std::mismatch(here.begin(), here.end(), there.begin(), there.end());
    if (one == here.end() && other == there.end()) return {};
    const bool isHere = other == there.end() || (one != here.end() && *one < *other);
    return fmt::format("only {} has {}", isHere ? hereName : thereName, isHere ? *one : *other);
}

Result<Lines> schemaLines(DatabaseWorld& world, const std::vector<HostPlace>& places) {
    const auto names = replicatedTables(world, places);
    if (!names) return names.error();
    const std::set<std::string> tables(names->begin(), names->end());
    Lines lines;
    const auto catalog = askRows(world, places, "@SystemCatalog", {"TABLES"});
    if (!catalog) return catalog.error();
    for (std::size_t row = 0; row < catalog->size(); ++row) {
        const std::string table = catalog->at(row, "TABLE_NAME");
        if (tables.contains(table)) lines.push_back(fmt::format("table {} {}", table, catalog->at(row, "REMARKS")));
    }
    const auto columns = askRows(world, places, "@SystemCatalog", {"COLUMNS"});
    if (!columns) return columns.error();
    for (std::size_t row = 0; row < columns->size(); ++row) {
        const std::string table = columns->at(row, "TABLE_NAME");
        if (!tables.contains(table)) continue;
        lines.push_back(fmt::format("column {}.{} {} {} nullable {} at {}", table, columns->at(row, "COLUMN_NAME"),
                                    columns->at(row, "TYPE_NAME"), columns->at(row, "COLUMN_SIZE"),
                                    columns->at(row, "NULLABLE"), columns->at(row, "ORDINAL_POSITION")));
    }
    const auto indexes = askRows(world, places, "@SystemCatalog", {"INDEXINFO"});
    if (!indexes) return indexes.error();
    for (std::size_t row = 0; row < indexes->size(); ++row) {
        const std::string table = indexes->at(row, "TABLE_NAME");
        const std::string nonUnique = indexes->at(row, "NON_UNIQUE");
        const bool isUnique = nonUnique == "0" || toLower(nonUnique) == "false";
        if (!tables.contains(table) || !isUnique) continue;
        lines.push_back(fmt::format("unique index of {}: column {} at {}", table, indexes->at(row, "COLUMN_NAME"),
                                    indexes->at(row, "ORDINAL_POSITION")));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

Result<Lines> rowLines(DatabaseWorld& world, const std::vector<HostPlace>& places, const std::string& table) {
    const auto tables = world.ask(places, "@AdHoc", {"SELECT * FROM " + table});
    if (!tables) return tables.error();
    if (tables->empty()) return Error{ErrorCode::Corrupt, "a select answers no table", table, {}};
    Lines lines;
    lines.reserve(tables->front().rows.size());
    for (const engine::voltdb::RowImage& row : tables->front().rows) {
        std::string line;
        for (std::size_t at = 0; at < row.size() && at < tables->front().columns.size(); ++at) {
            const auto text = valueText(row[at], tables->front().columns[at].type);
            line += (at == 0 ? "" : ", ") + (text ? fmt::format("'{}'", *text) : std::string("NULL"));
        }
        lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

}  // namespace

Result<std::vector<std::string>> replicatedTables(DatabaseWorld& world, const std::vector<HostPlace>& places) {
    const auto rows = askRows(world, places, "@SystemCatalog", {"TABLES"});
    if (!rows) return rows.error();
    std::vector<std::string> names = replicatedNames(*rows);
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::string> schemaDifference(DatabaseWorld& world, const std::vector<HostPlace>& here,
                                     const std::vector<HostPlace>& there) {
    const auto one = schemaLines(world, here);
    if (!one) return one.error();
    const auto other = schemaLines(world, there);
    if (!other) return other.error();
    if (one->empty() && other->empty()) return std::string("neither has a replicated table");
    return firstDifference(*one, *other, here.front().cluster, there.front().cluster);
}

Result<std::string> rowsDifference(DatabaseWorld& world, const std::vector<HostPlace>& here,
                                   const std::vector<HostPlace>& there) {
    const auto tables = replicatedTables(world, here);
    if (!tables) return tables.error();
    const auto others = replicatedTables(world, there);
    if (!others) return others.error();
    if (*tables != *others) {
        return firstDifference(*tables, *others, here.front().cluster, there.front().cluster) + " as a table";
    }
    for (const std::string& table : *tables) {
        const auto one = rowLines(world, here, table);
        if (!one) return one.error();
        const auto other = rowLines(world, there, table);
        if (!other) return other.error();
        const std::string difference = firstDifference(*one, *other, here.front().cluster, there.front().cluster);
        if (!difference.empty()) return fmt::format("{}: {}", table, difference);
    }
    return std::string();
}

}  // namespace tributary::app
