// Checks, in the order in which Tarantool makes them.
#include "engine/systems/tarantool/data/space.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace tributary::engine::tarantool {
namespace {

bool isNilField(BytesView field) {
    return MsgpackReader(field).type() == MsgpackType::Nil;
}

/// What both a format's type and a key part's let pass, when one of them is the wider.
FieldType narrower(FieldType left, FieldType right) {
    const auto width = [](FieldType type) {
        switch (type) {
            case FieldType::Any: return 4;
            case FieldType::Scalar: return 3;
            case FieldType::Number: return 2;
            case FieldType::Integer: return 1;
            default: return 0;
        }
    };
    return width(left) > width(right) ? right : left;
}

}  // namespace

std::optional<Iterator> iteratorOf(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Iterator>, 7> kNames{{{"eq", Iterator::Eq},
                                                                           {"req", Iterator::Req},
                                                                           {"all", Iterator::All},
                                                                           {"lt", Iterator::Lt},
                                                                           {"le", Iterator::Le},
                                                                           {"ge", Iterator::Ge},
                                                                           {"gt", Iterator::Gt}}};
    const std::string small = toLower(name);
    for (const auto& [known, iterator] : kNames) {
        if (known == small) return iterator;
    }
    return std::nullopt;
}

const Index* Space::index(std::uint32_t id) const {
    const auto at = std::find_if(indexes_.begin(), indexes_.end(), [&](const Index& one) { return one.plan.id == id; });
    return at == indexes_.end() ? nullptr : &*at;
}

void Space::rebuildRequired() {
    required_.clear();
    const auto at = [this](std::size_t field) -> Required& {
        if (field >= required_.size()) required_.resize(field + 1);
        return required_[field];
    };
    for (std::size_t i = 0; i < format_.size(); ++i) at(i) = {format_[i].type, format_[i].isNullable};
    for (const Index& index : indexes_) {
        for (const KeyPart& part : index.plan.parts) {
            Required& required = at(part.field);
            const bool fromFormat = part.field < format_.size();
            required.type = narrower(required.type, part.type);
            required.isNullable =
                (fromFormat ? format_[part.field].isNullable : required.isNullable) && part.isNullable;
        }
    }
}

std::optional<BoxFailure> Space::check(const Tuple& tuple) const {
    // First whether all that is needed is there, then whether it fits.
    for (std::size_t i = tuple.count(); i < required_.size(); ++i) {
        if (!required_[i].isNullable) return failures::fieldMissing(i + 1);
    }
    for (std::size_t i = 0; i < required_.size() && i < tuple.count(); ++i) {
        const BytesView field = tuple.field(i);
        const bool allowed = isNilField(field) ? required_[i].isNullable || required_[i].type == FieldType::Any
                                               : fits(required_[i].type, field);
        if (!allowed) return failures::fieldType(i + 1, fieldTypeName(required_[i].type));
    }
    return std::nullopt;
}

std::optional<BoxFailure> Space::checkUnique(const Tuple& fresh, const Tuple* old) const {
    for (const Index& index : indexes_) {
        if (!index.plan.isUnique || index.order->hasNil(fresh)) continue;
        const TuplePtr found = index.tree.findKey(index.order->keyOf(fresh));
        if (found != nullptr && found.get() != old) return failures::tupleFound(index.plan.name, name_);
    }
    return std::nullopt;
}

void Space::exchange(const TuplePtr& old, const TuplePtr& fresh) {
    for (Index& index : indexes_) {
        if (old != nullptr) index.tree.erase(*old);
        if (fresh != nullptr) index.tree.insert(fresh);
    }
}

std::optional<BoxFailure> Space::setFormat(std::vector<FormatField> format) {
    for (const Index& index : indexes_) {
        for (const KeyPart& part : index.plan.parts) {
            if (part.field >= format.size()) continue;
            const FieldType named = format[part.field].type;
            if (named == FieldType::Any || named == part.type || named == FieldType::Scalar) continue;
            if (part.type == FieldType::Scalar || part.type == FieldType::Number) continue;
            return failures::modifyIndex(index.plan.name, name_, "type of a field differs from that in the format");
        }
    }
    std::swap(format_, format);
    rebuildRequired();
    std::optional<BoxFailure> problem;
    if (primary() != nullptr) {
        primary()->tree.walk([](const Tuple&) { return false; },
                             [&](const TuplePtr& tuple) {
                                 problem = check(*tuple);
                                 return !problem;
                             });
    }
    if (problem) {
        std::swap(format_, format);
        rebuildRequired();
    }
    return problem;
}

