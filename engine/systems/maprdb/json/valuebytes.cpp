// The codec of values.
#include "engine/systems/maprdb/json/valuebytes.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "engine/systems/maprdb/json/jsonlimits.h"

namespace tributary::engine::maprdb::json {
namespace {

void appendDecimal(Bytes& out, const Decimal& decimal) {
    appendZigzag(out, decimal.scale);
    out.push_back(decimal.negative ? 1 : 0);
    appendVarint(out, decimal.digits.size());
    for (std::size_t i = 0; i < decimal.digits.size(); i += 2) {
        const auto high = static_cast<unsigned>(decimal.digits[i] - '0');
        const unsigned low = i + 1 < decimal.digits.size() ? static_cast<unsigned>(decimal.digits[i + 1] - '0') : 0;
        out.push_back(static_cast<char>(high << 4U | low));
    }
}

template <typename To, typename From>
To bitsOf(From value) {
    return std::bit_cast<To>(value);
}

struct Shape {
    std::size_t depth = 0;
    std::size_t values = 0;
};

void measure(const Value& value, std::size_t depth, Shape& shape) {
    ++shape.values;
    if (!value.isMap() && !value.isArray()) return;
    shape.depth = std::max(shape.depth, depth + 1);
    if (value.isMap()) {
        for (const Field& field : value.fields()) measure(field.value, depth + 1, shape);
    } else {
        for (const Value& element : value.elements()) measure(element, depth + 1, shape);
    }
}

}  // namespace

Status checkDocument(const Value& document) {
    Shape shape;
    measure(document, 0, shape);
    if (Status fits = checkLimit("depth", shape.depth, kDepthMax, "levels", "a document"); !fits) return fits;
    if (Status fits = checkLimit("values", shape.values, kValuesMax, "values", "a document"); !fits) return fits;
    return checkLimit("document", encodeValue(document).size(), kDocumentBytesMax, "bytes", "a document");
}

void appendZigzag(Bytes& out, std::int64_t value) {
    appendVarint(out, static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63));
}

void appendTyped(Bytes& out, const Value& value) {
    out.push_back(static_cast<char>(value.type()));
    switch (value.type()) {
        case ValueType::Null: break;
        case ValueType::Boolean: out.push_back(value.asBoolean() ? 1 : 0); break;
        case ValueType::String:
        case ValueType::Binary: appendBlob(out, value.asText()); break;
        case ValueType::Byte: appendFixed(out, static_cast<std::int8_t>(value.asInteger())); break;
        case ValueType::Short: appendFixed(out, static_cast<std::int16_t>(value.asInteger())); break;
        case ValueType::Time: appendVarint(out, static_cast<std::uint64_t>(value.asInteger())); break;
        case ValueType::Int:
        case ValueType::Long:
        case ValueType::Date:
        case ValueType::Timestamp:
        case ValueType::Interval: appendZigzag(out, value.asInteger()); break;
        case ValueType::Float: appendFixed(out, bitsOf<std::uint32_t>(static_cast<float>(value.asReal()))); break;
        case ValueType::Double: appendFixed(out, bitsOf<std::uint64_t>(value.asReal())); break;
        case ValueType::Decimal: appendDecimal(out, value.asDecimal()); break;
        case ValueType::Map:
            appendVarint(out, value.fields().size());
            for (const Field& field : value.fields()) {
                appendBlob(out, field.name);
                appendTyped(out, field.value);
            }
            break;
        case ValueType::Array:
            appendVarint(out, value.elements().size());
            for (const Value& element : value.elements()) appendTyped(out, element);
            break;
    }
}

std::uint64_t StrictReader::varint() {
    const char* from = reader_.position();
    const std::uint64_t value = reader_.varint();
    if (!reader_.ok()) return 0;
    Bytes shortest;
    appendVarint(shortest, value);
    if (shortest != BytesView(from, static_cast<std::size_t>(reader_.position() - from))) bad_ = true;
    return value;
}

std::int64_t StrictReader::zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>(value >> 1U ^ (0 - (value & 1U)));
}

BytesView StrictReader::blob() {
    return reader_.raw(varint());
}

BytesView StrictReader::text() {
    const BytesView view = blob();
    if (!isUtf8(view)) bad_ = true;
    return view;
}

std::size_t StrictReader::count() {
    const std::uint64_t many = varint();
    if (many > reader_.remaining()) bad_ = true;
    return bad_ ? 0 : static_cast<std::size_t>(many);
}

