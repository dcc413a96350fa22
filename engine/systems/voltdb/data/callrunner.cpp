// Calls, statement by statement.
#include "engine/systems/voltdb/data/callrunner.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/voltdb/data/rowchecks.h"
#include "engine/systems/voltdb/data/statements.h"
#include "engine/systems/voltdb/schema/ddl.h"
#include "engine/systems/voltdb/schema/sqlitetables.h"
#include "engine/systems/voltdb/schema/sqltokens.h"

namespace tributary::engine::voltdb {
namespace {

constexpr std::int64_t kCallUsMax = 10'000'000;     ///< nothing else of the host runs meanwhile
constexpr std::uint64_t kStepsMax = 1'000'000'000;  ///< where no clock goes
constexpr std::size_t kAnswerBytesMax = 50U << 20U;

VoltAnswer refused(std::string text) {
    return VoltAnswer::failed(CallStatus::GracefulFailure, std::move(text));
}

ColumnType declaredType(const std::string& declared) {
    const std::string word = upperCase(declared.substr(0, declared.find(' ')));
    for (int i = 0; i <= static_cast<int>(ColumnType::Varbinary); ++i) {
        const auto type = static_cast<ColumnType>(i);
        if (columnTypeName(type) == word) return type;
    }
    return ColumnType::Varchar;
}

/// What a column of expressions holds is seen in its rows.
ColumnType seenType(const SqlOutcome& outcome, std::size_t column) {
    ColumnType type = ColumnType::Bigint;
    for (const SqlRow& row : outcome.rows) {
        const SqlValue& value = row[column];
        if (std::holds_alternative<std::string>(value)) return ColumnType::Varchar;
        if (std::holds_alternative<SqlBlob>(value)) return ColumnType::Varbinary;
        if (std::holds_alternative<double>(value)) type = ColumnType::Float;
    }
    return type;
}

ResultTable tableOf(const SqlOutcome& outcome) {
    ResultTable out;
    out.columns.reserve(outcome.columns.size());
    for (std::size_t i = 0; i < outcome.columns.size(); ++i) {
        const SqlColumn& column = outcome.columns[i];
        out.columns.push_back(
            {column.name, column.declaredType.empty() ? seenType(outcome, i) : declaredType(column.declaredType)});
    }
    LogTable shape;
    shape.columns = out.columns;
    out.rows.reserve(outcome.rows.size());
    for (const SqlRow& row : outcome.rows) out.rows.push_back(fromSqlRow(row, shape));
    return out;
}

ResultTable countOf(std::int64_t changed) {
    return {{{"modified_tuples", ColumnType::Bigint}}, {{changed}}};
}

const std::string* textOf(const RowImage& parameters, std::size_t at) {
    return at < parameters.size() ? std::get_if<std::string>(&parameters[at]) : nullptr;
}

Result<std::vector<std::string>> statementsOf(const VoltCall& call, const VoltCatalog& catalog) {
    if (call.procedure == "@AdHoc") {
        const std::string* sql = textOf(call.parameters, 0);
        if (sql == nullptr) return Error{ErrorCode::InvalidInput, "@AdHoc takes the text of statements", {}, {}};
        return splitStatements(*sql);
    }
    const auto at = catalog.procedures.find(upperCase(call.procedure));
    if (at == catalog.procedures.end()) {
        return Error{ErrorCode::NotFound, fmt::format("Procedure {} was not found", call.procedure), {}, {}};
    }
    return at->second.statements;
}

bool isTableCall(const VoltCall& call) {
    return call.procedure.find('.') != std::string::npos;
}

bool isLoad(const VoltCall& call) {
    return call.procedure == "@LoadMultipartitionTable" || call.procedure == "@LoadSinglepartitionTable";
}

}  // namespace

std::optional<VoltAnswer> refusalOf(const Error& error, std::string_view sql, std::string_view table) {
    constexpr std::size_t kShown = 200;
    switch (error.code) {
        case ErrorCode::Conflict:
            if (error.where.empty()) return std::nullopt;
            return refused(
                fmt::format("VOLTDB ERROR: CONSTRAINT VIOLATION\n  Constraint Type {}, Table CatalogId {} ({})",
                            error.where == "NOT NULL" ? "NOT_NULL" : error.where, table, error.what));
        case ErrorCode::InvalidInput:
            return refused(
                fmt::format("VOLTDB ERROR: SQL ERROR\n  Error in \"{}\" - {}", sql.substr(0, kShown), error.what));
        case ErrorCode::NotFound: return refused(error.what);
        case ErrorCode::Timeout:
            return refused(
                fmt::format("VOLTDB ERROR: SQL ERROR\n  A SQL query was terminated: its call ran for more than {} s",
                            kCallUsMax / 1'000'000));
        case ErrorCode::Unsupported: return refused(fmt::format("VOLTDB ERROR: SQL ERROR\n  {}", error.what));
        default: return std::nullopt;
    }
}

Result<bool> isReading(const VoltCall& call, const VoltSchema& schema) {
    if (isLoad(call)) return false;
    // That there is no such procedure is told by whoever runs it.
    if (isTableCall(call)) return upperCase(call.procedure).ends_with(".SELECT");
    const auto statements = statementsOf(call, schema.catalog());
    if (!statements) return statements.error();
    return std::all_of(statements.value().begin(), statements.value().end(), [&](const std::string& sql) {
        const auto plan = plannedOf(sql, schema);
        return plan && plan.value()->what == PlannedStatement::What::Read;
    });
}

Result<std::vector<std::string>> ddlOf(const VoltCall& call) {
    if (call.procedure != "@AdHoc") return std::vector<std::string>();
    const std::string* sql = textOf(call.parameters, 0);
    if (sql == nullptr) return std::vector<std::string>();
    auto statements = splitStatements(*sql);
    if (!statements) return statements.error();
    const auto count = std::count_if(statements.value().begin(), statements.value().end(),
                                     [](const std::string& each) { return isDdl(each); });
    if (count == 0) return std::vector<std::string>();
    if (static_cast<std::size_t>(count) == statements.value().size()) return statements;
    return Error{ErrorCode::InvalidInput, "DDL mixed with DML and queries is unsupported.", {}, {}};
}

Result<VoltAnswer> CallRunner::run(const VoltCall& call) {
    const auto session = unit_.session();
    if (!session) return session.error();
    untilUs_ = session.value()->nowUs() + kCallUsMax;
    if (isLoad(call)) return load(call);
    if (isTableCall(call)) return runTableCall(call);
    const auto statements = statementsOf(call, schema_.catalog());
    if (!statements) return refused(statements.error().what);
    if (statements.value().empty()) return refused("VOLTDB ERROR: SQL ERROR\n  no statement");
    return runStatements(statements.value(), call.parameters, call.procedure == "@AdHoc" ? 1 : 0);
}

Result<VoltAnswer> CallRunner::runStatements(const std::vector<std::string>& statements, const RowImage& parameters,
                                             std::size_t from) {
    VoltAnswer answer;
    const auto session = unit_.session();
    if (!session) return session.error();
    std::size_t next = from;
    for (const std::string& sql : statements) {
        const auto planned = plannedOf(sql, schema_);
        if (!planned) return *refusalOf(planned.error(), sql, {});
        const PlannedStatement& plan = *planned.value();
        const auto shape = session.value()->shapeOf(plan.sql);
        const auto failed = [&](const Error& error) -> Result<VoltAnswer> {
            auto refusal = refusalOf(error, sql, plan.table);
            return refusal ? Result<VoltAnswer>(std::move(*refusal)) : Result<VoltAnswer>(error);
        };
        if (!shape) return failed(shape.error());
        // Whoever plans it wrong must not write past the log.
        if (plan.what == PlannedStatement::What::Read && !shape.value().isReadOnly) {
            return failed(Error{ErrorCode::InvalidInput, "it is no query", {}, {}});
        }
        const auto count = static_cast<std::size_t>(shape.value().parameters);
        if (parameters.size() - next < count) {
            return refused(fmt::format("PROCEDURE EXPECTS {} PARAMS, BUT RECEIVED {}", next - from + count,
                                       parameters.size() - from));
        }
        std::vector<SqlValue> values;
        values.reserve(count);
        for (std::size_t i = 0; i < count; ++i) values.push_back(toSql(parameters[next + i], ColumnType::Varchar));
        next += count;
        const std::size_t before = unit_.captured().size();
        const auto done = session.value()->run(plan.sql, values, {kStepsMax, kAnswerBytesMax, untilUs_});
        if (!done) return failed(done.error());
        if (plan.what == PlannedStatement::What::Read) {
            answer.tables.push_back(tableOf(done.value()));
            continue;
        }
        if (plan.what == PlannedStatement::What::Truncate) {
            const VoltTable* table = schema_.catalog().table(plan.table);
            truncated_.push_back({before, unit_.captured().size(), table->id});
        }
        if (Status checked = checkWork(unit_, schema_.catalog(), before); !checked) return failed(checked.error());
        answer.tables.push_back(countOf(done.value().changes));
    }
    if (next != parameters.size()) {
        return refused(
            fmt::format("PROCEDURE EXPECTS {} PARAMS, BUT RECEIVED {}", next - from, parameters.size() - from));
    }
    return answer;
}

Result<VoltAnswer> CallRunner::runTableCall(const VoltCall& call) {
    const auto plan = planTableCall(call.procedure, schema_.catalog());
    if (!plan) return refused(plan.error().what);
    const VoltTable& table = *schema_.catalog().table(plan.value().table);
    const std::string what = upperCase(call.procedure.substr(call.procedure.rfind('.') + 1));
    // Values of the row, then those of the key.
    std::vector<std::size_t> columns;
    if (what != "SELECT" && what != "DELETE") {
        for (std::size_t i = 0; i < table.columns.size(); ++i) columns.push_back(i);
    }
    if (what == "SELECT" || what == "DELETE" || what == "UPDATE") {
        columns.insert(columns.end(), table.primaryKey.begin(), table.primaryKey.end());
    }
    if (columns.size() != call.parameters.size()) {
        return refused(fmt::format("PROCEDURE {} EXPECTS {} PARAMS, BUT RECEIVED {}", call.procedure, columns.size(),
                                   call.parameters.size()));
    }
    std::vector<SqlValue> values;
    values.reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        values.push_back(toSql(call.parameters[i], table.columns[columns[i]].type));
    }
    const auto session = unit_.session();
    if (!session) return session.error();
    const std::size_t before = unit_.captured().size();
    const auto done = session.value()->run(plan.value().sql, values, {kStepsMax, kAnswerBytesMax, untilUs_});
    Status failed = done ? okStatus() : Status(done.error());
    if (failed.ok()) failed = checkWork(unit_, schema_.catalog(), before);
    if (!failed.ok()) {
        auto refusal = refusalOf(failed.error(), call.procedure, table.name);
        return refusal ? Result<VoltAnswer>(std::move(*refusal)) : Result<VoltAnswer>(failed.error());
    }
    VoltAnswer answer;
    answer.tables.push_back(plan.value().what == PlannedStatement::What::Read ? tableOf(done.value())
                                                                              : countOf(done.value().changes));
    return answer;
}

