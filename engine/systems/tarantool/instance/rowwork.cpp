// Statements and reads.
#include "engine/systems/tarantool/instance/rowwork.h"

#include "engine/systems/tarantool/data/updates.h"
#include "engine/systems/tarantool/instance/rowkeys.h"
#include "engine/systems/tarantool/instance/systemviews.h"
#include "engine/systems/tarantool/instance/tupletext.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kTupleBytesMax = 1U << 20U;

BoxFailure duplicate(const Index& index, const Space& space, const Tuple& old, const Tuple& fresh) {
    return {static_cast<std::uint32_t>(BoxError::TupleFound),
            "Duplicate key exists in unique index \"" + index.plan.name + "\" in space \"" + space.name() +
                "\" with old tuple - " + tupleText(old.bytes()) + " and new tuple - " + tupleText(fresh.bytes()),
            {}};
}

Error damagedRow() {
    return Error{ErrorCode::Corrupt, "a row of an instance is damaged", {}, {}};
}

/// Operations of a row, whose fields count from 1 then.
Bytes operationsOf(const PacketBody& body, BodyKey key) {
    const BytesView operations = body.field(key).value_or(BytesView());
    return body.number(BodyKey::IndexBase).value_or(0) == 1 ? Bytes(operations) : countedFromOne(operations);
}

std::uint64_t numberOr(const PacketBody& body, BodyKey key, std::uint64_t otherwise) {
    return body.number(key).value_or(otherwise);
}

}  // namespace

BytesView imageOf(BytesView record) {
    return record.size() < sizeof(std::uint64_t) ? BytesView() : record.substr(sizeof(std::uint64_t));
}

void RowWork::set(Bytes key, Bytes image) {
    const std::size_t size = image.empty() ? 0 : key.size() + image.size();
    const auto at = changed_.lower_bound(key);
    if (at == changed_.end() || at->first != key) {
        const auto made = changed_.emplace_hint(at, std::move(key), std::move(image));
        if (!isPicture_) undo_.push_back({made, true, {}});
    } else {
        grown_ -= at->second.empty() ? 0 : at->first.size() + at->second.size();
        Bytes before = std::exchange(at->second, std::move(image));
        if (!isPicture_) undo_.push_back({at, false, std::move(before)});
    }
    grown_ += size;
}

void RowWork::takeBack(const Mark& to) {
    for (; undo_.size() > to.changes; undo_.pop_back()) {
        Undo& last = undo_.back();
        grown_ -= last.at->second.empty() ? 0 : last.at->first.size() + last.at->second.size();
        if (last.isFresh) {
            changed_.erase(last.at);
            continue;
        }
        last.at->second = std::move(last.image);
        grown_ += last.at->second.empty() ? 0 : last.at->first.size() + last.at->second.size();
    }
    for (; clockUndo_.size() > to.clocks; clockUndo_.pop_back()) {
        const ClockUndo& last = clockUndo_.back();
        Clock& clock = clocks_[last.id];
        if (clock.isChanged && !last.wasChanged) --clocksChanged_;
        clock.isChanged = last.wasChanged;
        clock.lsn = last.lsn;
    }
    spaces_.clear();
    ownId_ = 0;
}

void RowWork::settle() {
    undo_.clear();
    clockUndo_.clear();
}

Result<std::optional<Bytes>> RowWork::image(BytesView key) {
    if (const auto at = changed_.find(key); at != changed_.end()) {
        return at->second.empty() ? std::optional<Bytes>() : std::optional(at->second);
    }
    auto record = view_.get(key);
    if (!record) return record.error();
    if (!record.value() || imageOf(*record.value()).empty()) return std::optional<Bytes>();
    return std::optional(Bytes(imageOf(*record.value())));
}

Status RowWork::scan(BytesView from, BytesView to, const std::function<bool(BytesView key, BytesView image)>& visit) {
    auto at = changed_.lower_bound(from);
    const auto end = to.empty() ? changed_.end() : changed_.lower_bound(to);
    bool going = true;
    const auto showChanged = [&] {
        if (!at->second.empty()) going = visit(at->first, at->second);
        ++at;
    };
    const Status walked = view_.scan(from, to, [&](BytesView key, BytesView record) {
        while (going && at != end && BytesView(at->first) < key) showChanged();
        if (!going) return false;
        if (at != end && BytesView(at->first) == key) {
            showChanged();
        } else if (const BytesView image = imageOf(record); !image.empty()) {
            going = visit(key, image);
        }
        return going;
    });
    if (!walked) return walked;
    while (going && at != end) showChanged();
    return okStatus();
}

