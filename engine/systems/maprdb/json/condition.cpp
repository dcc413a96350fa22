// The parser of conditions.
#include "engine/systems/maprdb/json/condition.h"

#include <fmt/format.h>

#include <array>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "engine/systems/maprdb/json/jsonlimits.h"
#include "engine/systems/maprdb/json/jsontext.h"

namespace tributary::engine::maprdb::json {
namespace {

struct ConditionWord {
    std::string_view name;
    ConditionOp op;
    bool negated = false;
};

constexpr std::array<ConditionWord, 22> kConditionWords{{
    {"$and", ConditionOp::And},
    {"$or", ConditionOp::Or},
    {"$not", ConditionOp::Not},
    {"$eq", ConditionOp::Equal},
    {"$ne", ConditionOp::Equal, true},
    {"$lt", ConditionOp::Less},
    {"$le", ConditionOp::LessOrEqual},
    {"$gt", ConditionOp::Greater},
    {"$ge", ConditionOp::GreaterOrEqual},
    {"$exists", ConditionOp::Exists},
    {"$notexists", ConditionOp::Exists, true},
    {"$in", ConditionOp::In},
    {"$notin", ConditionOp::In, true},
    {"$between", ConditionOp::Between},
    {"$like", ConditionOp::Like},
    {"$notlike", ConditionOp::Like, true},
    {"$matches", ConditionOp::Matches},
    {"$notmatches", ConditionOp::Matches, true},
    {"$typeof", ConditionOp::TypeOf},
    {"$nottypeof", ConditionOp::TypeOf, true},
    {"$sizeof", ConditionOp::SizeOf},
    {"$elementand", ConditionOp::And},  // known to be refused by name
}};

const ConditionWord* conditionWordOf(std::string_view name) {
    // Pages write $typeOf and $typeof for the same.
    const std::string folded = toLower(name);
    for (const ConditionWord& one : kConditionWords) {
        if (one.name == folded) return &one;
    }
    return nullptr;
}

bool isOrder(ConditionOp op) {
    return op >= ConditionOp::Less && op <= ConditionOp::GreaterOrEqual;
}

class ConditionParser {
public:
    Status parse(const Value& json, ConditionPart& out) {
        if (!json.isMap()) return wrong("an operator in { } is due");
        if (json.fields().empty()) return okStatus();
        if (json.fields().size() > 1) {
            return wrong(fmt::format("{} and {} stand side by side: join them by $and",
                                     shownLine(bounded(json.fields()[0].name, 60)),
                                     shownLine(bounded(json.fields()[1].name, 60))));
        }
        const Field& only = json.fields().front();
        const ConditionWord* op = conditionWordOf(only.name);
        if (op == nullptr) return unknown(only.name);
        place_ = op->name;
        if (++parts_ > kConditionPartsMax) {
            return wrong(fmt::format("it has more operators than the limit 'condition' of {}", kConditionPartsMax));
        }
        if (op->name == "$elementand") {
            return Error{ErrorCode::Unsupported, "the operator $elementAnd is not known here", place_,
                         "write the condition with one field path for each part"};
        }
        out.op = op->op;
        out.negated = op->negated;
        if (op->op == ConditionOp::Not) return parse(only.value, out.parts.emplace_back());
        if (op->op == ConditionOp::And || op->op == ConditionOp::Or) return several(only.value, out);
        return leaf(only.value, out);
    }

private:
    [[nodiscard]] Error wrong(std::string_view why) const {
        return {ErrorCode::InvalidInput, fmt::format("the condition cannot be read: {}", why), place_, {}};
    }
    [[nodiscard]] Error unknown(const std::string& name) const {
        std::vector<std::string> names;
        names.reserve(std::size(kConditionWords));
        for (const ConditionWord& one : kConditionWords) names.emplace_back(one.name);
        const std::string near = nearest(toLower(name), names);
        Error error = wrong(fmt::format("'{}' is no operator", shownLine(bounded(name, 60))));
        if (!near.empty()) error.fix = "did you mean " + near + "?";
        return error;
    }

    Status several(const Value& json, ConditionPart& out) {
        if (!json.isArray() || json.elements().empty()) return wrong("a list of conditions in [ ] is due");
        for (const Value& element : json.elements()) {
            if (Status part = parse(element, out.parts.emplace_back()); !part) return part;
        }
        return okStatus();
    }

