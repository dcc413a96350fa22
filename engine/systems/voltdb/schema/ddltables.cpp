// CREATE TABLE and ALTER TABLE.
#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/voltdb/schema/ddlparts.h"

namespace tributary::engine::voltdb {
namespace {

Status addColumn(VoltTable& table, ParsedColumn parsed, std::optional<std::size_t> before = {}) {
    if (table.columnNamed(parsed.column.name)) {
        return wrongDdl(fmt::format("table {} has a column {} already", table.name, parsed.column.name));
    }
    if (parsed.column.name == kHiddenColumn) return wrongDdl(fmt::format("{} is a name of ours", kHiddenColumn));
    const std::string name = parsed.column.name;
    const std::size_t at = before.value_or(table.columns.size());
    for (std::size_t& column : table.primaryKey) column += column >= at ? 1 : 0;
    if (table.partitionColumn && *table.partitionColumn >= at) ++*table.partitionColumn;
    table.columns.insert(table.columns.begin() + static_cast<std::ptrdiff_t>(at), std::move(parsed.column));
    if (parsed.isUnique || parsed.isAssumedUnique) addUnique(table, {name}, parsed.isAssumedUnique);
    return parsed.isPrimary ? setPrimaryKey(table, {name}) : okStatus();
}

/// What a column of a table that has rows cannot become.
std::string mustBeEmptyText(std::string_view table) {
    return fmt::format("Unable to change table {} this way because it is not empty.", table);
}

Status dropColumn(VoltTable& table, const std::string& name) {
    const auto at = table.columnNamed(name);
    if (!at) return wrongDdl(fmt::format("table {} has no column {}", table.name, name));
    if (table.partitionColumn == at)
        return wrongDdl(fmt::format("table {} is partitioned on column {}", table.name, name));
    if (std::count(table.primaryKey.begin(), table.primaryKey.end(), *at) != 0) {
        return wrongDdl(fmt::format("column {} is in the primary key of {}", name, table.name));
    }
    const auto uses = std::find_if(table.indexes.begin(), table.indexes.end(), [&](const VoltIndex& index) {
        return std::find(index.parts.begin(), index.parts.end(), name) != index.parts.end();
    });
    if (uses != table.indexes.end()) return wrongDdl(fmt::format("index {} has column {}", uses->name, name));
    if (table.columns.size() == 1) return wrongDdl(fmt::format("table {} would have no column", table.name));
    table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(*at));
    for (std::size_t& column : table.primaryKey) column -= column > *at ? 1 : 0;
    if (table.partitionColumn && *table.partitionColumn > *at) --*table.partitionColumn;
    return okStatus();
}

bool isWider(const VoltColumn& before, const VoltColumn& after) {
    const auto isInteger = [](ColumnType type) { return type <= ColumnType::Bigint; };
    if (isInteger(before.type) && isInteger(after.type)) return after.type >= before.type;
    return before.type == after.type && after.size >= before.size && before.sizeInBytes == after.sizeInBytes;
}

/// ALTER COLUMN: a whole definition, SET DEFAULT, SET [NOT] NULL.
Result<bool> alterColumn(SqlCursor& in, VoltTable& table) {
    const auto at = table.columnNamed(in.now().text);
    if (!at) return wrongDdl(fmt::format("table {} has no column {}", table.name, in.now().text));
    VoltColumn& column = table.columns[*at];
    if (in.ahead().is("SET")) {
        (void)in.next();
        (void)in.next();
        if (in.take("DEFAULT")) {
            column.defaultSql = in.textUntil({});
            if (upperCase(column.defaultSql) == "NULL") column.defaultSql.clear();
            return false;
        }
        const bool isNotNull = in.take({"NOT", "NULL"});
        if (!isNotNull && !in.take("NULL")) return expected("DEFAULT, NULL or NOT NULL", in);
        column.isNullable = !isNotNull;
        return isNotNull;
    }
    auto parsed = parseColumn(in);
    if (!parsed) return parsed.error();
    const VoltColumn before = column;
    column = std::move(parsed.value().column);
    return !isWider(before, column) || (before.isNullable && !column.isNullable);
}

Result<bool> alterAdd(SqlCursor& in, VoltTable& table) {
    const auto constrained = parseConstraint(in, table);
    if (!constrained) return constrained.error();
    if (constrained.value()) return false;
    (void)in.take("COLUMN");
    auto parsed = parseColumn(in);
    if (!parsed) return parsed.error();
    std::optional<std::size_t> before;
    if (in.take("BEFORE")) {
        const std::string name = in.name();
        before = table.columnNamed(name);
        if (!before) return wrongDdl(fmt::format("table {} has no column {}", table.name, name));
    }
    const bool mustBeEmpty = !parsed.value().column.isNullable && parsed.value().column.defaultSql.empty();
    const Status added = addColumn(table, std::move(parsed).value(), before);
    return added ? Result<bool>(mustBeEmpty) : Result<bool>(added.error());
}

Status alterDrop(SqlCursor& in, VoltTable& table) {
    if (in.take({"PRIMARY", "KEY"})) {
        if (table.primaryKey.empty()) return wrongDdl(fmt::format("table {} has no primary key", table.name));
        table.primaryKey.clear();
        return okStatus();
    }
    if (in.take("CONSTRAINT")) {
        const std::string name = in.name();
        const auto at = std::find_if(table.indexes.begin(), table.indexes.end(),
                                     [&](const VoltIndex& index) { return index.name == name; });
        if (at == table.indexes.end()) return wrongDdl(fmt::format("table {} has no constraint {}", table.name, name));
        table.indexes.erase(at);
        return okStatus();
    }
    (void)in.take("COLUMN");
    return dropColumn(table, in.name());
}

}  // namespace