Result<std::vector<Bytes>> RowWork::keysUnder(BytesView prefix) {
    std::vector<Bytes> keys;
    const Status walked = scan(prefix, behindPrefix(prefix), [&](BytesView key, BytesView) {
        keys.emplace_back(key);
        return true;
    });
    if (!walked) return walked.error();
    return keys;
}

Status RowWork::dropUnder(BytesView prefix) {
    const auto keys = keysUnder(prefix);
    if (!keys) return keys.error();
    for (const Bytes& key : keys.value()) set(key, {});
    return okStatus();
}

Result<std::optional<SpacePlan>> RowWork::plan(std::uint32_t id) {
    const auto bytes = image(planKey(id));
    if (!bytes) return bytes.error();
    if (!bytes.value()) return std::optional<SpacePlan>();
    auto read = SpacePlan::decode(*bytes.value());
    if (!read) return read.error();
    return std::optional(std::move(read).value());
}

Result<std::shared_ptr<const Space>> RowWork::heldSpace(std::uint32_t id) {
    if (const auto at = spaces_.find(id); at != spaces_.end()) return at->second;
    const auto bytes = image(planKey(id));
    if (!bytes) return bytes.error();
    if (!bytes.value()) return std::shared_ptr<const Space>();
    auto held = known_ == nullptr ? nullptr : known_->find(id, *bytes.value());
    if (held == nullptr) {
        const auto read = SpacePlan::decode(*bytes.value());
        if (!read) return read.error();
        std::optional<Space> made;
        if (makeSpace(read.value(), made) || !made) return damagedRow();
        held = std::make_shared<const Space>(std::move(*made));
        if (known_ != nullptr) known_->keep(id, *bytes.value(), held);
    }
    return spaces_.emplace(id, std::move(held)).first->second;
}

Result<const Space*> RowWork::space(std::uint32_t id) {
    const auto held = heldSpace(id);
    if (!held) return held.error();
    return held.value().get();
}

Result<const Space*> RowWork::spaceNamed(std::string_view name) {
    Bytes key;
    MsgpackWriter writer(key);
    writer.array(1);
    writer.string(name);
    auto found = get(kSpaceSpace, 2, key);
    if (!found) return found.error();
    const auto* row = std::get_if<TuplePtr>(&found.value());
    if (row == nullptr || *row == nullptr) return static_cast<const Space*>(nullptr);
    return space(idField(**row, 0));
}

Result<TuplePtr> RowWork::primaryRow(const Space& space, const Tuple& like) {
    Bytes key;
    if (rowKeyOf(space, *space.primary(), like, key)) return TuplePtr();
    auto bytes = image(key);
    if (!bytes) return bytes.error();
    return bytes.value() ? Tuple::make(std::move(*bytes.value())) : TuplePtr();
}

Result<Effect> RowWork::get(std::uint32_t asked, std::uint32_t indexId, BytesView keyArray) {
    const std::uint32_t id = behindView(asked);
    const auto found = space(id);
    if (!found) return found.error();
    if (found.value() == nullptr) return Effect(failures::noSuchSpace(std::to_string(id)));
    const Space& in = *found.value();
    const Index* index = in.index(indexId);
    if (index == nullptr) return Effect(failures::noSuchIndex(indexId, in.name()));
    if (!index->plan.isUnique) {
        return Effect(BoxFailure{41, "Get() doesn't support partial keys and non-unique indexes", {}});
    }
    Key key;
    if (auto problem = index->order->parseKey(keyArray, true, key)) return Effect(*problem);
    TuplePtr tuple;
    const auto walked = select(id, indexId, keyArray, Iterator::Eq, [&](const TuplePtr& one) {
        tuple = one;
        return false;
    });
    if (!walked) return walked.error();
    return walked.value() ? Effect(*walked.value()) : Effect(tuple);
}

