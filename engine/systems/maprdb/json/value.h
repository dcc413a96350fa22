// A value of a JSON document: the seventeen types of the OJAI document model, with exact ranges.
//
// Source: vendor page "JSON Document Data Types"; numbers of types from the OJAI constants (Value.TYPE_CODE_*). NaN and
// the infinities are no values: JSON has no word for them, and they have no place in an order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/systems/maprdb/json/decimal.h"

namespace tributary::engine::maprdb::json {

/// Numbers are the format of valuebytes.h.
enum class ValueType : std::uint8_t {
    Null = 1,
    Boolean = 2,
    String = 3,      ///< UTF-8
    Byte = 4,        ///< 8 bits, signed
    Short = 5,       ///< 16 bits, signed
    Int = 6,         ///< 32 bits, signed
    Long = 7,        ///< 64 bits, signed
    Float = 8,       ///< finite, single precision
    Double = 9,      ///< finite, double precision; a plain number in text
    Decimal = 10,    ///< within the limits of jsonlimits.h
    Date = 11,       ///< days since 1970-01-01, 32 bits, without a zone
    Time = 12,       ///< milliseconds since midnight, 0 to 86,399,999, without a zone
    Timestamp = 13,  ///< UTC milliseconds since 1970, 64 bits
    Interval = 14,   ///< milliseconds, 64 bits
    Binary = 15,
    Map = 16,
    Array = 17
};

/// "null", "boolean", "string", ... as $typeof names it.
[[nodiscard]] std::string_view typeName(ValueType type);
/// The same backwards; nullopt for any other word. Case counts.
[[nodiscard]] std::optional<ValueType> typeOfName(std::string_view name);
[[nodiscard]] bool isType(std::uint8_t code);
/// Byte, Short, Int, Long: whole numbers.
[[nodiscard]] bool isWhole(ValueType type);
/// Those, Float, Double and Decimal: they compare with each other.
[[nodiscard]] bool isNumeric(ValueType type);

/// "$numberLong" and its like: the only field of an object that stands for a value. Empty for types without one.
[[nodiscard]] std::string_view tagOf(ValueType type);
/// The type of a tag; nullopt for every other name. Such a name is no field name: its text would read as a value.
[[nodiscard]] std::optional<ValueType> typeOfTag(std::string_view name);

struct Field;

/// Owned, copied deeply. Fields of a map stand in the order of their names' bytes, so that equal maps are equal.
class Value {
public:
    Value() = default;  ///< null

    static Value boolean(bool value);
    /// `text` must be UTF-8.
    static Value string(std::string text);
    static Value binary(Bytes bytes);
    /// Of the types whose content is one integer: Byte to Long, Date, Time, Timestamp, Interval. Errors: InvalidInput
    /// outside of the type's range.
    static Result<Value> integer(ValueType type, std::int64_t value);
    /// Float or Double. Errors: InvalidInput when it is not finite (as a float, for Float).
    static Result<Value> real(ValueType type, double value);
    static Value decimal(Decimal value);
    static Value array(std::vector<Value> elements);
    /// An empty map.
    static Value map();
    /// `fields` in any order. Errors: InvalidInput for two of one name, or a name that is a tag.
    static Result<Value> map(std::vector<Field> fields);

    [[nodiscard]] ValueType type() const { return type_; }
    [[nodiscard]] bool isMap() const { return type_ == ValueType::Map; }
    [[nodiscard]] bool isArray() const { return type_ == ValueType::Array; }

    // Each asserts its types.
    [[nodiscard]] bool asBoolean() const;
    [[nodiscard]] std::int64_t asInteger() const;
    [[nodiscard]] double asReal() const;
    [[nodiscard]] const std::string& asText() const;  ///< of String and Binary
    [[nodiscard]] const Decimal& asDecimal() const;
    [[nodiscard]] const std::vector<Value>& elements() const;
    [[nodiscard]] std::vector<Value>& elements();
    [[nodiscard]] const std::vector<Field>& fields() const;

    /// The field of a map; nullptr when it has none of that name, and for every other type.
    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] Value* find(std::string_view name);
    /// Sets or adds a field of a map and gives it back. The name must be no tag.
    Value& set(std::string_view name, Value value);
    /// Whether there was one.
    bool erase(std::string_view name);

    /// Same type and same content: the int 1 is not the long 1, and 1.5 not the decimal 1.50.
    friend bool operator==(const Value& a, const Value& b);

private:
    std::vector<Field>& ownFields();

    ValueType type_ = ValueType::Null;
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Decimal, std::vector<Value>,
                 std::vector<Field>>
        content_;
};

struct Field {
    std::string name;
    Value value;

    friend bool operator==(const Field&, const Field&) = default;
};

}  // namespace tributary::engine::maprdb::json
