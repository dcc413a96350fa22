// The parser of mutations.
#include "engine/systems/maprdb/json/mutation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "engine/systems/maprdb/json/jsonlimits.h"
#include "engine/systems/maprdb/json/jsontext.h"

namespace tributary::engine::maprdb::json {
namespace {

struct MutationWord {
    std::string_view name;
    MutationOp op;
    bool negates = false;
};

constexpr std::array<MutationWord, 8> kMutationWords{{
    {"$put", MutationOp::Put},
    {"$setorreplace", MutationOp::Put},
    {"$set", MutationOp::Set},
    {"$append", MutationOp::Append},
    {"$merge", MutationOp::Merge},
    {"$increment", MutationOp::Increment},
    {"$decrement", MutationOp::Increment, true},
    {"$delete", MutationOp::Delete},
}};

Error misread(std::string_view why, std::string_view where) {
    return {ErrorCode::InvalidInput, fmt::format("the mutation cannot be read: {}", why), std::string(where), {}};
}

Result<Value> negated(const Value& value) {
    switch (value.type()) {
        case ValueType::Float:
        case ValueType::Double: return Value::real(value.type(), -value.asReal());
        case ValueType::Decimal: {
            Decimal out = value.asDecimal();
            out.negative = !out.negative && !out.digits.empty();
            return Value::decimal(std::move(out));
        }
        default:
            if (value.asInteger() != INT64_MIN) return Value::integer(value.type(), -value.asInteger());
            return Error{ErrorCode::InvalidInput, "the smallest long has no negative", {}, {}};
    }
}

class MutationParser {
public:
    Status parse(const Value& json) {
        if (!json.isMap()) return misread("operators in { } are due", "mutation");
        for (const Field& field : json.fields()) {
            const std::string folded = toLower(field.name);
            const auto* op = std::find_if(kMutationWords.begin(), kMutationWords.end(),
                                          [&](const MutationWord& one) { return one.name == folded; });
            if (op == kMutationWords.end()) {
                return misread(fmt::format("'{}' is no operator", shownLine(bounded(field.name, 60))), "mutation");
            }
            if (Status read = operands(*op, field.value); !read) return read;
        }
        return okStatus();
    }
    std::vector<MutationStep>&& steps() && { return std::move(steps_); }

private:
    Status operands(const MutationWord& op, const Value& json) {
        if (!json.isArray()) return operand(op, json);
        for (const Value& element : json.elements()) {
            if (Status read = operand(op, element); !read) return read;
        }
        return okStatus();
    }

    Status operand(const MutationWord& op, const Value& json) {
        const bool isPath = json.type() == ValueType::String;
        if (isPath && op.op == MutationOp::Delete) return step(op, json.asText(), Value());
        if (isPath && op.op == MutationOp::Increment) {
            return step(op, json.asText(), Value::integer(ValueType::Long, 1).value());
        }
        if (op.op == MutationOp::Delete) return misread("a field path in quotes is due", op.name);
        if (!json.isMap()) return misread("field paths with values are due, in { }", op.name);
        for (const Field& field : json.fields()) {
            if (Status read = step(op, field.name, field.value); !read) return read;
        }
        return okStatus();
    }

    Status step(const MutationWord& op, std::string_view text, const Value& value) {
        Result<FieldPath> path = FieldPath::parse(text);
        if (!path) {
            Error error = path.error();
            error.where = fmt::format("{}, {}", op.name, error.where);
            return error;
        }
        MutationStep out{op.op, std::move(path).value(), value};
        if (op.negates && isNumeric(value.type())) {
            Result<Value> less = negated(value);
            if (!less) return less.error();
            out.value = std::move(less).value();
        }
        steps_.push_back(std::move(out));
        return okStatus();
    }

    std::vector<MutationStep> steps_;
};

Status checkStep(const MutationStep& step) {
    const std::string where = shownLine(bounded(step.path.text(), 200));
    if (step.path.empty()) return misread("a step names no field", "mutation");
    if (step.path.segments().front().name == "_id") return misread("_id is the key of the document and stays", where);
    const bool hasEvery = std::any_of(step.path.segments().begin(), step.path.segments().end(),
                                      [](const PathSegment& one) { return one.kind == PathSegment::Kind::Every; });
    if (hasEvery) return misread("[] names no single element", where);
    if (step.op == MutationOp::Merge && !step.value.isMap()) return misread("only a map can be merged", where);
    if (step.op == MutationOp::Increment && !isNumeric(step.value.type())) {
        return misread("only a number can be added", where);
    }
    return okStatus();
}

}  // namespace

Result<Mutation> Mutation::parse(std::string_view json) {
    const Result<Value> value = parseJson(json);
    if (!value) return value.error();
    MutationParser parser;
    if (const Status read = parser.parse(value.value()); !read) return read.error();
    return of(std::move(parser).steps());
}

Result<Mutation> Mutation::of(std::vector<MutationStep> steps) {
    if (const Status fits = checkLimit("mutation", steps.size(), kMutationStepsMax, "steps", "a mutation"); !fits) {
        return fits.error();
    }
    std::vector<const FieldPath*> paths;
    for (const MutationStep& step : steps) {
        if (const Status good = checkStep(step); !good) return good.error();
        paths.push_back(&step.path);
    }
    // In this order all that lies below a path follows it at once.
    std::sort(paths.begin(), paths.end(), [](const FieldPath* a, const FieldPath* b) { return *a < *b; });
    for (std::size_t i = 1; i < paths.size(); ++i) {
        if (!paths[i - 1]->covers(*paths[i])) continue;
        return misread(fmt::format("{} and {} overlap", shownLine(bounded(paths[i - 1]->text(), 60)),
                                   shownLine(bounded(paths[i]->text(), 60))),
                       "mutation");
    }
    Mutation out;
    out.steps_ = std::move(steps);
    return out;
}

bool Mutation::reads() const {
    return std::any_of(steps_.begin(), steps_.end(), [](const MutationStep& step) {
        return (step.op != MutationOp::Put && step.op != MutationOp::Delete) || !step.path.isNamesOnly();
    });
}

}  // namespace tributary::engine::maprdb::json
