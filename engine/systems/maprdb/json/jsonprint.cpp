// The writer of JSON text.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "engine/systems/maprdb/json/jsontext.h"
#include "engine/systems/maprdb/json/jsontime.h"

namespace tributary::engine::maprdb::json {
namespace {

constexpr double kWholeMax = 9'223'372'036'854'775'808.0;  ///< 2^63: from there on a double is no 64-bit integer

std::string toBase64(BytesView bytes) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out.push_back(i <= count ? kLetters[bits >> (18U - 6U * i) & 0x3fU] : '=');
        }
    }
    return out;
}

void appendText(std::string& out, std::string_view text) {
    constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    out.push_back('"');
    for (const char c : text) {
        if (const std::size_t which = kEscaped.find(c); which != std::string_view::npos) {
            out.push_back('\\');
            out.push_back(kLetters[which]);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

/// The shortest digits that read back; whole ones as integers, as the vendor prints them.
std::string realText(ValueType type, double value) {
    if (value == 0) return std::signbit(value) ? "-0.0" : "0";
    if (value == std::trunc(value) && std::abs(value) < kWholeMax) {
        return std::to_string(static_cast<std::int64_t>(value));
    }
    return type == ValueType::Float ? fmt::format("{}", static_cast<float>(value)) : fmt::format("{}", value);
}

class Printer {
public:
    Printer(std::string& out, const PrintOptions& options) : out_(out), options_(options) {}

    void value(const Value& value) {
        switch (value.type()) {
            case ValueType::Null: out_ += "null"; break;
            case ValueType::Boolean: out_ += value.asBoolean() ? "true" : "false"; break;
            case ValueType::String: appendText(out_, value.asText()); break;
            case ValueType::Double: out_ += realText(value.type(), value.asReal()); break;
            case ValueType::Map: map(value); break;
            case ValueType::Array: array(value); break;
            default: tagged(value); break;
        }
    }

private:
    void tagged(const Value& value) {
        if (options_.tags) {
            out_ += fmt::format("{{\"{}\":{}", tagOf(value.type()), options_.lines ? " " : "");
        }
        switch (value.type()) {
            case ValueType::Float: out_ += realText(value.type(), value.asReal()); break;
            case ValueType::Decimal: decimal(value.asDecimal()); break;
            case ValueType::Binary: appendText(out_, toBase64(value.asText())); break;
            case ValueType::Date: appendText(out_, dayText(value.asInteger())); break;
            case ValueType::Time: appendText(out_, timeText(value.asInteger())); break;
            case ValueType::Timestamp: appendText(out_, timestampText(value.asInteger())); break;
            default: out_ += std::to_string(value.asInteger()); break;
        }
        if (options_.tags) out_.push_back('}');
    }
    void decimal(const Decimal& decimal) {
        if (options_.tags) {
            appendText(out_, decimal.text());
        } else {
            out_ += decimal.text();
        }
    }

    void map(const Value& map) {
        out_.push_back('{');
        ++level_;
        bool first = true;
        const Value* id = map.find("_id");
        if (id != nullptr && level_ == 1) field("_id", *id, first);
        for (const Field& one : map.fields()) {
            if (&one.value != id || level_ != 1) field(one.name, one.value, first);
        }
        close('}', first);
    }
    void field(std::string_view name, const Value& content, bool& first) {
        separate(first);
        appendText(out_, name);
        out_ += options_.lines ? ": " : ":";
        value(content);
    }
    void array(const Value& array) {
        out_.push_back('[');
        ++level_;
        bool first = true;
        for (const Value& element : array.elements()) {
            separate(first);
            value(element);
        }
        close(']', first);
    }
    void separate(bool& first) {
        if (!first) out_.push_back(',');
        first = false;
        if (options_.lines) out_ += "\n" + std::string(2 * level_, ' ');
    }
    void close(char bracket, bool empty) {
        --level_;
        if (options_.lines && !empty) out_ += "\n" + std::string(2 * level_, ' ');
        out_.push_back(bracket);
    }

    std::string& out_;
    const PrintOptions& options_;
    std::size_t level_ = 0;
};

}  // namespace

std::string printJson(const Value& value, const PrintOptions& options) {
    std::string out;
    Printer(out, options).value(value);
    return out;
}

}  // namespace tributary::engine::maprdb::json
