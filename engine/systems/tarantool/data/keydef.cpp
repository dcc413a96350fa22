// Comparison of encoded values.
#include "engine/systems/tarantool/data/keydef.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tributary::engine::tarantool {
namespace {

constexpr std::array<std::pair<std::string_view, FieldType>, 17> kTypes{{{"any", FieldType::Any},
                                                                         {"unsigned", FieldType::Unsigned},
                                                                         {"string", FieldType::String},
                                                                         {"number", FieldType::Number},
                                                                         {"double", FieldType::Double},
                                                                         {"integer", FieldType::Integer},
                                                                         {"boolean", FieldType::Boolean},
                                                                         {"varbinary", FieldType::Varbinary},
                                                                         {"scalar", FieldType::Scalar},
                                                                         {"decimal", FieldType::Decimal},
                                                                         {"uuid", FieldType::Uuid},
                                                                         {"array", FieldType::Array},
                                                                         {"map", FieldType::Map},
                                                                         {"uint", FieldType::Unsigned},
                                                                         {"str", FieldType::String},
                                                                         {"num", FieldType::Unsigned},
                                                                         {"int", FieldType::Integer}}};

bool isExtension(BytesView value, std::int8_t kind) {
    MsgpackReader reader(value);
    return reader.type() == MsgpackType::Extension && reader.extension().kind == kind;
}

int classOf(BytesView value) {
    switch (MsgpackReader(value).type()) {
        case MsgpackType::Nil: return 0;
        case MsgpackType::Boolean: return 1;
        case MsgpackType::Unsigned:
        case MsgpackType::Negative:
        case MsgpackType::Float:
        case MsgpackType::Double: return 2;
        case MsgpackType::String: return 3;
        case MsgpackType::Binary: return 4;
        case MsgpackType::Extension: return isExtension(value, kDecimalExtension) ? 2 : 5;
        case MsgpackType::Array: return 6;
        case MsgpackType::Map: return 7;
    }
    return 0;
}

int ordered(auto left, auto right) {
    return left < right ? -1 : (right < left ? 1 : 0);
}

int bytesOrder(BytesView left, BytesView right) {
    return ordered(left.compare(right), 0);
}

/// A number in one of three exact forms.
struct Number {
    bool isWhole = false;
    bool isNegative = false;
    std::uint64_t bits = 0;  ///< of the whole number
    double real = 0;
    std::optional<Decimal> decimal;
};

Number numberOf(BytesView value) {
    MsgpackReader reader(value);
    Number number;
    switch (reader.type()) {
        case MsgpackType::Unsigned:
            number.isWhole = true;
            number.bits = reader.unsignedInteger();
            break;
        case MsgpackType::Negative:
            number.isWhole = true;
            number.isNegative = true;
            number.bits = static_cast<std::uint64_t>(reader.integer());
            break;
        case MsgpackType::Extension:
            if (const auto decimal = Decimal::decode(reader.extension().body)) number.decimal = *decimal;
            break;
        default: number.real = reader.real(); break;
    }
    return number;
}

/// As a decimal, when 38 digits hold it.
std::optional<Decimal> decimalOf(const Number& number) {
    if (number.decimal) return number.decimal;
    std::string text;
    if (number.isWhole) {
        text = number.isNegative ? std::to_string(static_cast<std::int64_t>(number.bits)) : std::to_string(number.bits);
    } else {
        text = fmt::format("{:.17g}", number.real);
    }
    const auto decimal = Decimal::parse(text);
    return decimal ? std::optional(*decimal) : std::nullopt;
}

int wholeToReal(const Number& whole, double real) {
    if (std::isnan(real)) return 1;  // not a number is before all numbers
    if (whole.isNegative) {
        if (real < -9223372036854775808.0) return 1;
        if (real >= 0) return -1;
        const auto floor = static_cast<std::int64_t>(std::floor(real));
        const int order = ordered(static_cast<std::int64_t>(whole.bits), floor);
        return order == 0 && real > std::floor(real) ? -1 : order;
    }
    if (real >= 18446744073709551616.0) return -1;
    if (real < 0) return 1;
    const auto floor = static_cast<std::uint64_t>(std::floor(real));
    const int order = ordered(whole.bits, floor);
    return order == 0 && real > std::floor(real) ? -1 : order;
}

int numbersOrder(BytesView leftValue, BytesView rightValue) {
    const Number left = numberOf(leftValue);
    const Number right = numberOf(rightValue);
    if (left.isWhole && right.isWhole) {
        if (left.isNegative != right.isNegative) return left.isNegative ? -1 : 1;
        return left.isNegative ? ordered(static_cast<std::int64_t>(left.bits), static_cast<std::int64_t>(right.bits))
                               : ordered(left.bits, right.bits);
    }
    if (!left.decimal && !right.decimal) {
        if (left.isWhole) return wholeToReal(left, right.real);
        if (right.isWhole) return -wholeToReal(right, left.real);
        if (std::isnan(left.real) || std::isnan(right.real)) {
            return ordered(std::isnan(right.real) ? 1 : 0, std::isnan(left.real) ? 1 : 0);
        }
        return ordered(left.real, right.real);
    }
    const auto a = decimalOf(left);
    const auto b = decimalOf(right);
    if (a && b) return a->compare(*b);
    // A double that no decimal holds is larger than every decimal, or infinitely small, or not a number.
    const double real = a ? right.real : left.real;
    const bool tiny = std::abs(real) < 1;
    const int order = tiny ? (a ? ordered(a->digits.empty() ? 0 : (a->negative ? -1 : 1), 0)
                                : -ordered(b->digits.empty() ? 0 : (b->negative ? -1 : 1), 0))
                           : ((real > 0) == !a ? 1 : -1);
    return order;
}

}  // namespace

