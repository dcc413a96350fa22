// Columns, constraints, and the tables of SQLite.
#include "engine/systems/voltdb/schema/ddlparts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace tributary::engine::voltdb {
namespace {

constexpr std::uint32_t kBytesMax = 1'048'576;

struct TypeWord {
    std::string_view word;
    ColumnType type;
};
constexpr std::array<TypeWord, 12> kTypes{{{"TINYINT", ColumnType::Tinyint},
                                           {"SMALLINT", ColumnType::Smallint},
                                           {"INTEGER", ColumnType::Integer},
                                           {"INT", ColumnType::Integer},
                                           {"BIGINT", ColumnType::Bigint},
                                           {"FLOAT", ColumnType::Float},
                                           {"DOUBLE", ColumnType::Float},
                                           {"DECIMAL", ColumnType::Decimal},
                                           {"TIMESTAMP", ColumnType::Timestamp},
                                           {"VARCHAR", ColumnType::Varchar},
                                           {"VARBINARY", ColumnType::Varbinary},
                                           {"NUMERIC", ColumnType::Decimal}}};

Status parseSize(SqlCursor& in, VoltColumn& column) {
    const bool isSized = column.type == ColumnType::Varchar || column.type == ColumnType::Varbinary;
    column.size = isSized ? kBytesMax : 0;
    column.sizeInBytes = column.type == ColumnType::Varchar;
    if (!in.take("(")) return okStatus();
    const SqlToken size = in.next();
    column.size = size.kind == SqlToken::Kind::Number
                      ? static_cast<std::uint32_t>(std::strtoul(size.text.c_str(), nullptr, 10))
                      : 0;
    column.sizeInBytes = in.take("BYTES");
    if (!isSized && in.take(",")) (void)in.next();  // a decimal's digits: it has 38 and 12 always
    if (!in.take(")")) return expected(")", in);
    if (!isSized) {
        column.size = 0;
        return okStatus();
    }
    const std::uint32_t most = column.type == ColumnType::Varchar && !column.sizeInBytes ? kBytesMax / 4 : kBytesMax;
    if (column.size == 0 || column.size > kBytesMax) {
        return wrongDdl(fmt::format("{} column {} has an unsupported length: 1 to {} are allowed",
                                    column.type == ColumnType::Varchar ? "VARCHAR" : "VARBINARY", column.name, most));
    }
    // Longer than that, characters are not counted any more.
    if (column.size > most) column.sizeInBytes = true;
    return okStatus();
}

std::string layoutColumn(const VoltColumn& column) {
    std::string out = fmt::format("{} {}", quotedName(column.name), sqliteType(column.type));
    if (!column.isNullable) out += " NOT NULL";
    if (!column.defaultSql.empty()) out += fmt::format(" DEFAULT ({})", column.defaultSql);
    return out;
}

std::string createAs(const VoltTable& table, const std::string& name) {
    std::string columns;
    for (const VoltColumn& column : table.columns) {
        columns += (columns.empty() ? "" : ", ") + layoutColumn(column);
    }
    if (table.isDr) columns += fmt::format(", {} BIGINT DEFAULT (dr_stamp())", quotedName(kHiddenColumn));
    std::string key;
    for (const std::size_t column : table.primaryKey) {
        key += (key.empty() ? "" : ", ") + quotedName(table.columns[column].name);
    }
    if (key.empty()) return fmt::format("CREATE TABLE main.{} ({})", quotedName(name), columns);
    return fmt::format("CREATE TABLE main.{} ({}, PRIMARY KEY ({})) WITHOUT ROWID", quotedName(name), columns, key);
}

}  // namespace

Error wrongDdl(std::string what) {
    return {ErrorCode::InvalidInput, std::move(what), {}, {}};
}

Error unsupportedDdl(std::string_view what) {
    return {ErrorCode::Unsupported, fmt::format("{} not supported here", what), {}, {}};
}

Error expected(std::string_view what, const SqlCursor& in) {
    return wrongDdl(in.atEnd() ? fmt::format("expected {} at the end of the statement", what)
                               : fmt::format("expected {} before \"{}\"", what, in.now().text));
}

std::string quotedName(std::string_view name) {
    return fmt::format("\"{}\"", name);
}

