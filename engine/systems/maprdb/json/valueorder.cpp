// Comparing values, and the table of precedence.
#include "engine/systems/maprdb/json/valueorder.h"

#include <algorithm>
#include <cmath>

namespace tributary::engine::maprdb::json {
namespace {

template <typename T>
int ordered(const T& a, const T& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

bool isReal(const Value& value) {
    return value.type() == ValueType::Float || value.type() == ValueType::Double;
}

Decimal decimalOf(const Value& value) {
    if (value.type() == ValueType::Decimal) return value.asDecimal();
    return isReal(value) ? Decimal::exactly(value.asReal()) : Decimal::ofInteger(value.asInteger());
}

/// A double holds not every 64-bit integer, so neither is turned into the other's type.
int compareWholeWithReal(std::int64_t whole, double real) {
    constexpr double kEnd = 9'223'372'036'854'775'808.0;  // 2^63
    if (real >= kEnd) return -1;
    if (real < -kEnd) return 1;
    const double floor = std::floor(real);
    const int order = ordered(whole, static_cast<std::int64_t>(floor));
    return order != 0 ? order : real > floor ? -1 : 0;
}

int compareNumbers(const Value& a, const Value& b) {
    if (a.type() == ValueType::Decimal || b.type() == ValueType::Decimal) return decimalOf(a).compare(decimalOf(b));
    if (isReal(a))
        return isReal(b) ? ordered(a.asReal(), b.asReal()) : -compareWholeWithReal(b.asInteger(), a.asReal());
    if (isReal(b)) return compareWholeWithReal(a.asInteger(), b.asReal());
    return ordered(a.asInteger(), b.asInteger());
}

}  // namespace

const std::vector<TypePrecedence>& typePrecedences() {
    static const std::vector<TypePrecedence> kTable = [] {
        std::vector<TypePrecedence> table;
        for (int code = 1; code <= static_cast<int>(ValueType::Array); ++code) {
            table.push_back({static_cast<ValueType>(code), code, Confidence::Inferred});
        }
        return table;
    }();
    return kTable;
}

int precedenceOf(ValueType type) {
    return typePrecedences().at(static_cast<std::size_t>(type) - 1).rank;
}

std::optional<int> compareValues(const Value& a, const Value& b) {
    if (isNumeric(a.type()) && isNumeric(b.type())) return compareNumbers(a, b);
    if (a.type() != b.type()) return std::nullopt;
    switch (a.type()) {
        case ValueType::Null: return 0;
        case ValueType::Boolean: return ordered(a.asBoolean(), b.asBoolean());
        case ValueType::String:
        case ValueType::Binary: return ordered(a.asText(), b.asText());
        case ValueType::Map:
        case ValueType::Array: return std::nullopt;
        default: return ordered(a.asInteger(), b.asInteger());
    }
}

bool equalValues(const Value& a, const Value& b) {
    if (a.isMap() && b.isMap()) {
        return std::equal(a.fields().begin(), a.fields().end(), b.fields().begin(), b.fields().end(),
                          [](const Field& left, const Field& right) {
                              return left.name == right.name && equalValues(left.value, right.value);
                          });
    }
    if (a.isArray() && b.isArray()) {
        return std::equal(a.elements().begin(), a.elements().end(), b.elements().begin(), b.elements().end(),
                          equalValues);
    }
    return compareValues(a, b) == 0;
}

}  // namespace tributary::engine::maprdb::json
