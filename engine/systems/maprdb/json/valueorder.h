// How values compare, and which type wins a conflict.
#pragma once

#include <optional>

#include "engine/systems/maprdb/json/value.h"

namespace tributary::engine::maprdb::json {

/// How sure a row of the table of precedence is.
enum class Confidence : std::uint8_t {
    Documented,  ///< a page of the vendor says so
    Inferred     ///< ours, until somebody finds the vendor's list
};

struct TypePrecedence {
    ValueType type;
    int rank = 0;  ///< the higher one is kept
    Confidence confidence = Confidence::Inferred;
};

/// One row for each type, each with a rank of its own. That the type of higher precedence is kept is the vendor's word
/// (5.2, conflicts of JSON tables); the list itself is lost, so the order of the OJAI type codes stands in.
[[nodiscard]] const std::vector<TypePrecedence>& typePrecedences();
[[nodiscard]] int precedenceOf(ValueType type);

/// -1, 0 or 1; nullopt where an order has no meaning. All numeric types compare with each other by exact value; every
/// other scalar with its own type only (texts and binaries by bytes, false before true, null equals null); maps and
/// arrays never. Source: vendor pages "Using Comparable JSON Document Data Types" and "... Non-comparable ...".
[[nodiscard]] std::optional<int> compareValues(const Value& a, const Value& b);

/// Equality as conditions mean it: compareValues() is 0, or maps with the same fields and arrays with the same elements
/// in order, by this equality.
[[nodiscard]] bool equalValues(const Value& a, const Value& b);

}  // namespace tributary::engine::maprdb::json