std::optional<BoxFailure> Space::checkParts(const IndexPlan& plan) const {
    const bool isPrimary = plan.id == 0;
    if (plan.parts.empty()) return failures::modifyIndex(plan.name, name_, "part count must be positive");
    if (isPrimary && !plan.isUnique) {
        return failures::modifyIndex(plan.name, name_, "primary key must be unique");
    }
    if (plan.kind == IndexKind::Hash && !plan.isUnique) {
        return failures::modifyIndex(plan.name, name_, "HASH index must be unique");
    }
    for (const KeyPart& part : plan.parts) {
        if (!isIndexable(part.type)) {
            return failures::modifyIndex(plan.name, name_,
                                         "field type '" + std::string(fieldTypeName(part.type)) + "' is not supported");
        }
        if (part.isNullable && (isPrimary || plan.kind == IndexKind::Hash)) {
            return isPrimary ? failures::modifyIndex(plan.name, name_, "primary key cannot contain nullable parts")
                             : failures::unsupported("HASH", "nullable parts");
        }
    }
    return std::nullopt;
}

std::optional<BoxFailure> Space::addIndex(IndexPlan plan) {
    for (const Index& index : indexes_) {
        if (index.plan.name == plan.name) return failures::indexExists(plan.name);
    }
    if (indexes_.empty() != (plan.id == 0)) return failures::noSuchIndex(0, name_);
    if (auto problem = checkParts(plan)) return problem;
    const bool isTotal = plan.isUnique && std::none_of(plan.parts.begin(), plan.parts.end(),
                                                       [](const KeyPart& part) { return part.isNullable; });
    auto order = std::make_shared<KeyDef>(plan.parts, isTotal ? std::vector<KeyPart>() : primary()->plan.parts);
    indexes_.push_back({std::move(plan), order, TupleTree(order)});
    rebuildRequired();
    Index& fresh = indexes_.back();
    std::optional<BoxFailure> problem;
    if (indexes_.size() > 1) {
        primary()->tree.walk([](const Tuple&) { return false; },
                             [&](const TuplePtr& tuple) {
                                 problem = check(*tuple);
                                 const bool counts = fresh.plan.isUnique && !fresh.order->hasNil(*tuple);
                                 if (!problem && counts && fresh.tree.findKey(fresh.order->keyOf(*tuple)) != nullptr) {
                                     problem = failures::tupleFound(fresh.plan.name, name_);
                                 }
                                 if (!problem) fresh.tree.insert(tuple);
                                 return !problem;
                             });
    }
    if (problem) {
        indexes_.pop_back();
        rebuildRequired();
    }
    return problem;
}

std::optional<BoxFailure> Space::dropIndex(std::uint32_t id) {
    if (index(id) == nullptr) return failures::noSuchIndex(id, name_);
    if (id == 0 && indexes_.size() > 1) {
        return failures::modifyIndex(indexes_.front().plan.name, name_,
                                     "Can't drop primary key in space '" + name_ + "' while secondary keys exist");
    }
    std::erase_if(indexes_, [&](const Index& one) { return one.plan.id == id; });
    rebuildRequired();
    return std::nullopt;
}

std::optional<BoxFailure> Space::select(const Index& index, BytesView keyArray, Iterator iterator,
                                        const TupleTree::Visit& visit) {
    Key key;
    if (auto problem = index.order->parseKey(keyArray, false, key)) return problem;
    const KeyDef& order = *index.order;
    const bool isWhole = key.size() == order.parts().size();
    if (index.plan.kind == IndexKind::Hash) {
        if (!key.empty() && !isWhole) return failures::partialHashKey(order.parts().size(), key.size());
        const bool can =
            key.empty() || iterator == Iterator::Eq || iterator == Iterator::All || iterator == Iterator::Gt;
        if (!can) return failures::unsupported("Index '" + index.plan.name + "' (HASH)", "requested iterator type");
    }
    const auto cmp = [&](const Tuple& tuple) { return order.compareToKey(tuple, key); };
    const auto never = [](const Tuple&) { return false; };
    if (key.empty() || iterator == Iterator::All) {
        const bool back = iterator == Iterator::Lt || iterator == Iterator::Le || iterator == Iterator::Req;
        if (back) {
            index.tree.walkBack(never, visit);
        } else {
            index.tree.walk(never, visit);
        }
        return std::nullopt;
    }
    const auto whileEqual = [&](const TuplePtr& tuple) { return cmp(*tuple) == 0 && visit(tuple); };
    switch (iterator) {
        case Iterator::Eq: index.tree.walk([&](const Tuple& tuple) { return cmp(tuple) < 0; }, whileEqual); break;
        case Iterator::Ge: index.tree.walk([&](const Tuple& tuple) { return cmp(tuple) < 0; }, visit); break;
        case Iterator::Gt: index.tree.walk([&](const Tuple& tuple) { return cmp(tuple) <= 0; }, visit); break;
        case Iterator::Req: index.tree.walkBack([&](const Tuple& tuple) { return cmp(tuple) > 0; }, whileEqual); break;
        case Iterator::Le: index.tree.walkBack([&](const Tuple& tuple) { return cmp(tuple) > 0; }, visit); break;
        case Iterator::Lt: index.tree.walkBack([&](const Tuple& tuple) { return cmp(tuple) >= 0; }, visit); break;
        case Iterator::All: break;
    }
    return std::nullopt;
}

}  // namespace tributary::engine::tarantool