Result<VoltAnswer> CallRunner::load(const VoltCall& call) {
    const std::string* name = textOf(call.parameters, 0);
    const std::string* encoded = textOf(call.parameters, 2);
    const VoltTable* table = name == nullptr ? nullptr : schema_.catalog().table(upperCase(*name));
    if (table == nullptr || encoded == nullptr || call.parameters.size() != 3) {
        return refused(fmt::format("{} takes a table's name, 0 or 1 for upsert, and the rows", call.procedure));
    }
    const auto* upsert = std::get_if<std::int64_t>(&call.parameters[1]);
    ByteReader in(*encoded);
    const auto rows = readTable(in);
    if (!rows || rows.value().columns.size() != table->columns.size()) {
        return refused(fmt::format("the rows are none of table {}", table->name));
    }
    const bool isUpsert = upsert != nullptr && *upsert != 0;
    if (isUpsert && table->primaryKey.empty()) return refused("Unsupported UPSERT table without primary key: " + *name);
    const PlannedStatement plan = planInsert(*table, isUpsert);
    const auto session = unit_.session();
    if (!session) return session.error();
    const std::size_t before = unit_.captured().size();
    Status done;
    std::vector<SqlValue> values(table->columns.size());
    for (const RowImage& row : rows.value().rows) {
        for (std::size_t i = 0; i < row.size(); ++i) values[i] = toSql(row[i], table->columns[i].type);
        const auto ran = session.value()->run(plan.sql, values, {0, 0, untilUs_});
        if (!ran) {
            done = ran.error();
            break;
        }
    }
    if (done.ok()) done = checkWork(unit_, schema_.catalog(), before);
    if (!done.ok()) {
        auto refusal = refusalOf(done.error(), call.procedure, table->name);
        return refusal ? Result<VoltAnswer>(std::move(*refusal)) : Result<VoltAnswer>(done.error());
    }
    VoltAnswer answer;
    answer.tables.push_back(countOf(static_cast<std::int64_t>(rows.value().rows.size())));
    return answer;
}

}  // namespace tributary::engine::voltdb
