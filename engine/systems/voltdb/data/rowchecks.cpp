// Limits of types, row by row.
#include "engine/systems/voltdb/data/rowchecks.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "engine/systems/voltdb/data/resulttable.h"
#include "engine/systems/voltdb/schema/ddlparts.h"

namespace tributary::engine::voltdb {
namespace {

constexpr double kDecimalMax = 1e26;

Error wrongValue(std::string what) {
    return {ErrorCode::InvalidInput, std::move(what), {}, {}};
}

std::string shown(const SqlValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
    if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("'{}'", *text);
    return "a VARBINARY";
}

std::string_view typeOf(const SqlValue& value) {
    if (std::holds_alternative<std::int64_t>(value)) return "BIGINT";
    if (std::holds_alternative<double>(value)) return "FLOAT";
    return std::holds_alternative<std::string>(value) ? "VARCHAR" : "VARBINARY";
}

Error cannotBe(const VoltColumn& column, const SqlValue& value) {
    return wrongValue(fmt::format("Type {} with value {} can't be cast as {} in column {}", typeOf(value), shown(value),
                                  columnTypeName(column.type), column.name));
}

Error outOfRange(const VoltColumn& column, const SqlValue& value) {
    return wrongValue(fmt::format(
        "Type {} with value {} can't be cast as {} because the value is out of range for the destination type",
        typeOf(value), shown(value), columnTypeName(column.type)));
}

/// The lowest number of each type stands for NULL.
std::int64_t numberMax(ColumnType type) {
    switch (type) {
        case ColumnType::Tinyint: return std::numeric_limits<std::int8_t>::max();
        case ColumnType::Smallint: return std::numeric_limits<std::int16_t>::max();
        case ColumnType::Integer: return std::numeric_limits<std::int32_t>::max();
        default: return std::numeric_limits<std::int64_t>::max();
    }
}

std::size_t charactersOf(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
    return count;
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<Bytes> ofHex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexDigit(text[i]);
        const int low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<char>(high * 16 + low));
    }
    return out;
}

Status checkBytes(const VoltColumn& column, SqlValue& value, bool& isChanged) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        auto bytes = ofHex(*text);
        if (!bytes) return cannotBe(column, value);
        value = SqlBlob{std::move(*bytes)};
        isChanged = true;
    }
    const auto* blob = std::get_if<SqlBlob>(&value);
    if (blob == nullptr) return cannotBe(column, value);
    if (blob->bytes.size() <= column.size) return okStatus();
    return wrongValue(fmt::format("The size {} of the value exceeds the size of the VARBINARY({}) column.",
                                  blob->bytes.size(), column.size));
}

Status checkText(const VoltColumn& column, const SqlValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return cannotBe(column, value);
    const std::size_t size = column.sizeInBytes ? text->size() : charactersOf(*text);
    if (size <= column.size) return okStatus();
    constexpr std::size_t kShown = 64;
    return wrongValue(fmt::format("The size {} of the value '{}' exceeds the size of the VARCHAR({}{}) column.", size,
                                  text->substr(0, kShown), column.size, column.sizeInBytes ? " BYTES" : ""));
}

Status checkDecimal(const VoltColumn& column, SqlValue& value) {
    if (std::holds_alternative<std::int64_t>(value)) return okStatus();
    const auto* real = std::get_if<double>(&value);
    if (real == nullptr) return cannotBe(column, value);
    return std::isfinite(*real) && std::abs(*real) < kDecimalMax ? okStatus() : Status(outOfRange(column, value));
}

Status checkNumber(const VoltColumn& column, SqlValue& value, bool& isChanged) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && column.type == ColumnType::Timestamp) {
        const auto micros = timestampOf(*text);
        if (!micros) return micros.error();
        value = micros.value();
        isChanged = true;
    }
    if (const auto* real = std::get_if<double>(&value)) {
        // As a cast in VoltDB does, what is behind the point goes.
        if (!(std::abs(*real) < 9.2e18)) return outOfRange(column, value);
        value = static_cast<std::int64_t>(*real);
        isChanged = true;
    }
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr) return cannotBe(column, value);
    const std::int64_t most = numberMax(column.type);
    return *number <= most && *number >= -most ? okStatus() : Status(outOfRange(column, value));
}

/// A row that is not as its columns want it, and how it is to be.
struct Wrong {
    const SqlTable* table;
    std::int64_t rowid;
    SqlRow before;
    SqlRow after;
};