Result<std::optional<BoxFailure>> RowWork::select(std::uint32_t asked, std::uint32_t indexId, BytesView keyArray,
                                                  Iterator iterator, const Visit& visit) {
    const std::uint32_t id = behindView(asked);
    const auto found = space(id);
    if (!found) return found.error();
    if (found.value() == nullptr) return Failure(failures::noSuchSpace(std::to_string(id)));
    const Space& in = *found.value();
    const Index* index = in.index(indexId);
    if (index == nullptr) return Failure(failures::noSuchIndex(indexId, in.name()));
    // The tree of a plan is empty: this only checks key and iterator.
    if (auto problem = Space::select(*index, keyArray, iterator, [](const TuplePtr&) { return true; })) return problem;
    Key key;
    if (auto problem = index->order->parseKey(keyArray, false, key)) return problem;
    const Bytes all = indexPrefix(id, indexId);
    Bytes prefix = all;
    if (auto problem = appendParts(prefix, key)) return problem;
    Bytes from = all;
    Bytes to = behindPrefix(all);
    const bool isWhole = key.empty() || iterator == Iterator::All;
    if (!isWhole) {
        if (iterator == Iterator::Gt) from = behindPrefix(prefix);
        if (iterator == Iterator::Lt) to = prefix;
        if (iterator == Iterator::Eq || iterator == Iterator::Req || iterator == Iterator::Ge) from = prefix;
        if (iterator == Iterator::Eq || iterator == Iterator::Req || iterator == Iterator::Le) {
            to = behindPrefix(prefix);
        }
    }
    const bool back = iterator == Iterator::Lt || iterator == Iterator::Le || iterator == Iterator::Req;
    std::vector<Bytes> backwards;
    bool isDamaged = false;
    const auto show = [&](BytesView image) {
        auto bytes = indexId == 0 ? Result<std::optional<Bytes>>(std::optional(Bytes(image)))
                                  : this->image(indexPrefix(id, 0) + Bytes(image));
        const TuplePtr tuple = bytes && bytes.value() ? Tuple::make(std::move(*bytes.value())) : nullptr;
        isDamaged = tuple == nullptr;
        return !isDamaged && visit(tuple);
    };
    const Status walked = scan(from, to, [&](BytesView, BytesView image) {
        if (!back) return show(image);
        backwards.emplace_back(image);
        return true;
    });
    if (!walked) return walked.error();
    for (auto at = backwards.rbegin(); at != backwards.rend(); ++at) {
        if (!show(*at)) break;
    }
    if (isDamaged) return damagedRow();
    return Failure();
}

RowWork::Failure RowWork::keysOf(const Space& space, const Tuple& tuple, std::vector<Bytes>& keys) {
    const auto& indexes = space.indexes();
    keys.resize(indexes.size());
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        if (auto problem = rowKeyOf(space, indexes[i], tuple, keys[i])) return problem;
    }
    return std::nullopt;
}

RowWork::Outcome RowWork::checkUnique(const Space& space, const TuplePtr& old, const Tuple& fresh,
                                      const std::vector<Bytes>& keys) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const Index& index = space.indexes()[i];
        if (!index.plan.isUnique || index.order->hasNil(fresh)) continue;
        auto holder = image(keys[i]);
        if (!holder) return holder.error();
        if (!holder.value()) continue;
        if (index.plan.id != 0) holder = image(indexPrefix(space.id(), 0) + *holder.value());
        const TuplePtr held = holder && holder.value() ? Tuple::make(*holder.value()) : nullptr;
        if (held == nullptr) return damagedRow();
        if (old != nullptr && space.primary()->order->sameKey(*held, *old)) continue;
        return Failure(duplicate(index, space, *held, fresh));
    }
    return Failure();
}

RowWork::Outcome RowWork::put(const Space& space, const TuplePtr& old, const TuplePtr& fresh,
                              std::vector<Bytes>& keys) {
    if (old != nullptr) {
        std::vector<Bytes> gone;
        if (auto problem = keysOf(space, *old, gone)) return problem;
        for (std::size_t i = 0; i < gone.size(); ++i) {
            const bool isPlaceOfFresh = fresh != nullptr && gone[i] == keys[i];
            if (!isPlaceOfFresh) set(std::move(gone[i]), {});
        }
    }
    if (fresh == nullptr) return Failure();
    const Bytes primary = keys.size() > 1 ? keys.front().substr(indexPrefix(space.id(), 0).size()) : Bytes();
    for (std::size_t i = 0; i < keys.size(); ++i) set(std::move(keys[i]), i == 0 ? Bytes(fresh->bytes()) : primary);
    return Failure();
}

