// Values: their types, ranges, tags and fields.
#include "engine/systems/maprdb/json/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/base/escape.h"

namespace tributary::engine::maprdb::json {
namespace {

constexpr std::int64_t kMillisOfDay = 86'400'000;

struct TypeFacts {
    ValueType type;
    std::string_view name;
    std::string_view tag;
    std::int64_t least = 0;  ///< of types whose content is one integer
    std::int64_t most = 0;
};

template <typename T>
constexpr TypeFacts ranged(ValueType type, std::string_view name, std::string_view tag) {
    return {type, name, tag, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
}

constexpr std::array<TypeFacts, 17> kTypes{{
    {ValueType::Null, "null", ""},
    {ValueType::Boolean, "boolean", ""},
    {ValueType::String, "string", ""},
    ranged<std::int8_t>(ValueType::Byte, "byte", "$numberByte"),
    ranged<std::int16_t>(ValueType::Short, "short", "$numberShort"),
    ranged<std::int32_t>(ValueType::Int, "int", "$numberInt"),
    ranged<std::int64_t>(ValueType::Long, "long", "$numberLong"),
    {ValueType::Float, "float", "$numberFloat"},
    {ValueType::Double, "double", ""},
    {ValueType::Decimal, "decimal", "$decimal"},
    ranged<std::int32_t>(ValueType::Date, "date", "$dateDay"),
    {ValueType::Time, "time", "$time", 0, kMillisOfDay - 1},
    ranged<std::int64_t>(ValueType::Timestamp, "timestamp", "$date"),
    ranged<std::int64_t>(ValueType::Interval, "interval", "$interval"),
    {ValueType::Binary, "binary", "$binary"},
    {ValueType::Map, "map", ""},
    {ValueType::Array, "array", ""},
}};

const TypeFacts& factsOf(ValueType type) {
    return kTypes.at(static_cast<std::size_t>(type) - 1);
}

bool hasInteger(ValueType type) {
    return isWhole(type) || (type >= ValueType::Date && type <= ValueType::Interval);
}

bool byName(const Field& field, std::string_view name) {
    return field.name < name;
}

}  // namespace

std::string_view typeName(ValueType type) {
    return factsOf(type).name;
}

std::optional<ValueType> typeOfName(std::string_view name) {
    for (const TypeFacts& facts : kTypes) {
        if (facts.name == name) return facts.type;
    }
    return std::nullopt;
}

bool isType(std::uint8_t code) {
    return code >= 1 && code <= kTypes.size();
}

bool isWhole(ValueType type) {
    return type >= ValueType::Byte && type <= ValueType::Long;
}

bool isNumeric(ValueType type) {
    return type >= ValueType::Byte && type <= ValueType::Decimal;
}

std::string_view tagOf(ValueType type) {
    return factsOf(type).tag;
}

std::optional<ValueType> typeOfTag(std::string_view name) {
    if (name.empty() || name.front() != '$') return std::nullopt;
    for (const TypeFacts& facts : kTypes) {
        if (facts.tag == name) return facts.type;
    }
    return std::nullopt;
}

Value Value::boolean(bool value) {
    Value out;
    out.type_ = ValueType::Boolean;
    out.content_ = value;
    return out;
}

Value Value::string(std::string text) {
    Value out;
    out.type_ = ValueType::String;
    out.content_ = std::move(text);
    return out;
}

Value Value::binary(Bytes bytes) {
    Value out;
    out.type_ = ValueType::Binary;
    out.content_ = std::move(bytes);
    return out;
}

Result<Value> Value::integer(ValueType type, std::int64_t value) {
    assert(hasInteger(type));
    const TypeFacts& facts = factsOf(type);
    if (value < facts.least || value > facts.most) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is outside of the range of the type {}: {} to {}", value, facts.name, facts.least,
                                 facts.most),
                     {},
                     {}};
    }
    Value out;
    out.type_ = type;
    out.content_ = value;
    return out;
}

