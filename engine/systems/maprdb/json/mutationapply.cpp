// What a mutation makes of a document.
#include <fmt/format.h>

#include <cmath>

#include "core/base/escape.h"
#include "engine/systems/maprdb/json/jsonlimits.h"
#include "engine/systems/maprdb/json/mutation.h"
#include "engine/systems/maprdb/json/valuebytes.h"

namespace tributary::engine::maprdb::json {
namespace {

Error doesNotFit(ValueType type) {
    return {
        ErrorCode::InvalidInput, fmt::format("the sum is outside of the range of the type {}", typeName(type)), {}, {}};
}

bool holdsReal(const Value& value) {
    return value.type() == ValueType::Float || value.type() == ValueType::Double;
}

/// As java.math.BigDecimal.valueOf: a double by its shortest digits.
Result<Decimal> shortestDecimal(const Value& value) {
    if (value.type() == ValueType::Decimal) return value.asDecimal();
    if (!holdsReal(value)) return Decimal::ofInteger(value.asInteger());
    return Decimal::parse(value.type() == ValueType::Float ? fmt::format("{}", static_cast<float>(value.asReal()))
                                                           : fmt::format("{}", value.asReal()));
}

/// Of a whole number and a double, without what is behind the point; nullopt outside of 64 bits.
std::optional<std::int64_t> wholeSum(std::int64_t value, double delta) {
    constexpr double kEnd = 9'223'372'036'854'775'808.0;  // 2^63
    if (!(delta > -kEnd && delta < kEnd)) return std::nullopt;
    double whole = 0;
    const double behind = std::modf(delta, &whole);
    std::int64_t sum = 0;
    if (__builtin_add_overflow(value, static_cast<std::int64_t>(whole), &sum)) return std::nullopt;
    // Cut towards zero, of the exact sum.
    if (sum < 0 && behind > 0) return sum + 1;
    if (sum > 0 && behind < 0) return sum - 1;
    return sum;
}

Result<Value> addToWhole(const Value& value, const Value& delta) {
    std::optional<std::int64_t> sum;
    if (delta.type() == ValueType::Decimal) {
        const Result<Decimal> exact = Decimal::ofInteger(value.asInteger()).plus(delta.asDecimal());
        if (!exact) return exact.error();
        sum = exact.value().truncated();
    } else if (holdsReal(delta)) {
        sum = wholeSum(value.asInteger(), delta.asReal());
    } else {
        std::int64_t exact = 0;
        if (!__builtin_add_overflow(value.asInteger(), delta.asInteger(), &exact)) sum = exact;
    }
    if (!sum) return doesNotFit(value.type());
    Result<Value> out = Value::integer(value.type(), *sum);
    return out ? std::move(out) : doesNotFit(value.type());
}

/// Applies the steps one by one to a copy of the document, and notes each in the write.
class Applier {
public:
    Applier(const std::optional<Value>& document, WriteStamp at)
        : document_(document.value_or(Value::map())), write_(at) {}

    Status apply(const MutationStep& step) {
        step_ = &step;
        return step.op == MutationOp::Delete ? remove() : change();
    }

    Result<StampedDocument> finish() && {
        if (const Status fits = checkDocument(document_); !fits) return fits.error();
        return std::move(write_).finish();
    }

private:
    [[nodiscard]] Error wrong(ErrorCode code, std::string_view why) const {
        return {code, std::string(why), "field " + shownLine(bounded(step_->path.text(), 200)), {}};
    }
    [[nodiscard]] const std::vector<PathSegment>& segments() const { return step_->path.segments(); }

    /// One step down. What is missing is made; `replaces`: what is in the way is replaced.
    Result<Value*> below(Value& value, const PathSegment& segment, bool replaces) const {
        if (segment.kind == PathSegment::Kind::Name) {
            if (!value.isMap()) {
                if (!replaces) return inTheWay(value, "a map");
                value = Value::map();
            }
            Value* found = value.find(segment.name);
            return found != nullptr ? found : &value.set(segment.name, Value());
        }
        if (!value.isArray()) {
            if (!replaces) return inTheWay(value, "an array");
            value = Value::array({});
        }
        // Elements up to the named one are null, as in the vendor's own document builder.
        if (segment.index >= value.elements().size()) value.elements().resize(std::size_t{segment.index} + 1);
        return &value.elements()[segment.index];
    }
    [[nodiscard]] Error inTheWay(const Value& value, std::string_view due) const {
        return wrong(ErrorCode::Conflict,
                     fmt::format("a value of the type {} stands where {} is due", typeName(value.type()), due));
    }

    Status change() {
        Value* target = &document_;
        bool isNew = false;
        const bool replaces = step_->op == MutationOp::Put;
        for (const PathSegment& segment : segments()) {
            // What this very step made is no document's type: it may become what the path says.
            const bool wasThere = !isNew && isThere(*target, segment);
            Result<Value*> next = below(*target, segment, replaces || isNew);
            if (!next) return next.error();
            target = next.value();
            isNew = !wasThere;
        }
        if (Status done = setTarget(*target, isNew); !done) return done;
        note(*target);
        return okStatus();
    }

