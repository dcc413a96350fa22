// VoltDB's statements as SQLite's.
#include "engine/systems/voltdb/data/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/systems/voltdb/schema/ddlparts.h"
#include "engine/systems/voltdb/schema/sqlitetables.h"
#include "engine/systems/voltdb/schema/sqltokens.h"

namespace tributary::engine::voltdb {
namespace {

using What = PlannedStatement::What;

constexpr std::size_t kPlansMax = 256;
constexpr std::size_t kKeptBytesMax = 4'096;  ///< of a statement whose plan is kept
constexpr std::size_t kFloatDigits = 15;      ///< what a float keeps of any decimal

Error wrongStatement(std::string what) {
    return {ErrorCode::InvalidInput, std::move(what), {}, {}};
}

Error unexpected(const SqlToken& token) {
    return wrongStatement(fmt::format("unexpected token: {}", token.text));
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + quotedName(name);
    return out;
}

std::vector<std::string> allColumns(const VoltTable& table) {
    std::vector<std::string> names;
    names.reserve(table.columns.size());
    for (const VoltColumn& column : table.columns) names.push_back(column.name);
    return names;
}

std::string keyWhere(const VoltTable& table) {
    std::string where;
    for (const std::size_t column : table.primaryKey) {
        where += (where.empty() ? "" : " AND ") + quotedName(table.columns[column].name) + " = ?";
    }
    return where;
}

std::string inText(std::string_view name) {
    std::string out;
    for (const char c : name) out += c == '\'' ? "\'\'" : std::string(1, c);
    return out;
}

/// A value of a key as its column keeps it, before it is looked for: what is converted later would be another row.
std::string keptKey(const VoltColumn& column, const std::string& value) {
    const bool isBytes = column.type == ColumnType::Varbinary;
    const bool isTime = column.type == ColumnType::Timestamp;
    const bool isNumber = isTime || column.type <= ColumnType::Bigint;
    if (!isBytes && !isNumber) return value;
    return fmt::format("CASE WHEN typeof({0}) IN ({1}) THEN {2}({3}, '{4}', {0}) ELSE {0} END", value,
                       isBytes  ? "'text'"
                       : isTime ? "'text','real'"
                                : "'real'",
                       kKeepFunction, static_cast<int>(column.type), inText(column.name));
}

bool isKey(const VoltTable& table, std::size_t column) {
    return std::find(table.primaryKey.begin(), table.primaryKey.end(), column) != table.primaryKey.end();
}

/// What an UPSERT brings, with its keys as they are kept. Before ON CONFLICT a query needs a WHERE of its own.
std::string upserted(const VoltTable& table, const std::vector<std::string>& columns, const std::string& source) {
    std::string values;
    for (const std::string& name : columns) {
        const auto at = table.columnNamed(name);
        const std::string value = quotedName(name);
        values += (values.empty() ? "" : ", ") + (at && isKey(table, *at) ? keptKey(table.columns[*at], value) : value);
    }
    return fmt::format("WITH \"the rows\"({}) AS (SELECT * FROM ({})) SELECT {} FROM \"the rows\" WHERE true",
                       joined(columns), source, values);
}

/// Behind the values: what becomes of a row whose key is there.
std::string conflictClause(const VoltTable& table, const std::vector<std::string>& columns) {
    std::string key;
    for (const std::size_t column : table.primaryKey) {
        key += (key.empty() ? "" : ", ") + quotedName(table.columns[column].name);
    }
    std::string sets;
    for (const std::string& name : columns) {
        const auto at = table.columnNamed(name);
        if (at && isKey(table, *at)) continue;
        sets += fmt::format("{}{}=excluded.{}", sets.empty() ? "" : ", ", quotedName(name), quotedName(name));
    }
    if (table.isDr) {
        sets += fmt::format("{}{}=dr_stamp()", sets.empty() ? "" : ", ", quotedName(kHiddenColumn));
    }
    return sets.empty() ? fmt::format(" ON CONFLICT ({}) DO NOTHING", key)
                        : fmt::format(" ON CONFLICT ({}) DO UPDATE SET {}", key, sets);
}

/// Words that SQLite reads otherwise. A comment behind the last word goes: what is added would be part of it.
std::string translated(std::string_view sql, const std::vector<SqlToken>& tokens, std::size_t from,
                       std::size_t to = SIZE_MAX) {
    std::string out;
    to = std::min(to, tokens.size());
    if (from >= to) return out;
    std::size_t at = tokens[from].from;
    for (std::size_t i = from; i < to; ++i) {
        const SqlToken& token = tokens[i];
        const bool isCall = i + 1 < tokens.size() && tokens[i + 1].is("(");
        const bool isNow = token.kind == SqlToken::Kind::Word && sql[token.from] != '"' && !isCall &&
                           (token.text == "NOW" || token.text == "CURRENT_TIMESTAMP");
        if (!isNow) continue;
        out += sql.substr(at, token.from - at);
        out += "now()";
        at = token.to;
    }
    out += sql.substr(at, tokens[to - 1].to - at);
    return out;
}

/// A word in a statement, outside brackets; SIZE_MAX when there is none. A name in quotes is no word.
std::size_t wordOutside(std::string_view sql, const std::vector<SqlToken>& tokens, std::size_t from,
                        std::initializer_list<std::string_view> words) {
    int depth = 0;
    for (std::size_t i = from; i < tokens.size(); ++i) {
        const SqlToken& token = tokens[i];
        depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
        if (depth > 0 || token.kind != SqlToken::Kind::Word || sql[token.from] == '"') continue;
        if (std::find(words.begin(), words.end(), token.text) != words.end()) return i;
    }
    return SIZE_MAX;
}

Result<const VoltTable*> target(SqlCursor& in, const VoltCatalog& catalog) {
    const std::string name = in.name();
    const VoltTable* table = catalog.table(name);
    if (table == nullptr) return wrongStatement(fmt::format("object not found: {}", name));
    return table;
}

Result<PlannedStatement> planInto(std::string_view sql, const std::vector<SqlToken>& tokens, SqlCursor& in,
                                  const VoltCatalog& catalog, bool isUpsert) {
    if (!in.take("INTO")) return wrongStatement("expected INTO");
    const auto table = target(in, catalog);
    if (!table) return table.error();
    std::vector<std::string> columns;
    if (in.now().is("(") && !in.ahead().is("SELECT") && !in.ahead().is("WITH")) {
        auto parts = parseParts(in);
        if (!parts) return parts.error();
        columns = std::move(parts).value();
        for (const std::string& name : columns) {
            if (!table.value()->columnNamed(name)) return wrongStatement(fmt::format("object not found: {}", name));
        }
    } else {
        columns = allColumns(*table.value());
    }
    // What becomes of a row that is there is UPSERT's to say, with the stamp of this transaction.
    for (std::size_t i = in.index(); i + 2 < tokens.size(); ++i) {
        if (!tokens[i].is("ON") || !tokens[i + 1].is("CONFLICT")) continue;
        if (tokens[i + 2].is("(") || tokens[i + 2].is("DO")) return unexpected(tokens[i + 1]);
    }
    PlannedStatement out{isUpsert ? What::Upsert : What::Insert, {}, table.value()->name};
    std::string source = translated(sql, tokens, in.index());
    if (isUpsert && table.value()->primaryKey.empty()) {
        return wrongStatement(fmt::format("Unsupported UPSERT table without primary key: {}", out.table));
    }
    if (isUpsert) source = upserted(*table.value(), columns, source);
    out.sql = fmt::format("INSERT INTO main.{} ({}) {}{}", quotedName(out.table), joined(columns), source,
                          isUpsert ? conflictClause(*table.value(), columns) : "");
    return out;
}

Result<PlannedStatement> planUpdate(std::string_view sql, const std::vector<SqlToken>& tokens, SqlCursor& in,
                                    const VoltCatalog& catalog) {
    const auto table = target(in, catalog);
    if (!table) return table.error();
    std::string alias;
    if (in.take("AS")) alias = in.name();
    if (!in.take("SET")) return expected("SET", in);
    const std::size_t from = wordOutside(sql, tokens, in.index(), {"FROM"});
    if (from != SIZE_MAX && !tokens[from - 1].is("DISTINCT")) return unexpected(tokens[from]);
    // The stamp comes last: of two values for one column SQLite takes the last one.
    const std::size_t to = std::min(wordOutside(sql, tokens, in.index(), {"WHERE", "ORDER", "LIMIT"}), tokens.size());
    const std::string stamp =
        table.value()->isDr ? fmt::format(", {}=dr_stamp()", quotedName(kHiddenColumn)) : std::string();
    return PlannedStatement{What::Update,
                            fmt::format("UPDATE main.{}{} SET {}{} {}", quotedName(table.value()->name),
                                        alias.empty() ? "" : " AS " + quotedName(alias),
                                        translated(sql, tokens, in.index(), to), stamp, translated(sql, tokens, to)),
                            table.value()->name};
}

/// Digits that count: without zeros in front, the point and an exponent.
std::size_t digitsOf(std::string_view number) {
    std::size_t digits = 0;
    for (const char c : number) {
        if (c == 'e' || c == 'E') break;
        if (c >= '0' && c <= '9' && (c != '0' || digits > 0)) ++digits;
    }
    return digits;
}

/// SQLite would round what has more digits than a float keeps, and say nothing.
Status checkDecimals(const std::vector<SqlToken>& tokens, const VoltTable& table) {
    const bool hasDecimals = std::any_of(table.columns.begin(), table.columns.end(),
                                         [](const VoltColumn& column) { return column.type == ColumnType::Decimal; });
    if (!hasDecimals) return okStatus();
    for (const SqlToken& token : tokens) {
        if (token.kind != SqlToken::Kind::Number || digitsOf(token.text) <= kFloatDigits) continue;
        std::int64_t whole = 0;
        const char* const end = token.text.data() + token.text.size();
        const auto read = std::from_chars(token.text.data(), end, whole);
        if (read.ec == std::errc() && read.ptr == end) continue;  // kept as an integer
        return Error{
            ErrorCode::Unsupported,
            fmt::format("the decimal {} has more than {} digits, which are not kept here", token.text, kFloatDigits),
            {},
            fmt::format("round it to {} digits", kFloatDigits)};
    }
    return okStatus();
}

Result<PlannedStatement> planWords(std::string_view sql, const VoltCatalog& catalog,
                                   const std::vector<SqlToken>& words) {
    SqlCursor in(sql, words);
    if (in.now().is("WITH")) {
        const std::size_t change = wordOutside(sql, words, 1, {"INSERT", "UPSERT", "UPDATE", "DELETE", "REPLACE"});
        const bool isCall = change != SIZE_MAX && change + 1 < words.size() && words[change + 1].is("(");
        if (change != SIZE_MAX && !isCall) {
            return wrongStatement(fmt::format("unexpected token: {}: WITH stands before a query", words[change].text));
        }
    }
    if (in.now().is("SELECT") || in.now().is("WITH") || in.now().is("VALUES") || in.now().is("(")) {
        return PlannedStatement{What::Read, translated(sql, words, 0), {}};
    }
    if (in.take("INSERT")) return planInto(sql, words, in, catalog, false);
    if (in.take("UPSERT")) return planInto(sql, words, in, catalog, true);
    if (in.take("UPDATE")) return planUpdate(sql, words, in, catalog);
    const bool isTruncate = in.take({"TRUNCATE", "TABLE"});
    if (!isTruncate && !in.take({"DELETE", "FROM"})) {
        return unexpected(in.now());
    }
    const auto table = target(in, catalog);
    if (!table) return table.error();
    if (isTruncate && !in.atEnd()) return expected("the end", in);
    return PlannedStatement{
        isTruncate ? What::Truncate : What::Delete,
        fmt::format("DELETE FROM main.{} {}", quotedName(table.value()->name), translated(sql, words, in.index())),
        table.value()->name};
}

}  // namespace

Result<PlannedStatement> planStatement(std::string_view sql, const VoltCatalog& catalog) {
    const auto tokens = tokensOf(sql);
    if (!tokens) return tokens.error();
    // SQLite takes them for quotes, and what stands between them is read otherwise there.
    for (const SqlToken& token : tokens.value()) {
        if (token.is("[") || token.is("`")) return unexpected(token);
    }
    auto planned = planWords(sql, catalog, tokens.value());
    const VoltTable* table = planned ? catalog.table(planned.value().table) : nullptr;
    if (table != nullptr && planned.value().what != What::Read) {
        const auto isHidden = [](const SqlToken& token) { return token.is(kHiddenColumn); };
        if (std::any_of(tokens.value().begin(), tokens.value().end(), isHidden)) {
            return wrongStatement(fmt::format("object not found: {}", kHiddenColumn));
        }
        const std::size_t returning = wordOutside(sql, tokens.value(), 0, {"RETURNING"});
        if (returning != SIZE_MAX) return unexpected(tokens.value()[returning]);
        if (Status kept = checkDecimals(tokens.value(), *table); !kept) return kept.error();
    }
    return planned;
}

Result<std::shared_ptr<const PlannedStatement>> plannedOf(const std::string& sql, const VoltSchema& schema) {
    auto& kept = schema.derived().plans;
    const auto known = kept.find(sql);
    if (known != kept.end()) return known->second;
    auto made = planStatement(sql, schema.catalog());
    if (!made) return made.error();
    const auto plan = std::make_shared<const PlannedStatement>(std::move(made).value());
    if (sql.size() > kKeptBytesMax) return plan;
    if (kept.size() >= kPlansMax) kept.clear();
    kept.emplace(sql, plan);
    return plan;
}

PlannedStatement planInsert(const VoltTable& table, bool isUpsert) {
    std::string marks;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const std::string mark = fmt::format("?{}", i + 1);
        marks += (i == 0 ? "" : ",") + (isUpsert && isKey(table, i) ? keptKey(table.columns[i], mark) : mark);
    }
    const auto columns = allColumns(table);
    return {isUpsert ? What::Upsert : What::Insert,
            fmt::format("INSERT INTO main.{} ({}) VALUES ({}){}", quotedName(table.name), joined(columns), marks,
                        isUpsert ? conflictClause(table, columns) : ""),
            table.name};
}