Result<Effect> RowWork::exchange(const Statement& at, const TuplePtr& old, const TuplePtr& fresh, bool isInsert) {
    const Space& space = at.space;
    if (fresh != nullptr) {
        if (fresh->bytes().size() > kTupleBytesMax) {
            return Effect(failures::memoryIssue(fresh->bytes().size(), "slab allocator", "memtx_tuple"));
        }
        if (auto problem = space.check(*fresh)) return Effect(*problem);
        if (auto problem = keysOf(space, *fresh, keys_)) return Effect(*problem);
        const auto unique = checkUnique(space, isInsert ? nullptr : old, *fresh, keys_);
        if (!unique) return unique.error();
        if (unique.value()) return Effect(*unique.value());
    }
    const Mark before = mark();
    auto done = put(space, old, fresh, keys_);
    if (done && !done.value() && space.id() < kFirstUserSpace) done = obey(space.id(), old, fresh);
    if (done && !done.value() && at.asks.after) done = askAfter(at, old, fresh);
    if (done && !done.value()) return fresh != nullptr ? Effect(fresh) : Effect(old);
    if (!isPicture_) takeBack(before);
    return done ? Result<Effect>(Effect(*done.value())) : done.error();
}

Result<Effect> RowWork::write(const Statement& at) {
    const TuplePtr fresh = Tuple::make(Bytes(at.body.field(BodyKey::Tuple).value_or(BytesView())));
    if (fresh == nullptr) return Effect(failures::tupleNotArray());
    const bool isInsert = at.type == PacketType::Insert;
    TuplePtr old;
    if (!isInsert || at.asks.before) {
        if (auto problem = at.space.check(*fresh)) return Effect(*problem);
        auto found = primaryRow(at.space, *fresh);
        if (!found) return found.error();
        old = found.value();
    }
    if (at.asks.before) {
        auto asked = askBefore(at, old, fresh);
        if (!asked) return asked.error();
        if (asked.value()) return std::move(*asked.value());
    }
    return exchange(at, isInsert ? nullptr : old, fresh, isInsert);
}

Result<Effect> RowWork::upsert(const Statement& at) {
    const Space& space = at.space;
    TuplePtr fresh = Tuple::make(Bytes(at.body.field(BodyKey::Tuple).value_or(BytesView())));
    if (fresh == nullptr) return Effect(failures::tupleNotArray());
    if (auto problem = space.check(*fresh)) return Effect(*problem);
    const auto old = primaryRow(space, *fresh);
    if (!old) return old.error();
    if (old.value() != nullptr) {
        const Bytes operations = operationsOf(at.body, BodyKey::Operations);
        if (auto problem = applyUpdates(*old.value(), operations, space.format(), true, fresh)) return Effect(*problem);
        // Operations that would move the tuple are left out as a whole.
        if (!space.primary()->order->sameKey(*old.value(), *fresh)) return Effect(TuplePtr());
    }
    auto done = Result<std::optional<Effect>>(std::optional<Effect>());
    if (at.asks.before) done = askBefore(at, old.value(), fresh);
    if (!done) return done.error();
    auto effect = done.value() ? Result<Effect>(std::move(*done.value())) : exchange(at, old.value(), fresh, false);
    if (!effect) return effect;
    return std::holds_alternative<BoxFailure>(effect.value()) ? effect : Result<Effect>(Effect(TuplePtr()));
}

