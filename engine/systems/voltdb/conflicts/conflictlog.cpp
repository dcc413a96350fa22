// Lines of the conflict log, written and read.
#include "engine/systems/voltdb/conflicts/conflictlog.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace tributary::engine::voltdb {

namespace {

constexpr std::size_t kColumns = 12;
constexpr std::string_view kNull = "NULL";

char letterOf(DrOperation operation) {
    switch (operation) {
        case DrOperation::Insert: return 'I';
        case DrOperation::Update: return 'U';
        case DrOperation::Delete: return 'D';
    }
    return 'I';
}

ConflictRow rowOf(const ConflictEvent& event, std::string_view rowType, std::string_view conflictType,
                  const ConflictImage& image) {
    ConflictRow out;
    out.rowType = rowType;
    out.actionType = letterOf(event.operation);
    out.conflictType = conflictType;
    out.onPrimaryKey = event.onPrimaryKey;
    out.decision = event.resolution.accepted ? 'A' : 'R';
    out.clusterId = image.stamp.cluster();
    out.timestampUs = image.stamp.micros();
    out.divergence = event.resolution.divergent ? 'D' : 'C';
    out.tableName = event.tableName;
    out.currentClusterId = event.currentClusterId;
    out.currentTimestampUs = event.currentTimestampUs;
    if (rowType != "DEL") out.tuple = image.tuple;
    return out;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        out += c;
        if (c == '"') out += c;
    }
    return out + "\"";
}

/// One value of a line; nothing for NULL without quotes.
using Value = std::optional<std::string>;

/// Takes lines apart.
class LineReader {
public:
    explicit LineReader(std::string_view text) : text_(text) {}

    [[nodiscard]] bool atEnd() const { return at_ >= text_.size(); }
    [[nodiscard]] Error error(std::string what) const {
        return {ErrorCode::Corrupt, std::move(what), fmt::format("{}:{}", line_, at_ - lineBegin_ + 1), {}};
    }

    Result<std::array<Value, kColumns>> next() {
        std::array<Value, kColumns> out;
        for (std::size_t i = 0; i < kColumns; ++i) {
            Result<Value> value = this->value();
            if (!value) return value.error();
            out[i] = std::move(*value);
            const char wanted = i + 1 < kColumns ? ',' : '\n';
            if (!atEnd() && wanted == '\n' && text_[at_] == '\r') ++at_;
            if (wanted == '\n' && atEnd()) return out;
            if (atEnd() || text_[at_] != wanted) {
                return error(fmt::format("a line of the conflict log has {} columns", kColumns));
            }
            step();
        }
        return out;
    }

private:
    void step() {
        if (text_[at_++] != '\n') return;
        ++line_;
        lineBegin_ = at_;
    }

    Result<Value> value() {
        if (text_.substr(at_).starts_with(kNull)) {
            at_ += kNull.size();
            return Value();
        }
        if (atEnd() || text_[at_] != '"') return error("a value begins with a quote");
        step();
        std::string out;
        for (; !atEnd(); step()) {
            if (text_[at_] != '"') {
                out += text_[at_];
            } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                out += '"';
                step();
            } else {
                step();
                return Value(std::move(out));
            }
        }
        return error("a value without its closing quote");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t lineBegin_ = 0;
    int line_ = 1;
};

/// Values of one line as fields, the first error kept.
class Fields {
public:
    explicit Fields(const std::array<Value, kColumns>& values) : values_(values) {}

    std::string word(std::initializer_list<std::string_view> known) {
        std::string out = text();
        for (const std::string_view each : known) {
            if (out == each) return out;
        }
        fail();
        return out;
    }
    char letter(std::string_view known) {
        const std::string out = text();
        if (out.size() == 1 && known.find(out.front()) != std::string_view::npos) return out.front();
        fail();
        return ' ';
    }
    template <typename N>
    N number() {
        const std::string shown = text();
        N out{};
        const auto [stop, problem] = std::from_chars(shown.data(), shown.data() + shown.size(), out);
        if (problem != std::errc() || stop != shown.data() + shown.size()) fail();
        return out;
    }
    std::string text() {
        const Value& value = values_.at(at_++);
        if (!value) fail();
        return value.value_or("");
    }
    Value optional() { return values_.at(at_++); }