Result<Value> Value::real(ValueType type, double value) {
    assert(type == ValueType::Float || type == ValueType::Double);
    // Beyond the largest float by more than its rounding, a cast would not be defined.
    const bool fits = type == ValueType::Double
                          ? std::isfinite(value)
                          : std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max());
    if (!fits) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is outside of the range of the type {}", value, typeName(type)),
                     {},
                     {}};
    }
    Value out;
    out.type_ = type;
    out.content_ = type == ValueType::Float ? static_cast<double>(static_cast<float>(value)) : value;
    return out;
}

Value Value::decimal(Decimal value) {
    Value out;
    out.type_ = ValueType::Decimal;
    out.content_ = std::move(value);
    return out;
}

Value Value::array(std::vector<Value> elements) {
    Value out;
    out.type_ = ValueType::Array;
    out.content_ = std::move(elements);
    return out;
}

Value Value::map() {
    Value out;
    out.type_ = ValueType::Map;
    out.content_ = std::vector<Field>();
    return out;
}

Result<Value> Value::map(std::vector<Field> fields) {
    std::sort(fields.begin(), fields.end(), [](const Field& a, const Field& b) { return a.name < b.name; });
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const bool twice = i > 0 && fields[i - 1].name == fields[i].name;
        if (!twice && !typeOfTag(fields[i].name)) continue;
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the field '{}' {}", shownLine(bounded(fields[i].name, 60)),
                                 twice ? "stands twice in one map" : "has the name of a type"),
                     {},
                     {}};
    }
    Value out;
    out.type_ = ValueType::Map;
    out.content_ = std::move(fields);
    return out;
}

bool Value::asBoolean() const {
    assert(type_ == ValueType::Boolean);
    return std::get<bool>(content_);
}

std::int64_t Value::asInteger() const {
    assert(hasInteger(type_));
    return std::get<std::int64_t>(content_);
}

double Value::asReal() const {
    assert(type_ == ValueType::Float || type_ == ValueType::Double);
    return std::get<double>(content_);
}

const std::string& Value::asText() const {
    assert(type_ == ValueType::String || type_ == ValueType::Binary);
    return std::get<std::string>(content_);
}

const Decimal& Value::asDecimal() const {
    assert(type_ == ValueType::Decimal);
    return std::get<Decimal>(content_);
}

const std::vector<Value>& Value::elements() const {
    assert(type_ == ValueType::Array);
    return std::get<std::vector<Value>>(content_);
}

std::vector<Value>& Value::elements() {
    assert(type_ == ValueType::Array);
    return std::get<std::vector<Value>>(content_);
}

const std::vector<Field>& Value::fields() const {
    assert(type_ == ValueType::Map);
    return std::get<std::vector<Field>>(content_);
}

std::vector<Field>& Value::ownFields() {
    assert(type_ == ValueType::Map);
    return std::get<std::vector<Field>>(content_);
}

const Value* Value::find(std::string_view name) const {
    if (type_ != ValueType::Map) return nullptr;
    const auto& all = fields();
    const auto at = std::lower_bound(all.begin(), all.end(), name, byName);
    return at != all.end() && at->name == name ? &at->value : nullptr;
}

Value* Value::find(std::string_view name) {
    if (type_ != ValueType::Map) return nullptr;
    auto& all = ownFields();
    const auto at = std::lower_bound(all.begin(), all.end(), name, byName);
    return at != all.end() && at->name == name ? &at->value : nullptr;
}

Value& Value::set(std::string_view name, Value value) {
    assert(!typeOfTag(name));
    auto& all = ownFields();
    auto at = std::lower_bound(all.begin(), all.end(), name, byName);
    if (at == all.end() || at->name != name) at = all.insert(at, Field{std::string(name), Value()});
    at->value = std::move(value);
    return at->value;
}

bool Value::erase(std::string_view name) {
    auto& all = ownFields();
    const auto at = std::lower_bound(all.begin(), all.end(), name, byName);
    if (at == all.end() || at->name != name) return false;
    all.erase(at);
    return true;
}

bool operator==(const Value& a, const Value& b) {
    if (a.type_ != b.type_) return false;
    // -0.0 and 0.0 are one number and two contents.
    if (const double* real = std::get_if<double>(&a.content_)) {
        return *real == std::get<double>(b.content_) &&
               std::signbit(*real) == std::signbit(std::get<double>(b.content_));
    }
    return a.content_ == b.content_;
}

}  // namespace tributary::engine::maprdb::json
