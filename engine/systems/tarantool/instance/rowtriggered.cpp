// What a space's own functions make of a statement.
#include "engine/systems/tarantool/instance/rowkeys.h"
#include "engine/systems/tarantool/instance/rowwork.h"

namespace tributary::engine::tarantool {
namespace {

/// As functions are told it.
std::string_view operationName(PacketType type) {
    switch (type) {
        case PacketType::Insert: return "INSERT";
        case PacketType::Replace: return "REPLACE";
        case PacketType::Update: return "UPDATE";
        case PacketType::Delete: return "DELETE";
        default: return "UPSERT";
    }
}

}  // namespace

Result<std::optional<Effect>> RowWork::askBefore(const Statement& at, const TuplePtr& old, const TuplePtr& fresh) {
    const Space& space = at.space;
    const auto outcome =
        triggers_->run(RowTriggers::When::Before, {space.id(), space.name(), old, fresh, operationName(at.type)});
    if (outcome.failure) return std::optional(Effect(*outcome.failure));
    if (!outcome.isChanged) return std::optional<Effect>();
    const TuplePtr& wanted = outcome.fresh;
    const bool isNothing = wanted == nullptr ? old == nullptr : old != nullptr && old->bytes() == wanted->bytes();
    if (isNothing) {
        at.rewritten.type = PacketType::Nop;
        return std::optional(Effect(TuplePtr()));
    }
    BodyWriter body;
    body.number(BodyKey::SpaceId, space.id());
    if (wanted == nullptr) {
        body.raw(BodyKey::Key, primaryKeyOf(space, *old));
    } else {
        if (auto problem = space.check(*wanted)) return std::optional(Effect(*problem));
        if (old != nullptr && !space.primary()->order->sameKey(*old, *wanted)) {
            return std::optional(Effect(failures::updatesPrimaryKey(space.primary()->plan.name, space.name())));
        }
        body.raw(BodyKey::Tuple, wanted->bytes());
    }
    TuplePtr before = old;
    if (before == nullptr) {
        auto found = primaryRow(space, *wanted);
        if (!found) return found.error();
        before = found.value();
    }
    auto done = exchange(at, before, wanted, false);
    if (!done) return done.error();
    if (std::holds_alternative<TuplePtr>(done.value())) {
        at.rewritten.type = wanted == nullptr ? PacketType::Delete : PacketType::Replace;
        at.rewritten.body = body.take();
    }
    return std::optional(std::move(done).value());
}

RowWork::Failure RowWork::askAfter(const Statement& at, const TuplePtr& old, const TuplePtr& fresh) {
    return triggers_
        ->run(RowTriggers::When::After, {at.space.id(), at.space.name(), old, fresh, operationName(at.type)})
        .failure;
}

}  // namespace tributary::engine::tarantool