    [[nodiscard]] bool ok() const { return !failedAt_; }
    [[nodiscard]] std::string_view failed() const { return conflictColumns().at(*failedAt_); }

private:
    void fail() {
        if (!failedAt_) failedAt_ = at_ - 1;
    }
    const std::array<Value, kColumns>& values_;
    std::size_t at_ = 0;
    std::optional<std::size_t> failedAt_;
};

}  // namespace

const std::vector<std::string_view>& conflictColumns() {
    static const std::vector<std::string_view> kNames{
        "ROW_TYPE",  "ACTION_TYPE", "CONFLICT_TYPE", "CONFLICTS_ON_PRIMARY_KEY", "DECISION",          "CLUSTER_ID",
        "TIMESTAMP", "DIVERGENCE",  "TABLE_NAME",    "CURRENT_CLUSTER_ID",       "CURRENT_TIMESTAMP", "TUPLE"};
    return kNames;
}

std::vector<ConflictRow> conflictRows(const ConflictEvent& event) {
    std::vector<ConflictRow> out;
    const LoggedImages& images = event.resolution.images;
    const std::string_view constraint = event.conflicts.constraint ? "CNST" : "NONE";
    const std::string_view expectation = event.conflicts.missing ? "MISS" : event.conflicts.mismatch ? "MSMT" : "NONE";
    const std::string_view found = event.conflicts.constraint ? "CNST" : expectation;
    if (images.existing) {
        for (const ConflictImage& each : event.existing) out.push_back(rowOf(event, "EXT", found, each));
    }
    if (images.expected) out.push_back(rowOf(event, "EXP", expectation, event.expected));
    if (images.incoming) {
        const bool isDelete = event.operation == DrOperation::Delete;
        out.push_back(rowOf(event, isDelete ? "DEL" : "NEW", isDelete ? "NONE" : constraint, event.incoming));
    }
    return out;
}

std::string conflictLine(const ConflictRow& row) {
    const std::string letters[] = {std::string(1, row.actionType), std::string(1, row.decision),
                                   std::string(1, row.divergence)};
    return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", quoted(row.rowType), quoted(letters[0]),
                       quoted(row.conflictType), quoted(row.onPrimaryKey ? "1" : "0"), quoted(letters[1]),
                       quoted(std::to_string(row.clusterId)), quoted(std::to_string(row.timestampUs)),
                       quoted(letters[2]), quoted(row.tableName), quoted(std::to_string(row.currentClusterId)),
                       quoted(std::to_string(row.currentTimestampUs)),
                       row.tuple ? quoted(*row.tuple) : std::string(kNull));
}

Result<std::vector<ConflictRow>> parseConflictLog(std::string_view text) {
    LineReader lines(text);
    std::vector<ConflictRow> out;
    while (!lines.atEnd()) {
        const Error place = lines.error({});
        const auto values = lines.next();
        if (!values) return values.error();
        Fields fields(*values);
        ConflictRow row;
        row.rowType = fields.word({"EXT", "EXP", "NEW", "DEL"});
        row.actionType = fields.letter("IUDT");
        row.conflictType = fields.word({"MISS", "MSMT", "CNST", "NONE"});
        row.onPrimaryKey = fields.letter("01") == '1';
        row.decision = fields.letter("AR");
        row.clusterId = fields.number<int>();
        row.timestampUs = fields.number<std::int64_t>();
        row.divergence = fields.letter("CD");
        row.tableName = fields.text();
        row.currentClusterId = fields.number<int>();
        row.currentTimestampUs = fields.number<std::int64_t>();
        row.tuple = fields.optional();
        if (!fields.ok()) {
            return Error{ErrorCode::Corrupt,
                         fmt::format("{} has a value that it cannot have", fields.failed()),
                         place.where,
                         {}};
        }
        out.push_back(std::move(row));
    }
    return out;
}

void ConflictCounts::count(const ConflictEvent& event) {
    ++total;
    if (event.resolution.divergent) ++divergence;
    if (event.conflicts.missing) ++missingRow;
    if (event.conflicts.mismatch) ++timestampMismatch;
    if (event.conflicts.constraint) ++constraintViolation;
}

}  // namespace tributary::engine::voltdb
