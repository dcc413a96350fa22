// Statements of DDL, by their first words.
#include "engine/systems/voltdb/schema/ddl.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/systems/voltdb/schema/ddlparts.h"

namespace tributary::engine::voltdb {
namespace {

Error noTable(std::string_view name) {
    return {ErrorCode::NotFound, fmt::format("object not found: {}", name), {}, {}};
}

Result<DdlEffect> dropTable(VoltCatalog& catalog, SqlCursor& in) {
    const std::string name = in.name();
    const bool ifExists = in.take({"IF", "EXISTS"});
    (void)in.take("CASCADE");
    if (!in.atEnd()) return expected("the end", in);
    const auto at = catalog.tables.find(name);
    if (at == catalog.tables.end()) return ifExists ? Result<DdlEffect>(DdlEffect{}) : Result<DdlEffect>(noTable(name));
    for (const auto& [known, procedure] : catalog.procedures) {
        if (procedure.partitionTable == name) {
            return wrongDdl(fmt::format("procedure {} is partitioned on table {}: drop it first", known, name));
        }
    }
    catalog.tables.erase(at);
    return DdlEffect{{fmt::format("DROP TABLE main.{}", quotedName(name))}, {}, {}};
}

Result<DdlEffect> createIndexOn(VoltCatalog& catalog, SqlCursor& in, bool isUnique, bool isAssumed) {
    VoltIndex index;
    index.isUnique = isUnique || isAssumed;
    index.isAssumedUnique = isAssumed;
    index.name = in.name();
    if (!in.take("ON")) return expected("ON", in);
    const auto at = catalog.tables.find(in.name());
    if (at == catalog.tables.end())
        return wrongDdl(fmt::format("index {} is on a table that is not there", index.name));
    VoltTable& table = at->second;
    auto parts = parseParts(in);
    if (!parts) return parts.error();
    index.parts = std::move(parts).value();
    if (in.take("WHERE")) index.where = in.rest();
    if (!in.atEnd()) return expected("WHERE or the end", in);
    for (const auto& [known, other] : catalog.tables) {
        for (const VoltIndex& each : other.indexes) {
            if (each.name != index.name) continue;
            return Error{ErrorCode::AlreadyExists, fmt::format("object name already exists: {}", index.name), {}, {}};
        }
    }
    table.indexes.push_back(index);
    if (Status sound = checkTable(table); !sound) return sound.error();
    return DdlEffect{{createIndex(table, index)}, {}, {}};
}

Result<DdlEffect> dropIndexNamed(VoltCatalog& catalog, SqlCursor& in) {
    const std::string name = in.name();
    const bool ifExists = in.take({"IF", "EXISTS"});
    if (!in.atEnd()) return expected("the end", in);
    for (auto& [known, table] : catalog.tables) {
        const auto at = std::find_if(table.indexes.begin(), table.indexes.end(),
                                     [&](const VoltIndex& index) { return index.name == name; });
        if (at == table.indexes.end()) continue;
        DdlEffect effect{{dropIndex(table, *at)}, {}, {}};
        table.indexes.erase(at);
        return effect;
    }
    return ifExists ? Result<DdlEffect>(DdlEffect{}) : Result<DdlEffect>(noTable(name));
}

Result<DdlEffect> partitionTable(VoltCatalog& catalog, SqlCursor& in) {
    const std::string name = in.name();
    const auto at = catalog.tables.find(name);
    if (at == catalog.tables.end())
        return wrongDdl(fmt::format("Invalid PARTITION statement: table {} does not exist", name));
    if (!in.take({"ON", "COLUMN"})) return expected("ON COLUMN", in);
    const std::string column = in.name();
    if (!in.atEnd()) return expected("the end", in);
    VoltTable& table = at->second;
    const auto index = table.columnNamed(column);
    if (!index) return wrongDdl(fmt::format("Invalid PARTITION statement: table {} has no column {}", name, column));
    const ColumnType type = table.columns[*index].type;
    if (type == ColumnType::Float || type == ColumnType::Decimal) {
        return wrongDdl(
            fmt::format("Partition column '{}.{}' must be an integer, TIMESTAMP, VARCHAR or VARBINARY", name, column));
    }
    const VoltTable before = table;
    table.partitionColumn = index;
    if (Status sound = checkTable(table); !sound) return sound.error();
    DdlEffect effect{{}, {{name, fmt::format("Unable to partition table {} because it is not empty.", name)}}, {}};
    const bool hasAssumed = std::any_of(table.indexes.begin(), table.indexes.end(),
                                        [](const VoltIndex& each) { return each.isAssumedUnique; });
    if (hasAssumed) effect.statements = rebuildStatements(before, table);
    return effect;
}

Status drOne(VoltTable& table, bool isOn, DdlEffect& effect) {
    if (table.isDr == isOn) return okStatus();
    const VoltTable before = table;
    table.isDr = isOn;
    if (isOn) {
        effect.mustBeEmpty.emplace_back(
            table.name, fmt::format("Unable to enable DR on table {} because it is not empty.", table.name));
    }
    for (std::string& sql : rebuildStatements(before, table)) effect.statements.push_back(std::move(sql));
    return okStatus();
}

Result<DdlEffect> drTable(VoltCatalog& catalog, SqlCursor& in) {
    const bool isAll = in.take("*");
    const std::string name = isAll ? std::string() : in.name();
    const bool isOn = !in.take("DISABLE");
    if (!in.atEnd()) return expected("DISABLE or the end", in);
    DdlEffect effect;
    for (auto& [known, table] : catalog.tables) {
        if (!isAll && known != name) continue;
        if (Status done = drOne(table, isOn, effect); !done) return done.error();
        const bool isUnique =
            !table.primaryKey.empty() || std::any_of(table.indexes.begin(), table.indexes.end(),
                                                     [](const VoltIndex& each) { return each.isUnique; });
        if (isOn && !isUnique) {
            effect.note = fmt::format(
                "Table {} doesn't have any unique index, it will cause full table scans to update/delete DR record and "
                "may become slower as table grow.",
                known);
        }
    }
    if (!isAll && catalog.table(name) == nullptr) {
        return wrongDdl(fmt::format("While configuring dr, table {} was not present in the catalog.", name));
    }
    return effect;
}

/// TABLE t COLUMN c [PARAMETER n], behind PARTITION ON or ON.
Status partitionOf(const VoltCatalog& catalog, SqlCursor& in, VoltProcedure& procedure) {
    if (!in.take("TABLE")) return expected("TABLE", in);
    procedure.partitionTable = in.name();
    if (!in.take("COLUMN")) return expected("COLUMN", in);
    procedure.partitionColumn = in.name();
    if (in.take("PARAMETER")) {
        procedure.partitionParameter = static_cast<std::size_t>(std::strtoul(in.next().text.c_str(), nullptr, 10));
    }
    const VoltTable* table = catalog.table(procedure.partitionTable);
    const auto column = table == nullptr ? std::nullopt : table->columnNamed(procedure.partitionColumn);
    if (!column || table->partitionColumn != column) {
        return wrongDdl(fmt::format("procedure {} is partitioned on {}.{}, and no table is partitioned so",
                                    procedure.name, procedure.partitionTable, procedure.partitionColumn));
    }
    return okStatus();
}

bool isReading(std::string_view sql) {
    const auto tokens = tokensOf(sql);
    return tokens && !tokens.value().empty() && (tokens.value()[0].is("SELECT") || tokens.value()[0].is("WITH"));
}

Result<DdlEffect> createProcedure(VoltCatalog& catalog, SqlCursor& in) {
    VoltProcedure procedure;
    if (in.now().is("FROM") || in.ahead().is("FROM")) return unsupportedDdl("Java procedures (FROM CLASS) are");
    procedure.name = in.name();
    if (procedure.name.empty()) return expected("the name of a procedure", in);
    while (!in.atEnd() && !in.now().is("AS")) {
        if (in.take({"PARTITION", "ON"})) {
            if (Status set = partitionOf(catalog, in, procedure); !set) return set.error();
        } else if (in.take("ALLOW")) {
            return unsupportedDdl("roles (ALLOW) are");
        } else if (in.now().is("FROM")) {
            return unsupportedDdl("Java procedures (FROM CLASS) are");
        } else if (in.take("DIRECTED")) {
            return unsupportedDdl("DIRECTED procedures are");
        } else {
            return expected("PARTITION ON or AS", in);
        }
    }
    if (!in.take("AS")) return expected("AS", in);
    const bool isBlock = in.take("BEGIN");
    std::string body = in.rest();
    if (isBlock) {
        const auto end = upperCase(body).rfind("END");
        if (end == std::string::npos)
            return wrongDdl(fmt::format("procedure {} has BEGIN without END", procedure.name));
        body.resize(end);
    }
    auto statements = splitStatements(body);
    if (!statements) return statements.error();
    if (statements.value().empty()) return wrongDdl(fmt::format("procedure {} has no statement", procedure.name));
    for (const std::string& sql : statements.value()) {
        if (isDdl(sql)) return wrongDdl(fmt::format("procedure {} has DDL", procedure.name));
    }
    procedure.statements = std::move(statements).value();
    procedure.isReadOnly = std::all_of(procedure.statements.begin(), procedure.statements.end(), isReading);
    const std::string name = procedure.name;
    if (!catalog.procedures.emplace(name, std::move(procedure)).second) {
        return Error{ErrorCode::AlreadyExists, fmt::format("object name already exists: {}", name), {}, {}};
    }
    return DdlEffect{};
}

Result<DdlEffect> dropProcedure(VoltCatalog& catalog, SqlCursor& in) {
    const std::string name = in.name();
    const bool ifExists = in.take({"IF", "EXISTS"});
    if (!in.atEnd()) return expected("the end", in);
    if (catalog.procedures.erase(name) == 0 && !ifExists) return noTable(name);
    return DdlEffect{};
}

Result<DdlEffect> partitionProcedure(VoltCatalog& catalog, SqlCursor& in) {
    const auto at = catalog.procedures.find(in.name());
    if (at == catalog.procedures.end()) return wrongDdl("Invalid PARTITION statement: there is no such procedure");
    if (!in.take("ON")) return expected("ON", in);
    VoltProcedure procedure = at->second;
    if (Status set = partitionOf(catalog, in, procedure); !set) return set.error();
    if (!in.atEnd()) return expected("PARAMETER or the end", in);
    at->second = std::move(procedure);
    return DdlEffect{};
}

struct OutOfScope {
    std::array<std::string_view, 2> words;
    std::string_view what;
};
constexpr std::array<OutOfScope, 16> kOutOfScope{{{{"CREATE", "STREAM"}, "streams are"},
                                                  {{"DROP", "STREAM"}, "streams are"},
                                                  {{"ALTER", "STREAM"}, "streams are"},
                                                  {{"EXPORT", "TABLE"}, "export is"},
                                                  {{"CREATE", "VIEW"}, "views are"},
                                                  {{"DROP", "VIEW"}, "views are"},
                                                  {{"CREATE", "ROLE"}, "roles are"},
                                                  {{"DROP", "ROLE"}, "roles are"},
                                                  {{"CREATE", "FUNCTION"}, "Java functions are"},
                                                  {{"CREATE", "AGGREGATE"}, "Java functions are"},
                                                  {{"CREATE", "TASK"}, "tasks are"},
                                                  {{"ALTER", "TASK"}, "tasks are"},
                                                  {{"DROP", "TASK"}, "tasks are"},
                                                  {{"CREATE", "TOPIC"}, "topics are"},
                                                  {{"IMPORT", "CLASS"}, "Java classes are"},
                                                  {{"CREATE", "TRIGGER"}, "triggers are"}}};

Result<DdlEffect> dispatch(VoltCatalog& catalog, SqlCursor& in) {
    for (const OutOfScope& each : kOutOfScope) {
        if (in.take({each.words[0], each.words[1]})) return unsupportedDdl(each.what);
    }
    if (in.take({"CREATE", "TABLE"})) return createTable(catalog, in);
    if (in.take({"ALTER", "TABLE"})) return alterTable(catalog, in);
    if (in.take({"DROP", "TABLE"})) return dropTable(catalog, in);
    if (in.take({"CREATE", "INDEX"})) return createIndexOn(catalog, in, false, false);
    if (in.take({"CREATE", "UNIQUE", "INDEX"})) return createIndexOn(catalog, in, true, false);
    if (in.take({"CREATE", "ASSUMEUNIQUE", "INDEX"})) return createIndexOn(catalog, in, false, true);
    if (in.take({"DROP", "INDEX"})) return dropIndexNamed(catalog, in);
    if (in.take({"PARTITION", "TABLE"})) return partitionTable(catalog, in);
    if (in.take({"PARTITION", "PROCEDURE"})) return partitionProcedure(catalog, in);
    if (in.take({"DR", "TABLE"})) return drTable(catalog, in);
    if (in.take({"CREATE", "PROCEDURE"})) return createProcedure(catalog, in);
    if (in.take({"DROP", "PROCEDURE"})) return dropProcedure(catalog, in);
    if (in.take({"SET", "DR"})) {
        return DdlEffect{
            {}, {}, "SET DR does nothing since version 7: the deployment file's role says what a cluster is"};
    }
    return wrongDdl(fmt::format("no statement of DDL begins with \"{} {}\"", in.now().text, in.ahead().text));
}

}  // namespace

bool isDdl(std::string_view sql) {
    const auto tokens = tokensOf(sql);
    if (!tokens || tokens.value().empty()) return false;
    constexpr std::array<std::string_view, 8> kFirst{"CREATE", "ALTER", "DROP",   "PARTITION",
                                                     "DR",     "SET",   "EXPORT", "IMPORT"};
    return std::find(kFirst.begin(), kFirst.end(), tokens.value()[0].text) != kFirst.end();
}

Result<DdlEffect> applyDdl(VoltCatalog& catalog, std::string_view sql) {
    const auto tokens = tokensOf(sql);
    if (!tokens) return tokens.error();
    SqlCursor in(sql, tokens.value());
    VoltCatalog changed = catalog;
    auto effect = dispatch(changed, in);
    if (effect) catalog = std::move(changed);
    return effect;
}

}  // namespace tributary::engine::voltdb