std::string_view sqliteType(ColumnType type) {
    switch (type) {
        case ColumnType::Tinyint: return "TINYINT";
        case ColumnType::Smallint: return "SMALLINT";
        case ColumnType::Integer: return "INTEGER";
        case ColumnType::Bigint: return "BIGINT";
        case ColumnType::Float: return "FLOAT";
        case ColumnType::Decimal: return "DECIMAL";
        case ColumnType::Timestamp: return "TIMESTAMP";
        case ColumnType::Varchar: return "VARCHAR";
        case ColumnType::Varbinary: return "VARBINARY BLOB";
    }
    return "BIGINT";
}

Result<ParsedColumn> parseColumn(SqlCursor& in) {
    ParsedColumn out;
    VoltColumn& column = out.column;
    column.name = in.name();
    if (column.name.empty()) return expected("the name of a column", in);
    const std::string word = in.name();
    const auto type =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeWord& each) { return each.word == word; });
    if (word == "GEOGRAPHY" || word == "GEOGRAPHY_POINT") return unsupportedDdl("GEOGRAPHY columns are");
    if (type == kTypes.end()) {
        return wrongDdl(
            fmt::format("column {} has no type that is known: \"{}\"; there are TINYINT, SMALLINT, INTEGER, "
                        "BIGINT, FLOAT, DECIMAL, TIMESTAMP, VARCHAR, VARBINARY",
                        column.name, word));
    }
    column.type = type->type;
    if (Status sized = parseSize(in, column); !sized) return sized.error();
    while (true) {
        if (in.take({"NOT", "NULL"})) {
            column.isNullable = false;
        } else if (in.take("NULL")) {
            column.isNullable = true;
        } else if (in.take("DEFAULT")) {
            column.defaultSql = in.textUntil({"NOT", "UNIQUE", "PRIMARY", "ASSUMEUNIQUE", "BEFORE"});
            const std::string upper = upperCase(column.defaultSql);
            if (upper == "NULL") column.defaultSql.clear();
            if (upper == "NOW" || upper == "CURRENT_TIMESTAMP") column.defaultSql = "now()";
        } else if (in.take({"PRIMARY", "KEY"})) {
            out.isPrimary = true;
        } else if (in.take("UNIQUE")) {
            out.isUnique = true;
        } else if (in.take("ASSUMEUNIQUE")) {
            out.isAssumedUnique = true;
        } else {
            return out;
        }
    }
}

Result<std::vector<std::string>> parseParts(SqlCursor& in) {
    std::vector<std::string> parts;
    if (!in.take("(")) return expected("(", in);
    do {
        std::string part = in.textUntil({});
        if (part.empty()) return expected("a column", in);
        const auto tokens = tokensOf(part);
        // A lone name is a column; all else stays as it was written.
        if (tokens && tokens.value().size() == 1) part = tokens.value()[0].text;
        parts.push_back(std::move(part));
    } while (in.take(","));
    if (!in.take(")")) return expected(")", in);
    return parts;
}

Status setPrimaryKey(VoltTable& table, const std::vector<std::string>& columns) {
    if (!table.primaryKey.empty()) return wrongDdl(fmt::format("table {} has two primary keys", table.name));
    for (const std::string& name : columns) {
        const auto at = table.columnNamed(name);
        if (!at) return wrongDdl(fmt::format("table {} has no column {} for its primary key", table.name, name));
        if (std::count(table.primaryKey.begin(), table.primaryKey.end(), *at) != 0) {
            return wrongDdl(fmt::format("column {} stands twice in the primary key of {}", name, table.name));
        }
        table.primaryKey.push_back(*at);
        table.columns[*at].isNullable = false;
    }
    return okStatus();
}

void addUnique(VoltTable& table, std::vector<std::string> parts, bool isAssumed, std::string name) {
    VoltIndex index;
    if (name.empty()) {
        std::string joined;
        for (const std::string& part : parts) joined += "_" + part;
        name = fmt::format("VOLTDB_AUTOGEN_CONSTRAINT_IDX_{}{}", table.name, joined);
    }
    index.name = std::move(name);
    index.parts = std::move(parts);
    index.isUnique = true;
    index.isAssumedUnique = isAssumed;
    table.indexes.push_back(std::move(index));
}