Value StrictReader::made(Result<Value> value) {
    if (value && ok()) return std::move(value).value();
    bad_ = true;
    return {};
}

Value StrictReader::wholeOf(ValueType type) {
    switch (type) {
        case ValueType::Byte: return made(Value::integer(type, fixed<std::int8_t>()));
        case ValueType::Short: return made(Value::integer(type, fixed<std::int16_t>()));
        case ValueType::Time: return made(Value::integer(type, static_cast<std::int64_t>(varint())));
        default: return made(Value::integer(type, zigzag()));
    }
}

Value StrictReader::decimal() {
    Decimal out;
    const std::int64_t scale = zigzag();
    const auto sign = fixed<std::uint8_t>();
    const std::uint64_t digits = varint();
    bad_ = bad_ || sign > 1 || scale > kDecimalScaleMax || scale < -kDecimalScaleMax || digits > kDecimalDigitsMax ||
           (digits == 0 && sign == 1);
    if (!ok()) return {};
    out.scale = static_cast<std::int32_t>(scale);
    out.negative = sign == 1;
    for (const char c : reader_.raw((digits + 1) / 2)) {
        const auto byte = static_cast<unsigned char>(c);
        bad_ = bad_ || byte >> 4U > 9 || (byte & 0xfU) > 9;
        out.digits.push_back(static_cast<char>('0' + (byte >> 4U)));
        out.digits.push_back(static_cast<char>('0' + (byte & 0xfU)));
    }
    if (digits % 2 == 1 && !out.digits.empty()) {
        bad_ = bad_ || out.digits.back() != '0';
        out.digits.pop_back();
    }
    bad_ = bad_ || (!out.digits.empty() && out.digits.front() == '0');
    return made(Value::decimal(std::move(out)));
}

Value StrictReader::map(std::size_t depth) {
    std::vector<Field> fields;
    for (std::size_t left = count(); left > 0 && ok(); --left) {
        const BytesView name = text();
        bad_ = bad_ || name.size() > kFieldNameBytesMax || (!fields.empty() && fields.back().name >= name);
        fields.push_back({std::string(name), typed(depth + 1)});
    }
    return ok() ? made(Value::map(std::move(fields))) : Value();
}

Value StrictReader::array(std::size_t depth) {
    std::vector<Value> elements;
    for (std::size_t left = count(); left > 0 && ok(); --left) elements.push_back(typed(depth + 1));
    return Value::array(std::move(elements));
}

Value StrictReader::typed(std::size_t depth) {
    const auto code = fixed<std::uint8_t>();
    const auto type = static_cast<ValueType>(code);
    bad_ = bad_ || !isType(code) || ++values_ > kValuesMax ||
           (depth >= kDepthMax && (type == ValueType::Map || type == ValueType::Array));
    if (!ok()) return {};
    switch (type) {
        case ValueType::Null: return {};
        case ValueType::Boolean: {
            const auto byte = fixed<std::uint8_t>();
            bad_ = bad_ || byte > 1;
            return Value::boolean(byte == 1);
        }
        case ValueType::String: return Value::string(std::string(text()));
        case ValueType::Binary: return Value::binary(Bytes(blob()));
        case ValueType::Float: return made(Value::real(type, bitsOf<float>(fixed<std::uint32_t>())));
        case ValueType::Double: return made(Value::real(type, bitsOf<double>(fixed<std::uint64_t>())));
        case ValueType::Decimal: return decimal();
        case ValueType::Map: return map(depth);
        case ValueType::Array: return array(depth);
        default: return wholeOf(type);
    }
}

Bytes encodeValue(const Value& value) {
    Bytes out(1, static_cast<char>(kValueFormat));
    appendTyped(out, value);
    return out;
}

Result<Value> decodeValue(BytesView bytes) {
    StrictReader reader(bytes);
    const auto version = reader.fixed<std::uint8_t>();
    if (reader.ok() && version > kValueFormat) {
        return Error{
            ErrorCode::Unsupported,
            fmt::format("a JSON value in format {} needs a later release; this one reads {}", version, kValueFormat),
            {},
            {}};
    }
    Value out = reader.typed(0);
    if (!reader.ok() || !reader.atEnd() || version != kValueFormat || bytes.size() > kDocumentBytesMax) {
        return Error{ErrorCode::Corrupt, "the bytes of a JSON value are damaged", {}, {}};
    }
    return out;
}

}  // namespace tributary::engine::maprdb::json