std::optional<FieldType> fieldTypeOf(std::string_view name) {
    for (const auto& [known, type] : kTypes) {
        if (known == name) return type;
    }
    return std::nullopt;
}

std::string_view fieldTypeName(FieldType type) {
    for (const auto& [name, known] : kTypes) {
        if (known == type) return name;
    }
    return "any";
}

bool isIndexable(FieldType type) {
    return type != FieldType::Any && type != FieldType::Array && type != FieldType::Map;
}

bool fits(FieldType type, BytesView value) {
    const MsgpackType is = MsgpackReader(value).type();
    const bool isWhole = is == MsgpackType::Unsigned || is == MsgpackType::Negative;
    const bool isReal = is == MsgpackType::Double || is == MsgpackType::Float;
    switch (type) {
        case FieldType::Any: return true;
        case FieldType::Unsigned: return is == MsgpackType::Unsigned;
        case FieldType::Integer: return isWhole;
        case FieldType::Double: return isReal;
        case FieldType::Number: return isWhole || isReal || isExtension(value, kDecimalExtension);
        case FieldType::String: return is == MsgpackType::String;
        case FieldType::Boolean: return is == MsgpackType::Boolean;
        case FieldType::Varbinary: return is == MsgpackType::Binary;
        case FieldType::Decimal: return isExtension(value, kDecimalExtension);
        case FieldType::Uuid: return isExtension(value, kUuidExtension);
        case FieldType::Array: return is == MsgpackType::Array;
        case FieldType::Map: return is == MsgpackType::Map;
        case FieldType::Scalar: return is != MsgpackType::Array && is != MsgpackType::Map;
    }
    return false;
}

int compareValues(BytesView left, BytesView right) {
    const int leftClass = classOf(left);
    const int rightClass = classOf(right);
    if (leftClass != rightClass) return ordered(leftClass, rightClass);
    MsgpackReader a(left);
    MsgpackReader b(right);
    switch (leftClass) {
        case 0: return 0;
        case 1: return ordered(a.boolean() ? 1 : 0, b.boolean() ? 1 : 0);
        case 2: return numbersOrder(left, right);
        case 3: return bytesOrder(a.string(), b.string());
        case 4: return bytesOrder(a.binary(), b.binary());
        case 5: return bytesOrder(a.extension().body, b.extension().body);
        default: return bytesOrder(left, right);
    }
}

KeyDef::KeyDef(std::vector<KeyPart> parts, const std::vector<KeyPart>& tail) : parts_(std::move(parts)), all_(parts_) {
    for (const KeyPart& part : tail) {
        const bool known =
            std::any_of(parts_.begin(), parts_.end(), [&](const KeyPart& one) { return one.field == part.field; });
        if (!known) all_.push_back(part);
    }
}

int KeyDef::compare(const Tuple& left, const Tuple& right) const {
    for (const KeyPart& part : all_) {
        if (const int order = compareValues(left.field(part.field), right.field(part.field)); order != 0) return order;
    }
    return 0;
}

int KeyDef::compareToKey(const Tuple& tuple, const Key& key) const {
    for (std::size_t i = 0; i < key.size() && i < all_.size(); ++i) {
        if (const int order = compareValues(tuple.field(all_[i].field), key[i]); order != 0) return order;
    }
    return 0;
}

bool KeyDef::sameKey(const Tuple& left, const Tuple& right) const {
    return std::all_of(parts_.begin(), parts_.end(), [&](const KeyPart& part) {
        return compareValues(left.field(part.field), right.field(part.field)) == 0;
    });
}

bool KeyDef::hasNil(const Tuple& tuple) const {
    return std::any_of(parts_.begin(), parts_.end(), [&](const KeyPart& part) {
        return MsgpackReader(tuple.field(part.field)).type() == MsgpackType::Nil;
    });
}

Key KeyDef::keyOf(const Tuple& tuple) const {
    Key key;
    key.reserve(parts_.size());
    for (const KeyPart& part : parts_) key.push_back(tuple.field(part.field));
    return key;
}

std::optional<BoxFailure> KeyDef::parseKey(BytesView array, bool exact, Key& key) const {
    MsgpackReader reader(array);
    if (reader.type() != MsgpackType::Array) return failures::tupleNotArray();
    const std::uint32_t count = reader.array();
    if (exact && count != parts_.size()) return failures::exactMatch(parts_.size(), count);
    if (count > parts_.size()) return failures::keyPartCount(parts_.size(), count);
    key.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
        const BytesView value = reader.value();
        const bool isNil = MsgpackReader(value).type() == MsgpackType::Nil;
        if (isNil ? exact && !parts_[i].isNullable : !fits(parts_[i].type, value)) {
            return failures::keyPartType(i, fieldTypeName(parts_[i].type));
        }
        key.push_back(value);
    }
    return reader.ok() ? std::nullopt : std::optional(failures::tupleNotArray());
}

}  // namespace tributary::engine::tarantool
