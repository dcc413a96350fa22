// The reader of JSON text.
#include "engine/systems/maprdb/json/jsontext.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/escape.h"
#include "engine/systems/maprdb/json/jsonlimits.h"
#include "engine/systems/maprdb/json/jsontime.h"

namespace tributary::engine::maprdb::json {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<Bytes> fromBase64(std::string_view text) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.size() % 4 != 0) return std::nullopt;
    Bytes out;
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const bool last = at + 4 == text.size();
        const std::size_t padding = !last || text[at + 3] != '=' ? 0 : text[at + 2] == '=' ? 2 : 1;
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const std::size_t letter = i >= 4 - padding ? 0 : kLetters.find(text[at + i]);
            if (letter == std::string_view::npos) return std::nullopt;
            bits = bits << 6U | static_cast<std::uint32_t>(letter);
        }
        // Bits that stand for nothing are zero, so that each content has one text.
        if ((padding == 1 && (bits & 0xffU) != 0) || (padding == 2 && (bits & 0xffffU) != 0)) return std::nullopt;
        for (std::size_t i = 0; i < 3 - padding; ++i) out.push_back(static_cast<char>(bits >> (16U - 8U * i)));
    }
    return out;
}

class JsonReader {
public:
    explicit JsonReader(std::string_view text) : text_(text) {}

    Result<Value> read() {
        if (Status fits = checkLimit("document", text_.size(), kDocumentBytesMax, "bytes", "a JSON text"); !fits) {
            return fits.error();
        }
        Value out;
        if (!value(out, 0)) return error_;
        blanks();
        if (at_ < text_.size()) {
            fail(fmt::format("{} stands behind the end of the value", shownNext()));
            return error_;
        }
        return out;
    }

private:
    /// Keeps the first error; always false.
    bool fail(std::string_view what) { return fail({ErrorCode::InvalidInput, std::string(what), {}, {}}, at_); }
    bool fail(Error error, std::size_t at) {
        const std::string_view before = text_.substr(0, std::min(at, text_.size()));
        const auto line = std::count(before.begin(), before.end(), '\n') + 1;
        const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
        error.where = fmt::format("line {}, column {}", line, before.size() - start + 1);
        if (!path_.empty()) error.where += ", field " + shownLine(bounded(path_.text(), 200));
        error_ = std::move(error);
        return false;
    }
    [[nodiscard]] std::string shownNext() const {
        if (at_ >= text_.size()) return "the end of the text";
        const auto c = static_cast<unsigned char>(text_[at_]);
        return c < 0x20 || c >= 0x7f ? fmt::format("the byte \\x{:02x}", c) : fmt::format("'{}'", text_[at_]);
    }