    Status path(std::string_view text, ConditionPart& out) {
        Result<FieldPath> parsed = FieldPath::parse(text);
        if (!parsed) {
            Error error = parsed.error();
            error.where = place_ + ", " + error.where;
            return error;
        }
        out.path = std::move(parsed).value();
        return okStatus();
    }

    Status leaf(const Value& json, ConditionPart& out) {
        if (out.op == ConditionOp::Exists) {
            if (json.type() != ValueType::String) return wrong("a field path in quotes is due");
            return path(json.asText(), out);
        }
        if (!json.isMap() || json.fields().size() != 1) return wrong("one field path with a value is due, in { }");
        const Field& only = json.fields().front();
        if (Status read = path(only.name, out); !read) return read;
        switch (out.op) {
            case ConditionOp::In:
                if (!only.value.isArray()) return wrong("a list of values in [ ] is due");
                out.values = only.value.elements();
                return okStatus();
            case ConditionOp::Between:
                if (!only.value.isArray() || only.value.elements().size() != 2) {
                    return wrong("two values in [ ] are due");
                }
                out.values = only.value.elements();
                return okStatus();
            case ConditionOp::Like:
            case ConditionOp::Matches: return pattern(only.value, out);
            case ConditionOp::TypeOf: return type(only.value, out);
            case ConditionOp::SizeOf: return size(only.value, out);
            default:
                if (isOrder(out.op) && (only.value.isMap() || only.value.isArray())) {
                    return wrong("maps and arrays have no order: only $eq and $ne know them");
                }
                out.values.push_back(only.value);
                return okStatus();
        }
    }

    Status pattern(const Value& json, ConditionPart& out) {
        const bool hasEscape = out.op == ConditionOp::Like && json.isArray() && json.elements().size() == 2 &&
                               json.elements()[0].type() == ValueType::String &&
                               json.elements()[1].type() == ValueType::String;
        if (!hasEscape && json.type() != ValueType::String) return wrong("a pattern in quotes is due");
        const std::string& text = hasEscape ? json.elements()[0].asText() : json.asText();
        std::uint32_t escape = 0;
        if (hasEscape) {
            const std::string& sign = json.elements()[1].asText();
            if (sign.size() != 1) return wrong("the escape of a pattern is one ASCII character");
            escape = static_cast<unsigned char>(sign.front());
        }
        Result<Pattern> made = out.op == ConditionOp::Like ? Pattern::like(text, escape) : Pattern::regex(text);
        if (!made) {
            Error error = made.error();
            error.where = error.where.empty() ? place_ : place_ + ", " + error.where;
            return error;
        }
        out.pattern = std::move(made).value();
        return okStatus();
    }

    Status type(const Value& json, ConditionPart& out) {
        const auto type = json.type() == ValueType::String ? typeOfName(toLower(json.asText())) : std::nullopt;
        if (!type)
            return wrong(
                "the name of a type is due: null, boolean, string, byte, short, int, long, float, "
                "double, decimal, date, time, timestamp, interval, binary, map or array");
        out.type = *type;
        return okStatus();
    }

    Status size(const Value& json, ConditionPart& out) {
        const bool isOne = json.isMap() && json.fields().size() == 1;
        const ConditionWord* compare = isOne ? conditionWordOf(json.fields().front().name) : nullptr;
        if (compare == nullptr || (compare->op != ConditionOp::Equal && !isOrder(compare->op)) ||
            !isNumeric(json.fields().front().value.type())) {
            return wrong("a comparison with a number is due, as in {\"$ge\": 2}");
        }
        out.size = compare->op;
        out.sizeNegated = compare->negated;
        out.values.push_back(json.fields().front().value);
        return okStatus();
    }

    std::string place_ = "condition";
    std::size_t parts_ = 0;
};

void collectPaths(const ConditionPart& part, std::vector<FieldPath>& out) {
    if (!part.path.empty()) out.push_back(part.path);
    for (const ConditionPart& one : part.parts) collectPaths(one, out);
}

}  // namespace

Result<Condition> Condition::parse(std::string_view json) {
    const Result<Value> value = parseJson(json);
    if (!value) return value.error();
    Condition out;
    if (const Status read = ConditionParser().parse(value.value(), out.root_); !read) return read.error();
    return out;
}

std::vector<FieldPath> Condition::paths() const {
    std::vector<FieldPath> out;
    collectPaths(root_, out);
    return out;
}

}  // namespace tributary::engine::maprdb::json
