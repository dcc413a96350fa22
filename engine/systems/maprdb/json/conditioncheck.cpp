// Whether a condition holds for a document.
#include <algorithm>
#include <functional>

#include "engine/systems/maprdb/json/condition.h"
#include "engine/systems/maprdb/json/valueorder.h"

namespace tributary::engine::maprdb::json {
namespace {

using Test = std::function<bool(const Value&)>;

/// Whether the test holds for any value that the rest of a path (from segment `at` on) names.
bool any(const Value& value, const FieldPath& path, std::size_t at, const Test& test) {
    if (at == path.segments().size()) return test(value);
    const PathSegment& segment = path.segments()[at];
    switch (segment.kind) {
        case PathSegment::Kind::Name: {
            const Value* field = value.find(segment.name);
            return field != nullptr && any(*field, path, at + 1, test);
        }
        case PathSegment::Kind::Index:
            return value.isArray() && segment.index < value.elements().size() &&
                   any(value.elements()[segment.index], path, at + 1, test);
        case PathSegment::Kind::Every: break;
    }
    if (!value.isArray()) return any(value, path, at + 1, test);
    return std::any_of(value.elements().begin(), value.elements().end(),
                       [&](const Value& element) { return any(element, path, at + 1, test); });
}

bool compares(ConditionOp op, const Value& value, const Value& reference) {
    if (op == ConditionOp::Equal) return equalValues(value, reference);
    const auto order = compareValues(value, reference);
    if (!order) return false;
    switch (op) {
        case ConditionOp::Less: return *order < 0;
        case ConditionOp::LessOrEqual: return *order <= 0;
        case ConditionOp::Greater: return *order > 0;
        default: return *order >= 0;
    }
}

/// Elements, fields, or bytes; a scalar of another type has no size.
std::optional<std::size_t> sizeOf(const Value& value) {
    switch (value.type()) {
        case ValueType::Array: return value.elements().size();
        case ValueType::Map: return value.fields().size();
        case ValueType::String:
        case ValueType::Binary: return value.asText().size();
        default: return std::nullopt;
    }
}

bool sizeHolds(const ConditionPart& part, const Value& value) {
    const auto size = sizeOf(value);
    if (!size) return false;
    const Result<Value> number = Value::integer(ValueType::Long, static_cast<std::int64_t>(*size));
    return compares(part.size, number.value(), part.values.front()) != part.sizeNegated;
}

bool valueHolds(const ConditionPart& part, const Value& value) {
    switch (part.op) {
        case ConditionOp::Exists: return true;
        case ConditionOp::In:
            return std::any_of(part.values.begin(), part.values.end(),
                               [&](const Value& one) { return equalValues(value, one); });
        case ConditionOp::Between:
            return compares(ConditionOp::GreaterOrEqual, value, part.values[0]) &&
                   compares(ConditionOp::LessOrEqual, value, part.values[1]);
        case ConditionOp::Like:
        case ConditionOp::Matches: return value.type() == ValueType::String && part.pattern->matches(value.asText());
        case ConditionOp::TypeOf: return value.type() == part.type;
        case ConditionOp::SizeOf: return sizeHolds(part, value);
        default: return compares(part.op, value, part.values.front());
    }
}

bool partHolds(const ConditionPart& part, const Value& document) {
    const auto holds = [&](const ConditionPart& one) { return partHolds(one, document); };
    switch (part.op) {
        case ConditionOp::And: return std::all_of(part.parts.begin(), part.parts.end(), holds);
        case ConditionOp::Or: return std::any_of(part.parts.begin(), part.parts.end(), holds);
        case ConditionOp::Not: return !holds(part.parts.front());
        default: break;
    }
    const bool found = any(document, part.path, 0, [&](const Value& value) { return valueHolds(part, value); });
    return found != part.negated;
}

}  // namespace

bool Condition::holds(const Value& document) const {
    return partHolds(root_, document);
}

}  // namespace tributary::engine::maprdb::json
