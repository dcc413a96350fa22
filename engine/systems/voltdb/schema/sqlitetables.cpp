// Tables, views and values between VoltDB and SQLite.
#include "engine/systems/voltdb/schema/sqlitetables.h"

#include <fmt/format.h>

#include "engine/systems/voltdb/data/resulttable.h"
#include "engine/systems/voltdb/data/rowchecks.h"
#include "engine/systems/voltdb/schema/ddlparts.h"

namespace tributary::engine::voltdb {
namespace {

/// 15 digits come back of a float as they were given.
DecimalBytes decimalOfNumber(double number) {
    std::string text = fmt::format("{:.15g}", number);
    if (text.find('e') != std::string::npos) text = fmt::format("{:.12f}", number);
    const auto parsed = decimalOf(text);
    return parsed.valueOr(DecimalBytes{});
}

Result<SqlValue> kept(const SqlRow& row) {
    const auto* type = std::get_if<std::int64_t>(&row[0]);
    const auto* name = std::get_if<std::string>(&row[1]);
    if (type == nullptr || name == nullptr) return Error{ErrorCode::InvalidInput, "a type and a name", {}, {}};
    // How long it may be is looked at in the row.
    VoltColumn column{*name, static_cast<ColumnType>(*type), UINT32_MAX, false, true, {}};
    SqlValue value = row[2];
    bool isChanged = false;
    if (Status right = checkValue(column, value, isChanged); !right) return right.error();
    return value;
}

}  // namespace

std::vector<SqlTable> sqlTables(const VoltCatalog& catalog) {
    std::vector<SqlTable> out;
    out.reserve(catalog.tables.size());
    for (const auto& [name, table] : catalog.tables) {
        SqlTable made{table.id, name, {}, table.primaryKey};
        made.columns.reserve(table.columns.size() + 1);
        for (const VoltColumn& column : table.columns) made.columns.push_back(column.name);
        if (table.isDr) made.columns.emplace_back(kHiddenColumn);
        out.push_back(std::move(made));
    }
    return out;
}

void addViews(SqlRules& rules, const VoltSchema& schema) {
    std::vector<std::vector<std::pair<std::string, std::string>>> all;
    all.reserve(schema.steps().size() + 1);
    for (std::size_t count = 0; count <= schema.steps().size(); ++count) {
        auto& views = all.emplace_back();
        for (const auto& [name, table] : schema.catalogAfter(count).tables) {
            if (!table.isDr) continue;
            std::string columns;
            for (const VoltColumn& column : table.columns) {
                columns += (columns.empty() ? "" : ", ") + quotedName(column.name);
            }
            views.emplace_back(name, fmt::format("SELECT {} FROM main.{}", columns, quotedName(name)));
        }
    }
    rules.prepare = [partitions = schema.partitions()](SqlSession& session) -> Status {
        if (Status set = session.setVariable("dr_stamp", std::int64_t{0}); !set) return set;
        if (Status set = session.setVariable("now", std::int64_t{0}); !set) return set;
        if (Status set = session.addFunction(kKeepFunction, 3, &kept); !set) return set;
        return session.addFunction("volt_partition", 1, [partitions](const SqlRow& row) -> Result<SqlValue> {
            return SqlValue(std::int64_t{partitionOfValue(fromSql(row[0], ColumnType::Bigint), partitions)});
        });
    };
    rules.views = [all = std::move(all)](std::size_t steps) { return all[steps]; };
}

SqlValue toSql(const ColumnValue& value, ColumnType type) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* decimal = std::get_if<DecimalBytes>(&value)) return decimalNumber(*decimal);
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (type == ColumnType::Varbinary) return SqlBlob{*text};
        return *text;
    }
    return {};
}

ColumnValue fromSql(const SqlValue& value, ColumnType type) {
    const auto* number = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    if (number == nullptr && real == nullptr) {
        if (const auto* text = std::get_if<std::string>(&value)) return *text;
        if (const auto* blob = std::get_if<SqlBlob>(&value)) return blob->bytes;
        return {};
    }
    switch (type) {
        case ColumnType::Float: return real != nullptr ? *real : static_cast<double>(*number);
        case ColumnType::Decimal:
            if (number != nullptr) return decimalOf(std::to_string(*number)).valueOr(DecimalBytes{});
            return decimalOfNumber(*real);
        case ColumnType::Varchar:
        case ColumnType::Varbinary: return number != nullptr ? std::to_string(*number) : fmt::format("{}", *real);
        default: return number != nullptr ? *number : static_cast<std::int64_t>(*real);
    }
}

SqlRow toSqlRow(const RowImage& row, const LogTable& table) {
    SqlRow out;
    out.reserve(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) out.push_back(toSql(row[i], table.columns[i].type));
    return out;
}

RowImage fromSqlRow(const SqlRow& row, const LogTable& table) {
    RowImage out;
    out.reserve(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) out.push_back(fromSql(row[i], table.columns[i].type));
    return out;
}

}  // namespace tributary::engine::voltdb
