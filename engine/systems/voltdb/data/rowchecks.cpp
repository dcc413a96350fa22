// Limits of types, row by row.
#include "engine/systems/voltdb/data/rowchecks.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "engine/systems/voltdb/data/resulttable.h"

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

/// Values as their columns want them; those of an image of a row that is so already.
Result<SqlRow> rightRow(const VoltTable& table, const SqlTable& known, BytesView values, Bytes& right,
                        bool& isChanged) {
    auto row = readSqlRow(values, known.columns.size());
    if (!row) return row.error();
    bool isWrong = false;
    if (Status checked = checkRow(table, row.value(), isWrong); !checked) return checked.error();
    if (!isWrong) return row;
    isChanged = true;
    for (const SqlValue& value : row.value()) appendSqlValue(right, value);
    return row;
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

/// The images of a statement with values as their columns want them.
class RightImages {
public:
    RightImages(const SqlSession& session, const VoltCatalog& catalog, BytesView captured)
        : session_(session), catalog_(catalog), captured_(captured) {}

    Status make() {
        ByteReader in(captured_);
        SqlChangeView change;
        for (const char* at = in.position(); nextSqlChange(in, change); at = in.position()) {
            bool isChanged = false;
            Bytes before;
            Bytes after;
            if (Status right = setRight(change, before, after, isChanged); !right) return right;
            if (isChanged && !isAmended_) {
                images_.assign(captured_.data(), at);
                isAmended_ = true;
            }
            if (isChanged) appendSqlChange(images_, change);
            if (isAmended_ && !isChanged) images_.append(at, in.position());
        }
        return okStatus();
    }
    [[nodiscard]] bool isAmended() const { return isAmended_; }
    [[nodiscard]] const Bytes& images() const { return images_; }

private:
    Status setRight(SqlChangeView& change, Bytes& before, Bytes& after, bool& isChanged) const {
        const bool hasAfter = change.what == SqlChange::Insert || change.what == SqlChange::Update;
        // Rows that were there are right: what is wrong before a change was made by the same statement.
        const bool hasBefore = isAmended_ && (change.what == SqlChange::Update || change.what == SqlChange::Delete);
        if (!hasAfter && !hasBefore) return okStatus();
        const SqlTable* known = session_.table(change.table);
        const VoltTable* table = known == nullptr ? nullptr : catalog_.table(known->name);
        if (table == nullptr) return Error{ErrorCode::Internal, "a row of no table", {}, {}};
        if (hasBefore) {
            const auto row = rightRow(*table, *known, change.before, before, isChanged);
            if (!row) return row.error();
            if (!before.empty()) change.before = before;
        }
        if (!hasAfter) return okStatus();
        const auto row = rightRow(*table, *known, change.after, after, isChanged);
        if (!row) return row.error();
        if (!after.empty()) change.after = after;
        return change.what == SqlChange::Update ? checkPartition(*table, *known, change.before, row.value())
                                                : okStatus();
    }

    const SqlSession& session_;
    const VoltCatalog& catalog_;
    BytesView captured_;
    Bytes images_;
    bool isAmended_ = false;
};

}  // namespace

Status checkValue(const VoltColumn& column, SqlValue& value, bool& isChanged) {
    if (std::holds_alternative<std::monostate>(value)) return okStatus();
    switch (column.type) {
        case ColumnType::Varbinary: return checkBytes(column, value, isChanged);
        case ColumnType::Varchar: return checkText(column, value);
        case ColumnType::Decimal: return checkDecimal(column, value);
        case ColumnType::Float:
            if (!std::holds_alternative<std::string>(value) && !std::holds_alternative<SqlBlob>(value)) break;
            return cannotBe(column, value);
        default: return checkNumber(column, value, isChanged);
    }
    return okStatus();
}

Status checkRow(const VoltTable& table, SqlRow& row, bool& isChanged) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (Status checked = checkValue(table.columns[i], row[i], isChanged); !checked) return checked;
    }
    return okStatus();
}

Status checkWork(SqlStateUnit& unit, const VoltCatalog& catalog, std::size_t from) {
    const auto session = unit.session();
    if (!session) return session.error();
    const BytesView captured = unit.captured().substr(from);
    RightImages right(*session.value(), catalog, captured);
    if (Status made = right.make(); !made) return made;
    if (!right.isAmended()) return okStatus();
    // The rows are made of the images that are logged: what those cannot make is refused here, not at the next start.
    return unit.amend(from, right.images(), [&](SqlSession& rows) -> Status {
        if (Status back = rows.undo(captured); !back) return back;
        Status made = rows.redo(right.images());
        if (made.ok() || made.error().code != ErrorCode::Corrupt) return made;
        return Error{
            ErrorCode::Conflict, "values that differ are the same key as their columns keep them", "UNIQUE", {}};
    });
}

}  // namespace tributary::engine::voltdb