    void blanks() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    }
    bool take(char c) {
        blanks();
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool takeWord(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }

    bool value(Value& out, std::size_t depth) {
        blanks();
        if (++values_ > kValuesMax) {
            return fail(fmt::format("the document has more values than the limit 'values' of {}", kValuesMax));
        }
        const char c = at_ < text_.size() ? text_[at_] : '\0';
        if (c == '{' || c == '[') {
            if (depth >= kDepthMax) return fail(fmt::format("it is deeper than the limit 'depth' of {}", kDepthMax));
            ++at_;
            return c == '{' ? map(out, depth) : array(out, depth);
        }
        if (c == '"') {
            std::string text;
            if (!string(text)) return false;
            out = Value::string(std::move(text));
            return true;
        }
        if (takeWord("true") || takeWord("false")) {
            out = Value::boolean(text_[at_ - 2] == 'u');
            return true;
        }
        if (takeWord("null")) {
            out = Value();
            return true;
        }
        if (c != '-' && !isDigit(c)) return fail(fmt::format("{} stands where a value is due", shownNext()));
        const std::size_t from = at_;
        std::string_view number;
        return numberText(number) && assign(out, real(ValueType::Double, number), from);
    }

    /// A value that may be an error of the text from `from` on.
    bool assign(Value& out, Result<Value> made, std::size_t from) {
        if (!made) return fail(made.error(), from);
        out = std::move(made).value();
        return true;
    }

    bool array(Value& out, std::size_t depth) {
        std::vector<Value> elements;
        path_.push({PathSegment::Kind::Index, {}, 0});
        bool more = !take(']');
        while (more) {
            PathSegment segment{PathSegment::Kind::Index, {}, static_cast<std::uint32_t>(elements.size())};
            path_.pop();
            path_.push(std::move(segment));
            if (!value(elements.emplace_back(), depth + 1)) return false;
            more = take(',');
            if (!more && !take(']')) return fail(fmt::format("{} stands where , or ] is due", shownNext()));
        }
        path_.pop();
        out = Value::array(std::move(elements));
        return true;
    }

    struct Placed {
        Field field;
        std::size_t at = 0;
    };

    bool map(Value& out, std::size_t depth) {
        std::vector<Placed> placed;
        bool more = !take('}');
        while (more) {
            blanks();
            Placed next;
            next.at = at_;
            if (at_ >= text_.size() || text_[at_] != '"') {
                return fail(fmt::format("{} stands where the name of a field is due", shownNext()));
            }
            if (!string(next.field.name)) return false;
            if (Status fits =
                    checkLimit("field name", next.field.name.size(), kFieldNameBytesMax, "bytes", "a field name");
                !fits) {
                return fail(fits.error(), next.at);
            }
            if (!take(':')) return fail(fmt::format("{} stands where : is due", shownNext()));
            if (const auto type = typeOfTag(next.field.name)) {
                if (placed.empty()) return tagged(out, *type);
                return fail({ErrorCode::InvalidInput,
                             fmt::format("{} stands beside other fields; it is the name of a type and stands alone",
                                         next.field.name),
                             {},
                             {}},
                            next.at);
            }
            path_.push({PathSegment::Kind::Name, next.field.name, 0});
            if (!value(next.field.value, depth + 1)) return false;
            path_.pop();
            placed.push_back(std::move(next));
            more = take(',');
            if (!more && !take('}')) return fail(fmt::format("{} stands where , or }} is due", shownNext()));
        }
        return closeMap(out, placed);
    }

    bool closeMap(Value& out, std::vector<Placed>& placed) {
        std::stable_sort(placed.begin(), placed.end(),
                         [](const Placed& a, const Placed& b) { return a.field.name < b.field.name; });
        std::vector<Field> fields;
        for (Placed& one : placed) {
            if (!fields.empty() && fields.back().name == one.field.name) {
                path_.push({PathSegment::Kind::Name, one.field.name, 0});
                return fail({ErrorCode::InvalidInput, "the field stands twice in one map", {}, {}}, one.at);
            }
            fields.push_back(std::move(one.field));
        }
        return assign(out, Value::map(std::move(fields)), at_);
    }

    /// The content behind a tag and its colon, to the closing brace.
    bool tagged(Value& out, ValueType type) {
        blanks();
        const std::size_t from = at_;
        std::string content;
        if (at_ < text_.size() && text_[at_] == '"') {
            if (!string(content)) return false;
        } else if (type == ValueType::Date || type == ValueType::Time || type == ValueType::Timestamp ||
                   type == ValueType::Binary) {
            return fail(fmt::format("{} stands where a text is due", shownNext()));
        } else {
            std::string_view number;
            if (at_ >= text_.size() || (text_[at_] != '-' && !isDigit(text_[at_]))) {
                return fail(fmt::format("{} stands where a number is due", shownNext()));
            }
            if (!numberText(number)) return false;
            content = number;
        }
        if (!assign(out, ofTag(type, content), from)) return false;
        if (!take('}')) {
            return fail(fmt::format("{} stands where }} is due: {} is the name of a type and stands alone", shownNext(),
                                    tagOf(type)));
        }
        return true;
    }

    static Result<Value> ofTag(ValueType type, const std::string& content) {
        switch (type) {
            case ValueType::Float: return real(type, content);
            case ValueType::Decimal: {
                Result<Decimal> decimal = Decimal::parse(content);
                if (!decimal) return decimal.error();
                return Value::decimal(std::move(decimal).value());
            }
            case ValueType::Binary: {
                auto bytes = fromBase64(content);
                if (bytes) return Value::binary(std::move(*bytes));
                return Error{ErrorCode::InvalidInput, "the text behind $binary is no base64 with its padding", {}, {}};
            }
            case ValueType::Date: return timed(type, parseDay(content));
            case ValueType::Time: return timed(type, parseTime(content));
            case ValueType::Timestamp: return timed(type, parseTimestamp(content));
            default: return whole(type, content);
        }
    }

    static Result<Value> timed(ValueType type, const Result<std::int64_t>& parsed) {
        if (!parsed) return parsed.error();
        return Value::integer(type, parsed.value());
    }

    static Result<Value> whole(ValueType type, std::string_view text) {
        std::int64_t value = 0;
        const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
        if (end.ec == std::errc{} && end.ptr == text.data() + text.size()) return Value::integer(type, value);
        return Error{
            ErrorCode::InvalidInput,
            fmt::format("'{}' is no whole number of the type {}", shownLine(bounded(text, 60)), typeName(type)),
            {},
            {}};
    }

    static Result<Value> real(ValueType type, std::string_view text) {
        double value = 0;
        float single = 0;  // read as one: by way of a double it would be rounded twice
        const char* end = text.data() + text.size();
        const auto read = type == ValueType::Float ? std::from_chars(text.data(), end, single)
                                                   : std::from_chars(text.data(), end, value);
        if (read.ec == std::errc{} && read.ptr == end) {
            return Value::real(type, type == ValueType::Float ? static_cast<double>(single) : value);
        }
        return Error{ErrorCode::InvalidInput,
                     fmt::format("'{}' is no number of the type {}", shownLine(bounded(text, 60)), typeName(type)),
                     {},
                     {}};
    }

    bool numberText(std::string_view& out) {
        const std::size_t from = at_;
        if (at_ < text_.size() && text_[at_] == '-') ++at_;
        if (at_ < text_.size() && text_[at_] == '0') {
            ++at_;
        } else if (!digits()) {
            return false;
        }
        if (at_ < text_.size() && text_[at_] == '.') {
            ++at_;
            if (!digits()) return false;
        }
        if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
            ++at_;
            if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
            if (!digits()) return false;
        }
        out = text_.substr(from, at_ - from);
        if (at_ < text_.size() && isDigit(text_[at_])) return fail("a number begins with a zero");
        return true;
    }
    bool digits() {
        const std::size_t from = at_;
        while (at_ < text_.size() && isDigit(text_[at_])) ++at_;
        return at_ > from || fail(fmt::format("{} stands where a digit is due", shownNext()));
    }

    bool string(std::string& out) {
        const std::size_t from = at_++;
        while (at_ < text_.size() && text_[at_] != '"') {
            const char c = text_[at_];
            if (static_cast<unsigned char>(c) < 0x20) return fail(fmt::format("{} stands in a text", shownNext()));
            if (c == '\\') {
                if (!escape(out)) return false;
                continue;
            }
            out.push_back(c);
            ++at_;
        }
        if (at_ >= text_.size()) return fail({ErrorCode::InvalidInput, "a text is not closed", {}, {}}, from);
        ++at_;
        if (!isUtf8(out)) return fail({ErrorCode::InvalidInput, "a text is no UTF-8", {}, {}}, from);
        return true;
    }

    bool escape(std::string& out) {
        constexpr std::string_view kEscapes = "\"\\/bfnrt";
        constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
        if (const std::size_t which = kEscapes.find(c); which != std::string_view::npos) {
            out.push_back(kMeanings[which]);
            at_ += 2;
            return true;
        }
        std::uint32_t character = 0;
        if (c != 'u' || !hex(character)) return fail("an escape is unknown");
        if (character >= 0xd800 && character < 0xdc00) {
            std::uint32_t low = 0;
            if (!hex(low) || low < 0xdc00 || low > 0xdfff) return fail("half of a surrogate pair is missing");
            character = 0x10000 + ((character - 0xd800) << 10U) + (low - 0xdc00);
        } else if (character >= 0xdc00 && character <= 0xdfff) {
            return fail("half of a surrogate pair is missing");
        }
        appendUtf8(out, character);
        return true;
    }

    bool hex(std::uint32_t& value) {
        if (text_.size() - at_ < 6 || text_[at_] != '\\' || text_[at_ + 1] != 'u') return false;
        const char* from = text_.data() + at_ + 2;
        value = 0;
        const auto end = std::from_chars(from, from + 4, value, 16);
        if (end.ec != std::errc{} || end.ptr != from + 4) return false;
        at_ += 6;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t values_ = 0;
    FieldPath path_;
    Error error_;
};

}  // namespace

Result<Value> parseJson(std::string_view text) {
    return JsonReader(text).read();
}

Result<Value> parseDocument(std::string_view text) {
    Result<Value> value = parseJson(text);
    if (value && !value->isMap()) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("a document is a map, and this is a value of the type {}", typeName(value->type())),
                     "line 1, column 1",
                     {}};
    }
    return value;
}

}  // namespace tributary::engine::maprdb::json