Result<DdlEffect> createTable(VoltCatalog& catalog, SqlCursor& in) {
    VoltTable table;
    table.name = in.name();
    if (table.name.empty()) return expected("the name of a table", in);
    if (catalog.table(table.name) != nullptr) {
        return Error{ErrorCode::AlreadyExists, fmt::format("object name already exists: {}", table.name), {}, {}};
    }
    if (in.now().is("MIGRATE") || in.now().is("EXPORT")) return unsupportedDdl("tables that export are");
    if (!in.take("(")) return expected("(", in);
    do {
        const auto constrained = parseConstraint(in, table);
        if (!constrained) return constrained.error();
        if (constrained.value()) continue;
        auto parsed = parseColumn(in);
        if (!parsed) return parsed.error();
        if (Status added = addColumn(table, std::move(parsed).value()); !added) return added.error();
    } while (in.take(","));
    if (!in.take(")")) return expected(", or )", in);
    if (in.now().is("USING") || in.now().is("MIGRATE")) return unsupportedDdl("USING TTL and MIGRATE are");
    if (!in.atEnd()) return expected("the end", in);
    if (table.columns.empty()) return wrongDdl(fmt::format("table {} has no column", table.name));
    table.id = catalog.nextTableId++;
    DdlEffect effect{createStatements(table), {}, {}};
    const std::string name = table.name;
    catalog.tables.emplace(name, std::move(table));
    return effect;
}

Result<DdlEffect> alterTable(VoltCatalog& catalog, SqlCursor& in) {
    const std::string name = in.name();
    const VoltTable* known = catalog.table(name);
    if (known == nullptr) return wrongDdl(fmt::format("object not found: {}", name));
    VoltTable table = *known;
    bool mustBeEmpty = false;
    if (in.take("ADD")) {
        const auto added = alterAdd(in, table);
        if (!added) return added.error();
        mustBeEmpty = added.value();
    } else if (in.take("DROP")) {
        if (Status dropped = alterDrop(in, table); !dropped) return dropped.error();
    } else if (in.take("ALTER")) {
        (void)in.take("COLUMN");
        const auto altered = alterColumn(in, table);
        if (!altered) return altered.error();
        mustBeEmpty = altered.value();
    } else {
        return expected("ADD, DROP or ALTER", in);
    }
    (void)in.take("CASCADE");
    if (!in.atEnd()) return expected("the end", in);
    if (Status sound = checkTable(table); !sound) return sound.error();
    DdlEffect effect{rebuildStatements(*known, table), {}, {}};
    if (mustBeEmpty) effect.mustBeEmpty.emplace_back(name, mustBeEmptyText(name));
    catalog.tables.find(name)->second = std::move(table);
    return effect;
}

}  // namespace tributary::engine::voltdb