    static bool isThere(const Value& value, const PathSegment& segment) {
        if (segment.kind == PathSegment::Kind::Name) return value.find(segment.name) != nullptr;
        return value.isArray() && segment.index < value.elements().size();
    }

    Status setTarget(Value& target, bool isNew) {
        const Value& value = step_->value;
        switch (step_->op) {
            case MutationOp::Set:
                if (!isNew && target.type() != value.type()) return inTheWay(target, typeName(value.type()));
                target = value;
                return okStatus();
            case MutationOp::Append: return append(target, isNew);
            case MutationOp::Merge:
                if (isNew) target = Value::map();
                if (!target.isMap()) return inTheWay(target, "a map");
                mergeInto(target, value);
                return okStatus();
            case MutationOp::Increment: {
                if (!isNew && !isNumeric(target.type())) return inTheWay(target, "a number");
                Result<Value> sum = isNew ? Result<Value>(value) : sumOf(target, value);
                if (!sum) return wrong(sum.error().code, sum.error().what);
                target = std::move(sum).value();
                return okStatus();
            }
            default: target = value; return okStatus();
        }
    }

    Status append(Value& target, bool isNew) const {
        const Value& value = step_->value;
        if (isNew) {
            const bool isOwn =
                value.isArray() || value.type() == ValueType::String || value.type() == ValueType::Binary;
            target = isOwn ? value : Value::array({value});
            return okStatus();
        }
        if (target.isArray()) {
            if (value.isArray()) {
                target.elements().insert(target.elements().end(), value.elements().begin(), value.elements().end());
            } else {
                target.elements().push_back(value);
            }
            return okStatus();
        }
        const bool isText = target.type() == ValueType::String || target.type() == ValueType::Binary;
        if (!isText || target.type() != value.type()) return inTheWay(target, "what can be appended to");
        const std::string joined = target.asText() + value.asText();
        target = target.type() == ValueType::String ? Value::string(joined) : Value::binary(joined);
        return okStatus();
    }

    static void mergeInto(Value& target, const Value& value) {
        for (const Field& field : value.fields()) {
            Value* there = target.find(field.name);
            if (there != nullptr && there->isMap() && field.value.isMap()) {
                mergeInto(*there, field.value);
            } else {
                target.set(field.name, field.value);
            }
        }
    }

    /// Writes the field that the step changed; of an array, the whole array.
    void note(const Value& target) {
        const NamePath names = step_->path.leadingNames();
        if (names.size() < segments().size()) {
            write_.put(names, *at(names));
        } else if (step_->op == MutationOp::Merge) {
            write_.merge(names, step_->value);
        } else {
            write_.put(names, target);
        }
    }

    Value* at(const NamePath& names) {
        Value* value = &document_;
        for (const std::string& name : names) {
            if (value != nullptr) value = value->find(name);
        }
        return value;
    }

    Status remove() {
        Value* parent = &document_;
        for (std::size_t i = 0; i + 1 < segments().size() && parent != nullptr; ++i) {
            const PathSegment& segment = segments()[i];
            if (segment.kind == PathSegment::Kind::Name) {
                parent = parent->find(segment.name);
            } else {
                parent = isThere(*parent, segment) ? &parent->elements()[segment.index] : nullptr;
            }
        }
        const PathSegment& last = segments().back();
        const bool found = parent != nullptr && isThere(*parent, last);
        if (found && last.kind == PathSegment::Kind::Name) parent->erase(last.name);
        if (found && last.kind == PathSegment::Kind::Index) {
            parent->elements().erase(parent->elements().begin() + static_cast<std::ptrdiff_t>(last.index));
        }
        const NamePath names = step_->path.leadingNames();
        if (names.size() == segments().size()) {
            write_.remove(names);  // even of what is not here: it may be on its way from elsewhere
        } else if (found) {
            write_.put(names, *at(names));
        }
        return okStatus();
    }

    Value document_;
    DocumentWrite write_;
    const MutationStep* step_ = nullptr;
};

}  // namespace

Result<Value> sumOf(const Value& value, const Value& delta) {
    assert(isNumeric(value.type()) && isNumeric(delta.type()));
    if (isWhole(value.type())) return addToWhole(value, delta);
    if (holdsReal(value)) {
        const double right = holdsReal(delta)                     ? delta.asReal()
                             : delta.type() == ValueType::Decimal ? delta.asDecimal().nearest()
                                                                  : static_cast<double>(delta.asInteger());
        Result<Value> out = Value::real(value.type(), value.asReal() + right);
        return out ? std::move(out) : doesNotFit(value.type());
    }
    const Result<Decimal> right = shortestDecimal(delta);
    if (!right) return right.error();
    Result<Decimal> sum = value.asDecimal().plus(right.value());
    if (!sum) return sum.error();
    return Value::decimal(std::move(sum).value());
}

Result<StampedDocument> Mutation::apply(const std::optional<Value>& document, WriteStamp at) const {
    Applier applier(document, at);
    for (const MutationStep& step : steps_) {
        if (const Status applied = applier.apply(step); !applied) return applied.error();
    }
    return std::move(applier).finish();
}

}  // namespace tributary::engine::maprdb::json