/// Update and delete: by a key, of whatever unique index.
Result<Effect> RowWork::change(const Statement& at) {
    const Space& space = at.space;
    const bool isUpdate = at.type == PacketType::Update;
    const auto indexId = static_cast<std::uint32_t>(numberOr(at.body, BodyKey::IndexId, 0));
    const auto found = get(space.id(), indexId, at.body.field(BodyKey::Key).value_or(BytesView()));
    if (!found || std::holds_alternative<BoxFailure>(found.value())) return found;
    const TuplePtr old = std::get<TuplePtr>(found.value());
    if (old == nullptr) return Effect(TuplePtr());
    const Bytes operations = isUpdate ? operationsOf(at.body, BodyKey::Tuple) : Bytes();
    TuplePtr fresh;
    if (isUpdate) {
        if (auto problem = applyUpdates(*old, operations, space.format(), false, fresh)) return Effect(*problem);
        if (auto problem = space.check(*fresh)) return Effect(*problem);
        if (!space.primary()->order->sameKey(*old, *fresh)) {
            return Effect(failures::updatesPrimaryKey(space.primary()->plan.name, space.name()));
        }
    }
    if (at.asks.before) {
        auto asked = askBefore(at, old, fresh);
        if (!asked) return asked.error();
        if (asked.value()) return std::move(*asked.value());
    }
    BodyWriter logged;
    logged.number(BodyKey::SpaceId, space.id()).raw(BodyKey::Key, primaryKeyOf(space, *old));
    if (isUpdate) logged.number(BodyKey::IndexBase, 1).raw(BodyKey::Tuple, operations);
    auto done = exchange(at, old, fresh, false);
    if (done && std::holds_alternative<TuplePtr>(done.value())) at.rewritten.body = logged.take();
    return done;
}

Result<Effect> RowWork::run(std::uint32_t type, BytesView bytes, Rewritten& rewritten) {
    if (type == static_cast<std::uint32_t>(PacketType::Nop)) return Effect(TuplePtr());
    const auto body = PacketBody::decode(bytes);
    if (!body) return body.error();
    const auto id = static_cast<std::uint32_t>(numberOr(body.value(), BodyKey::SpaceId, UINT32_MAX));
    auto found = heldSpace(id);
    if (!found) return found.error();
    if (found.value() == nullptr && isPicture_ && id < kFirstUserSpace) {
        const auto made = provisionalSpace(id, body.value());
        if (!made) return made.error();
        if (made.value()) return Effect(*made.value());
        found = heldSpace(id);
        if (!found) return found.error();
    }
    if (found.value() == nullptr) return Effect(failures::noSuchSpace(std::to_string(id)));
    const Space& in = *found.value();  // held here: what the statement does may have it read anew
    if (behindView(id) != id) return Effect(failures::viewIsReadOnly(in.name()));
    if (in.primary() == nullptr) return Effect(failures::noSuchIndex(0, in.name()));
    RowTriggers::Kinds asks;
    if (triggers_ != nullptr && id >= kFirstUserSpace) asks = triggers_->kindsOf(id);
    const Statement at{static_cast<PacketType>(type), body.value(), in, asks, rewritten};
    switch (at.type) {
        case PacketType::Insert:
        case PacketType::Replace: return write(at);
        case PacketType::Update:
        case PacketType::Delete: return change(at);
        case PacketType::Upsert: return upsert(at);
        default: return Effect(BoxFailure{48, "Unknown request type " + std::to_string(type), {}});
    }
}

Result<std::uint64_t> RowWork::clockAt(std::uint32_t id) {
    Clock& clock = clocks_.at(id % kClocks);
    if (clock.isKnown) return clock.lsn;
    const auto bytes = image(clockKey(id));
    if (!bytes) return bytes.error();
    clock.isKnown = true;
    if (!bytes.value()) return std::uint64_t{0};
    ByteReader reader(*bytes.value());
    clock.lsn = reader.fixed<std::uint64_t>();
    return clock.lsn;
}

void RowWork::advanceClock(std::uint32_t id, std::uint64_t lsn) {
    Clock& clock = clocks_.at(id % kClocks);
    if (!isPicture_) clockUndo_.push_back({id, clock.isChanged, clock.lsn});
    if (!clock.isChanged) ++clocksChanged_;
    clock = {true, true, lsn};
}

Bytes RowWork::effect() const {
    Bytes out;
    constexpr std::size_t kLengthBytes = 6;  // of two blobs, mostly
    out.reserve(grownBytes() + (changed_.size() + clocksChanged_) * kLengthBytes);
    for (const auto& [key, image] : changed_) {
        appendBlob(out, key);
        appendBlob(out, image);
    }
    for (std::uint32_t id = 0; id < kClocks; ++id) {
        if (!clocks_[id].isChanged) continue;
        appendBlob(out, clockKey(id));
        Bytes number;
        appendFixed(number, clocks_[id].lsn);
        appendBlob(out, number);
    }
    return out;
}

}  // namespace tributary::engine::tarantool