Result<bool> parseConstraint(SqlCursor& in, VoltTable& table) {
    std::string name;
    const bool isNamed = in.take("CONSTRAINT");
    if (isNamed) name = in.name();
    if (in.take({"PRIMARY", "KEY"})) {
        const auto parts = parseParts(in);
        if (!parts) return parts.error();
        const Status set = setPrimaryKey(table, parts.value());
        return set ? Result<bool>(true) : Result<bool>(set.error());
    }
    const bool isAssumed = in.now().is("ASSUMEUNIQUE") && in.ahead().is("(");
    if (isAssumed || (in.now().is("UNIQUE") && in.ahead().is("("))) {
        (void)in.next();
        auto parts = parseParts(in);
        if (!parts) return parts.error();
        addUnique(table, std::move(parts).value(), isAssumed, std::move(name));
        return true;
    }
    if (in.take({"LIMIT", "PARTITION", "ROWS"})) {
        (void)in.next();
        (void)in.textUntil({});
        return unsupportedDdl("LIMIT PARTITION ROWS is");
    }
    if (isNamed) return expected("PRIMARY KEY, UNIQUE or ASSUMEUNIQUE", in);
    return false;
}

Status checkTable(const VoltTable& table) {
    if (!table.partitionColumn) return okStatus();
    const VoltColumn& column = table.columns[*table.partitionColumn];
    if (column.isNullable) {
        return wrongDdl(
            fmt::format("Partition column '{}.{}' is nullable. Partition columns must be constrained "
                        "\"NOT NULL\".",
                        table.name, column.name));
    }
    const auto holds = [&](const std::vector<std::string>& parts) {
        return std::find(parts.begin(), parts.end(), column.name) != parts.end();
    };
    const bool isInKey = table.primaryKey.empty() || std::find(table.primaryKey.begin(), table.primaryKey.end(),
                                                               *table.partitionColumn) != table.primaryKey.end();
    const bool isInIndexes = std::all_of(table.indexes.begin(), table.indexes.end(), [&](const VoltIndex& index) {
        return !index.isUnique || index.isAssumedUnique || holds(index.parts);
    });
    if (isInKey && isInIndexes) return okStatus();
    return wrongDdl(
        fmt::format("Invalid use of {}. The UNIQUE and PRIMARY KEY keywords of the partitioned table {} "
                    "must include its partitioning column {}. To specify a uniqueness within each partition, "
                    "use ASSUMEUNIQUE.",
                    isInKey ? "UNIQUE" : "PRIMARY KEY", table.name, column.name));
}

std::string createIndex(const VoltTable& table, const VoltIndex& index) {
    std::string parts;
    // Unique within a partition: the partition is a part of what is unique.
    if (index.isAssumedUnique && table.partitionColumn) {
        parts = fmt::format("volt_partition({})", quotedName(table.columns[*table.partitionColumn].name));
    }
    for (const std::string& part : index.parts) {
        parts += (parts.empty() ? "" : ", ") + (table.columnNamed(part) ? quotedName(part) : part);
    }
    return fmt::format("CREATE {}INDEX main.{} ON {} ({}){}", index.isUnique ? "UNIQUE " : "",
                       quotedName(table.name + ":" + index.name), quotedName(table.name), parts,
                       index.where.empty() ? "" : " WHERE " + index.where);
}

std::string dropIndex(const VoltTable& table, const VoltIndex& index) {
    return fmt::format("DROP INDEX main.{}", quotedName(table.name + ":" + index.name));
}

std::vector<std::string> createStatements(const VoltTable& table) {
    std::vector<std::string> out{createAs(table, table.name)};
    for (const VoltIndex& index : table.indexes) out.push_back(createIndex(table, index));
    return out;
}

std::vector<std::string> rebuildStatements(const VoltTable& before, const VoltTable& after) {
    const std::string made = after.name + "~";
    std::string to;
    std::string from;
    for (const VoltColumn& column : after.columns) {
        if (!before.columnNamed(column.name)) continue;
        to += (to.empty() ? "" : ", ") + quotedName(column.name);
        from +=
            fmt::format("{}CAST({} AS {})", from.empty() ? "" : ", ", quotedName(column.name), sqliteType(column.type));
    }
    if (before.isDr && after.isDr) {
        to += ", " + quotedName(kHiddenColumn);
        from += ", " + quotedName(kHiddenColumn);
    }
    std::vector<std::string> out{createAs(after, made)};
    if (!to.empty()) {
        out.push_back(fmt::format("INSERT INTO main.{} ({}) SELECT {} FROM main.{}", quotedName(made), to, from,
                                  quotedName(before.name)));
    }
    out.push_back(fmt::format("DROP TABLE main.{}", quotedName(before.name)));
    out.push_back(fmt::format("ALTER TABLE main.{} RENAME TO {}", quotedName(made), quotedName(after.name)));
    for (const VoltIndex& index : after.indexes) out.push_back(createIndex(after, index));
    return out;
}

}  // namespace tributary::engine::voltdb