Result<PlannedStatement> planTableCall(std::string_view procedure, const VoltCatalog& catalog) {
    const auto point = procedure.rfind('.');
    const Error unknown{ErrorCode::NotFound, fmt::format("Procedure {} was not found", procedure), {}, {}};
    if (point == std::string_view::npos) return unknown;
    const VoltTable* table = catalog.table(upperCase(procedure.substr(0, point)));
    const std::string what = upperCase(procedure.substr(point + 1));
    if (table == nullptr) return unknown;
    if (what == "INSERT") return planInsert(*table, false);
    if (table->primaryKey.empty()) return unknown;
    if (what == "UPSERT") return planInsert(*table, true);
    if (what == "DELETE") {
        return PlannedStatement{What::Delete,
                                fmt::format("DELETE FROM main.{} WHERE {}", quotedName(table->name), keyWhere(*table)),
                                table->name};
    }
    if (what == "SELECT") {
        return PlannedStatement{What::Read,
                                fmt::format("SELECT {} FROM main.{} WHERE {}", joined(allColumns(*table)),
                                            quotedName(table->name), keyWhere(*table)),
                                table->name};
    }
    if (what != "UPDATE") return unknown;
    std::string sets;
    for (const VoltColumn& column : table->columns) {
        sets += fmt::format("{}{} = ?", sets.empty() ? "" : ", ", quotedName(column.name));
    }
    if (table->isDr) sets += fmt::format(", {}=dr_stamp()", quotedName(kHiddenColumn));
    return PlannedStatement{
        What::Update, fmt::format("UPDATE main.{} SET {} WHERE {}", quotedName(table->name), sets, keyWhere(*table)),
        table->name};
}

}  // namespace tributary::engine::voltdb
