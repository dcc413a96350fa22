// Conditions on documents: parsing and evaluating.
//
// Source: vendor pages "OJAI Query Condition Operators" and "OJAI Query Conditions Using Container Field Paths".
//   condition := {} (always)  |  {"$and": [condition, ...]}  |  {"$or": [condition, ...]}  |  {"$not": condition}
//              | {compare: {path: value}}                compare: $eq $ne $lt $le $gt $ge
//              | {"$exists": path} | {"$notexists": path}
//              | {"$in": {path: [value, ...]}} | {"$notin": ...} | {"$between": {path: [low, high]}}
//              | {"$like": {path: pattern | [pattern, escape]}} | {"$notlike": ...}
//              | {"$matches": {path: regular expression}} | {"$notmatches": ...}
//              | {"$typeof": {path: type}} | {"$nottypeof": ...} | {"$sizeof": {path: {compare: number}}}
// A path with [] holds when it holds for any element. Values of types that do not compare satisfy no comparison. $ne
// and the operators with "not" hold exactly where the ones without it do not, so also where the field is missing (the
// vendor does not say).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/systems/maprdb/json/fieldpath.h"
#include "engine/systems/maprdb/json/pattern.h"
#include "engine/systems/maprdb/json/value.h"

namespace tributary::engine::maprdb::json {

enum class ConditionOp : std::uint8_t {
    And,
    Or,
    Not,
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Exists,
    In,
    Between,
    Like,
    Matches,
    TypeOf,
    SizeOf
};

/// One operator with what stands in it.
struct ConditionPart {
    ConditionOp op = ConditionOp::And;
    bool negated = false;                   ///< $ne, $notexists, ...
    FieldPath path;                         ///< of all but And, Or, Not
    std::vector<Value> values;              ///< one; In: any number; Between: two; SizeOf: the number
    ConditionOp size = ConditionOp::Equal;  ///< of a SizeOf: its comparison
    bool sizeNegated = false;
    ValueType type = ValueType::Null;  ///< of a TypeOf
    std::optional<Pattern> pattern;    ///< of Like and Matches
    std::vector<ConditionPart> parts;  ///< of And, Or, Not
};

/// Immutable; may be evaluated from several threads.
class Condition {
public:
    /// Always.
    Condition() = default;
    /// Errors: InvalidInput (not JSON, or not of this grammar; `where` names the operator), Unsupported ($elementAnd,
    /// and what patterns refuse).
    static Result<Condition> parse(std::string_view json);

    [[nodiscard]] bool holds(const Value& document) const;
    /// The paths that it looks at, in the order of the text: a reader needs the right to read them.
    [[nodiscard]] std::vector<FieldPath> paths() const;

private:
    ConditionPart root_;  ///< an And without parts holds always
};

}  // namespace tributary::engine::maprdb::json