Status replaceRow(SqlSession& session, const Wrong& row) {
    const SqlTable& known = *row.table;
    std::string sets;
    std::string where;
    std::vector<SqlValue> parameters = row.after;
    for (const std::string& column : known.columns) {
        sets += fmt::format("{}{}=?", sets.empty() ? "" : ",", quotedName(column));
    }
    for (const std::size_t column : known.key) {
        where += fmt::format("{}{}=?", where.empty() ? "" : " AND ", quotedName(known.columns[column]));
        parameters.push_back(row.before[column]);
    }
    if (known.key.empty()) {
        where = "rowid=?";
        parameters.emplace_back(row.rowid);
    }
    const auto done =
        session.run(fmt::format("UPDATE main.{} SET {} WHERE {}", quotedName(known.name), sets, where), parameters);
    return done ? okStatus() : Status(done.error());
}

Status checkPartition(const VoltTable& table, const SqlTable& known, BytesView before, const SqlRow& after) {
    if (!table.partitionColumn) return okStatus();
    const auto old = readSqlRow(before, known.columns.size());
    if (!old) return old.error();
    const std::size_t column = *table.partitionColumn;
    if (old.value()[column] == after[column]) return okStatus();
    return wrongValue(fmt::format("The partitioning column {}.{} cannot be updated: delete the row and insert it",
                                  table.name, table.columns[column].name));
}

}  // namespace

Status checkRow(const VoltTable& table, SqlRow& row, bool& isChanged) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const VoltColumn& column = table.columns[i];
        SqlValue& value = row[i];
        if (std::holds_alternative<std::monostate>(value)) continue;
        Status checked;
        switch (column.type) {
            case ColumnType::Varbinary: checked = checkBytes(column, value, isChanged); break;
            case ColumnType::Varchar: checked = checkText(column, value); break;
            case ColumnType::Decimal: checked = checkDecimal(column, value); break;
            case ColumnType::Float:
                if (std::holds_alternative<std::string>(value) || std::holds_alternative<SqlBlob>(value)) {
                    checked = cannotBe(column, value);
                }
                break;
            default: checked = checkNumber(column, value, isChanged); break;
        }
        if (!checked) return checked;
    }
    return okStatus();
}

Status checkWork(SqlStateUnit& unit, const VoltCatalog& catalog, std::size_t from) {
    std::vector<Wrong> wrong;
    const auto session = unit.session();
    if (!session) return session.error();
    const BytesView captured = unit.captured().substr(from);
    Bytes right;  // the images as they should be, from the first wrong one on
    ByteReader in(captured);
    SqlChangeView change;
    const char* at = in.position();
    for (; nextSqlChange(in, change); at = in.position()) {
        bool isChanged = false;
        Bytes values;
        if (change.what == SqlChange::Insert || change.what == SqlChange::Update) {
            const SqlTable* known = session.value()->table(change.table);
            const VoltTable* table = known == nullptr ? nullptr : catalog.table(known->name);
            if (table == nullptr) return Error{ErrorCode::Internal, "a row of no table", {}, {}};
            auto row = readSqlRow(change.after, known->columns.size());
            if (!row) return row.error();
            if (Status checked = checkRow(*table, row.value(), isChanged); !checked) return checked;
            if (change.what == SqlChange::Update) {
                if (Status same = checkPartition(*table, *known, change.before, row.value()); !same) return same;
            }
            if (isChanged) {
                auto asMade = readSqlRow(change.after, known->columns.size());
                if (!asMade) return asMade.error();
                for (const SqlValue& value : row.value()) appendSqlValue(values, value);
                wrong.push_back({known, change.rowidAfter, std::move(asMade).value(), std::move(row).value()});
            }
        }
        const auto place = static_cast<std::size_t>(at - captured.data());
        if (isChanged && wrong.size() == 1) right.assign(captured.substr(0, place));
        if (isChanged) change.after = values;
        if (isChanged) appendSqlChange(right, change);
        if (!isChanged && !wrong.empty()) right.append(at, in.position());
    }
    if (wrong.empty()) return okStatus();
    return unit.amend(from, right, [&wrong](SqlSession& rows) -> Status {
        for (const Wrong& each : wrong) {
            if (Status set = replaceRow(rows, each); !set) return set;
        }
        return okStatus();
    });
}

}  // namespace tributary::engine::voltdb
