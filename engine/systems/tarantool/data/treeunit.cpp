// Statements on spaces, and taking them back.
#include "engine/systems/tarantool/data/treeunit.h"

#include <algorithm>

#include "core/base/escape.h"
#include "engine/systems/tarantool/data/updates.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kNameBytesMax = 65'000;

std::string spaceIdText(std::uint32_t id) {
    return std::to_string(id);
}

}  // namespace

const Space* TreeUnit::space(std::uint32_t id) const {
    const auto at = spaces_.find(id);
    return at == spaces_.end() ? nullptr : &at->second;
}

Space* TreeUnit::mutableSpace(std::uint32_t id) {
    const auto at = spaces_.find(id);
    return at == spaces_.end() ? nullptr : &at->second;
}

const Space* TreeUnit::spaceNamed(std::string_view name) const {
    const auto at =
        std::find_if(spaces_.begin(), spaces_.end(), [&](const auto& one) { return one.second.name() == name; });
    return at == spaces_.end() ? nullptr : &at->second;
}

std::optional<BoxFailure> TreeUnit::checkName(const std::string& name) const {
    const bool isPrintable = std::none_of(name.begin(), name.end(),
                                          [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (name.empty() || name.size() > kNameBytesMax || !isPrintable || !isUtf8(name)) return failures::identifier(name);
    if (spaceNamed(name) != nullptr) return failures::spaceExists(name);
    return std::nullopt;
}

std::optional<BoxFailure> TreeUnit::createSpace(const std::string& name, std::uint32_t& id) {
    if (inTransaction()) return failures::activeTransaction();
    if (auto problem = checkName(name)) return problem;
    id = ++lastId_;
    spaces_.emplace(id, Space(id, name));
    rows_ += 2;  // the space, and the highest id so far
    return std::nullopt;
}

std::optional<BoxFailure> TreeUnit::schemaChange(std::uint32_t id, Space*& space) {
    if (inTransaction()) return failures::activeTransaction();
    space = mutableSpace(id);
    return space == nullptr ? std::optional(failures::noSuchSpace(spaceIdText(id))) : std::nullopt;
}

std::optional<BoxFailure> TreeUnit::dropSpace(std::uint32_t id) {
    Space* space = nullptr;
    if (auto problem = schemaChange(id, space)) return problem;
    rows_ += space->indexes().size() + 1;
    if (space->primary() != nullptr) (void)truncate(id);  // frees what the tuples took; it was checked above
    spaces_.erase(id);
    return std::nullopt;
}

std::optional<BoxFailure> TreeUnit::renameSpace(std::uint32_t id, const std::string& name) {
    Space* space = nullptr;
    if (auto problem = schemaChange(id, space)) return problem;
    if (auto problem = checkName(name)) return problem;
    space->rename(name);
    ++rows_;
    return std::nullopt;
}

std::optional<BoxFailure> TreeUnit::setFormat(std::uint32_t id, std::vector<FormatField> format) {
    Space* space = nullptr;
    if (auto problem = schemaChange(id, space)) return problem;
    if (auto problem = space->setFormat(std::move(format))) return problem;
    ++rows_;
    return std::nullopt;
}

std::optional<BoxFailure> TreeUnit::addIndex(std::uint32_t id, IndexPlan plan) {
    Space* space = nullptr;
    if (auto problem = schemaChange(id, space)) return problem;
    if (auto problem = space->addIndex(std::move(plan))) return problem;
    ++rows_;
    return std::nullopt;
}

std::optional<BoxFailure> TreeUnit::dropIndex(std::uint32_t id, std::uint32_t index) {
    Space* space = nullptr;
    if (auto problem = schemaChange(id, space)) return problem;
    if (index == 0 && space->indexes().size() == 1) {
        if (auto problem = truncate(id)) return problem;
    }
    if (auto problem = space->dropIndex(index)) return problem;
    ++rows_;
    return std::nullopt;
}

std::optional<BoxFailure> TreeUnit::truncate(std::uint32_t id) {
    Space* space = nullptr;
    if (auto problem = schemaChange(id, space)) return problem;
    if (space->primary() == nullptr) return std::nullopt;
    std::vector<TuplePtr> all;
    space->primary()->tree.walk([](const Tuple&) { return false; },
                                [&](const TuplePtr& tuple) {
                                    all.push_back(tuple);
                                    return true;
                                });
    for (const TuplePtr& tuple : all) {
        space->exchange(tuple, nullptr);
        journal_.changed(id, tuple, nullptr);
    }
    ++rows_;
    return std::nullopt;
}

// All or nothing: what may fail is asked before anything is changed.
Effect TreeUnit::exchange(Space& space, const TuplePtr& old, const TuplePtr& fresh) {
    if (fresh != nullptr) {
        if (auto problem = space.checkUnique(*fresh, old.get())) return *problem;
        if (!journal_.fits(old.get(), fresh.get())) {
            return failures::memoryIssue(fresh->memoryBytes(), "slab allocator", "memtx_tuple");
        }
    }
    space.exchange(old, fresh);
    journal_.changed(space.id(), old, fresh);
    if (!inTransaction()) ++rows_;
    return fresh != nullptr ? fresh : old;
}

Effect TreeUnit::put(std::uint32_t id, Bytes bytes, bool replaces) {
    Space* space = mutableSpace(id);
    if (space == nullptr) return failures::noSuchSpace(spaceIdText(id));
    if (space->primary() == nullptr) return failures::noSuchIndex(0, space->name());
    if (bytes.size() > options_.tupleBytesMax) {
        return failures::memoryIssue(bytes.size(), "slab allocator", "memtx_tuple");
    }
    const TuplePtr fresh = Tuple::make(std::move(bytes));
    if (fresh == nullptr) return failures::tupleNotArray();
    if (auto problem = space->check(*fresh)) return *problem;
    TuplePtr old;
    if (replaces) old = space->primary()->tree.findKey(space->primary()->order->keyOf(*fresh));
    return exchange(*space, old, fresh);
}

std::optional<BoxFailure> TreeUnit::find(std::uint32_t id, std::uint32_t indexId, BytesView keyArray,
                                         const Space*& found, TuplePtr& tuple) const {
    found = space(id);
    if (found == nullptr) return failures::noSuchSpace(spaceIdText(id));
    const Index* index = found->index(indexId);
    if (index == nullptr) return failures::noSuchIndex(indexId, found->name());
    if (!index->plan.isUnique) {
        return BoxFailure{41, "Get() doesn't support partial keys and non-unique indexes", {}};
    }
    Key key;
    if (auto problem = index->order->parseKey(keyArray, true, key)) return problem;
    tuple = index->tree.findKey(key);
    return std::nullopt;
}

Effect TreeUnit::get(std::uint32_t id, std::uint32_t index, BytesView key) const {
    const Space* space = nullptr;
    TuplePtr tuple;
    if (auto problem = find(id, index, key, space, tuple)) return *problem;
    return tuple;
}

Effect TreeUnit::remove(std::uint32_t id, std::uint32_t index, BytesView key) {
    const Space* space = nullptr;
    TuplePtr old;
    if (auto problem = find(id, index, key, space, old)) return *problem;
    return old == nullptr ? Effect(TuplePtr()) : exchange(*mutableSpace(id), old, nullptr);
}

Effect TreeUnit::update(std::uint32_t id, std::uint32_t index, BytesView key, BytesView operations) {
    const Space* space = nullptr;
    TuplePtr old;
    if (auto problem = find(id, index, key, space, old)) return *problem;
    if (old == nullptr) return TuplePtr();
    TuplePtr fresh;
    if (auto problem = applyUpdates(*old, operations, space->format(), false, fresh)) return *problem;
    if (auto problem = space->check(*fresh)) return *problem;
    if (!space->primary()->order->sameKey(*old, *fresh)) {
        return failures::updatesPrimaryKey(space->primary()->plan.name, space->name());
    }
    return exchange(*mutableSpace(id), old, fresh);
}

Effect TreeUnit::upsert(std::uint32_t id, Bytes bytes, BytesView operations) {
    Space* space = mutableSpace(id);
    if (space == nullptr) return failures::noSuchSpace(spaceIdText(id));
    if (space->primary() == nullptr) return failures::noSuchIndex(0, space->name());
    TuplePtr fresh = Tuple::make(std::move(bytes));
    if (fresh == nullptr) return failures::tupleNotArray();
    if (auto problem = space->check(*fresh)) return *problem;
    const TuplePtr old = space->primary()->tree.findKey(space->primary()->order->keyOf(*fresh));
    if (old != nullptr) {
        if (auto problem = applyUpdates(*old, operations, space->format(), true, fresh)) return *problem;
        if (auto problem = space->check(*fresh)) return *problem;
        // Operations that would move the tuple are left out as a whole.
        if (!space->primary()->order->sameKey(*old, *fresh)) return TuplePtr();
    }
    const Effect effect = exchange(*space, old, fresh);
    return std::holds_alternative<BoxFailure>(effect) ? effect : Effect(TuplePtr());
}

std::optional<BoxFailure> TreeUnit::begin() {
    if (inTransaction()) return failures::activeTransaction();
    journal_.begin();
    return std::nullopt;
}

void TreeUnit::commit() {
    rows_ += journal_.changes();
    journal_.commit();
}

void TreeUnit::rollback() {
    journal_.rollback([this](std::uint32_t space, const TuplePtr& out, const TuplePtr& in) {
        mutableSpace(space)->exchange(out, in);
    });
}

}  // namespace tributary::engine::tarantool
