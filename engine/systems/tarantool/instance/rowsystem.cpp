// What rows of system spaces do: spaces and indexes come, change and go with them.
#include <fmt/format.h>

#include "core/base/escape.h"
#include "engine/systems/tarantool/instance/rowkeys.h"
#include "engine/systems/tarantool/instance/rowwork.h"
#include "engine/systems/tarantool/instance/systemspaces.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kNameBytesMax = 65'000;

bool isName(const std::string& name) {
    const bool isPrintable = std::none_of(name.begin(), name.end(),
                                          [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    return !name.empty() && name.size() <= kNameBytesMax && isPrintable && isUtf8(name);
}

bool sameParts(const IndexPlan& one, const IndexPlan& other) {
    return one.kind == other.kind && one.isUnique == other.isUnique && one.parts == other.parts;
}

}  // namespace

Result<bool> RowWork::isEmpty() {
    const auto known = image(planKey(kSchemaSpace));
    if (!known) return known.error();
    return !known.value().has_value();
}

Status RowWork::makeSystemSpaces() {
    for (const SystemSpacePlan& made : systemSpaces()) {
        set(planKey(made.id), made.plan.encode());
    }
    for (const auto& [id, row] : systemRows()) {
        const auto in = space(id);
        if (!in) return in.error();
        const TuplePtr tuple = Tuple::make(row);
        (void)keysOf(*in.value(), *tuple, keys_);
        const auto done = put(*in.value(), nullptr, tuple, keys_);
        if (!done) return done.error();
    }
    return okStatus();
}

void RowWork::makeEmptySystemSpaces() {
    for (const SystemSpacePlan& made : systemSpaces()) set(planKey(made.id), made.plan.encode());
}

Result<bool> RowWork::isJoining() {
    const auto mark = image(joiningKey());
    if (!mark) return mark.error();
    return mark.value().has_value();
}

void RowWork::markJoining(bool joins) {
    set(joiningKey(), joins ? Bytes(1, 'j') : Bytes());
}

RowWork::Outcome RowWork::provisionalSpace(std::uint32_t id, const PacketBody& body) {
    MsgpackReader reader(body.field(BodyKey::Tuple).value_or(BytesView()));
    if (reader.type() != MsgpackType::Array || reader.array() == 0) return Failure(failures::tupleNotArray());
    const FieldType type = reader.type() == MsgpackType::String ? FieldType::String : FieldType::Unsigned;
    SpacePlan plan;
    plan.space = spaceRow(id, fmt::format("_{}", id), {});
    plan.indexes[0] = indexRow(id, {0, "primary", IndexKind::Tree, true, {{0, type, false}}});
    return takePlan(id, plan);
}

Result<std::uint32_t> RowWork::ownId() {
    if (ownId_ != 0) return ownId_;
    Bytes key;
    MsgpackWriter writer(key);
    writer.array(1);
    writer.string(self_);
    const auto known = space(kClusterSpace);
    if (!known) return known.error();
    if (known.value() == nullptr) return 0U;
    const auto row = get(kClusterSpace, 1, key);
    if (!row) return row.error();
    if (const auto* tuple = std::get_if<TuplePtr>(&row.value()); tuple != nullptr && *tuple != nullptr) {
        ownId_ = idField(**tuple, 0);
    }
    return ownId_;
}

RowWork::Outcome RowWork::obey(std::uint32_t id, const TuplePtr& old, const TuplePtr& fresh) {
    switch (id) {
        case kSpaceSpace: return obeySpace(old, fresh);
        case kIndexSpace: return obeyIndex(old, fresh);
        case kClusterSpace: return obeyCluster(old, fresh);
        case kTruncateSpace: {
            if (fresh == nullptr) return Failure();
            const std::uint32_t emptied = idField(*fresh, 0);
            const auto in = space(emptied);
            if (!in) return in.error();
            if (in.value() == nullptr) return Failure(failures::noSuchSpace(std::to_string(emptied)));
            if (emptied < kFirstUserSpace) return Failure(failures::truncateSystemSpace(in.value()->name()));
            for (const Index& index : in.value()->indexes()) {
                if (Status dropped = dropUnder(indexPrefix(emptied, index.plan.id)); !dropped) return dropped.error();
            }
            return Failure();
        }
        default: return Failure();
    }
}

RowWork::Outcome RowWork::obeySpace(const TuplePtr& old, const TuplePtr& fresh) {
    if (fresh == nullptr) {
        const std::uint32_t gone = idField(*old, 0);
        const auto was = plan(gone);
        if (!was) return was.error();
        if (was.value() && !was.value()->indexes.empty()) {
            return Failure(
                BoxFailure{11, fmt::format("Can't drop space '{}': the space has indexes", textField(*old, 2)), {}});
        }
        set(planKey(gone), {});
        spaces_.erase(gone);
        return Failure();
    }
    const std::uint32_t id = idField(*fresh, 0);
    const std::string name = textField(*fresh, 2);
    const std::string engine = textField(*fresh, 3);
    if (!isName(name)) return Failure(failures::identifier(name));
    if (id > kSpaceIdMax) return Failure(failures::createSpace(name, "space id is too big"));
    // Spaces of the system that hold no rows of their own: views, settings of a session.
    const bool isForeign = isPicture_ && id < kFirstUserSpace;
    if (engine != "memtx" && !isForeign)
        return Failure(BoxFailure{57, fmt::format("Space engine '{}' does not exist", engine), {}});
    auto was = plan(id);
    if (!was) return was.error();
    SpacePlan changed = was.value() ? *was.value() : SpacePlan();
    changed.space = Bytes(fresh->bytes());
    if (!isForeign && (changed.isTemporary() || changed.isLocal())) {
        return Failure(failures::unsupported("This version", "temporary and local spaces"));
    }
    return takePlan(id, changed);
}

RowWork::Outcome RowWork::takePlan(std::uint32_t id, const SpacePlan& changed) {
    std::optional<Space> made;
    if (auto problem = makeSpace(changed, made)) return problem;
    set(planKey(id), changed.encode());
    auto& held = spaces_[id];
    held = std::make_shared<const Space>(std::move(*made));
    const Space& now = *held;
    return now.primary() == nullptr ? Outcome(Failure()) : checkFormat(now);
}

RowWork::Outcome RowWork::checkFormat(const Space& space) {
    Failure problem;
    const Bytes all = indexPrefix(space.id(), 0);
    const Status walked = scan(all, behindPrefix(all), [&](BytesView, BytesView image) {
        const TuplePtr tuple = Tuple::make(Bytes(image));
        problem = tuple == nullptr ? failures::tupleNotArray() : space.check(*tuple);
        return !problem;
    });
    return walked ? Outcome(problem) : Outcome(walked.error());
}

RowWork::Outcome RowWork::obeyIndex(const TuplePtr& old, const TuplePtr& fresh) {
    const Tuple& row = fresh != nullptr ? *fresh : *old;
    const std::uint32_t id = idField(row, 0);
    const std::uint32_t indexId = idField(row, 1);
    const auto was = plan(id);
    if (!was) return was.error();
    if (!was.value()) return Failure(failures::noSuchSpace(std::to_string(id)));
    SpacePlan changed = *was.value();
    std::optional<Space> before;
    if (auto problem = makeSpace(changed, before)) return problem;
    if (fresh == nullptr) {
        if (indexId == 0 && id < kFirstUserSpace) return Failure(failures::lastDrop(before->name()));
        if (indexId == 0 && changed.indexes.size() > 1) {
            return Failure(BoxFailure{
                17,
                fmt::format("Can't drop primary key in space '{}' while secondary keys exist", before->name()),
                {}});
        }
        changed.indexes.erase(indexId);
        if (Status dropped = dropUnder(indexPrefix(id, indexId)); !dropped) return dropped.error();
        return takePlan(id, changed);
    }
    changed.indexes[indexId] = Bytes(fresh->bytes());
    if (changed.indexes.begin()->first != 0) return Failure(failures::noSuchIndex(0, before->name()));
    const Index* earlier = before->index(indexId);
    auto taken = takePlan(id, changed);
    if (!taken || taken.value()) return taken;
    const std::shared_ptr<const Space> held = spaces_.at(id);
    const Space& now = *held;
    const Index& index = *now.index(indexId);
    if (earlier != nullptr && sameParts(earlier->plan, index.plan)) return Failure();
    if (indexId != 0) return buildIndex(now, index);
    // Another order of the tuples themselves, of which the keys of all other indexes speak.
    const auto rows = keysUnder(indexPrefix(id, 0));
    if (!rows) return rows.error();
    if (rows.value().empty()) return Failure();
    return Failure(failures::unsupported("This version", "another primary key for a space with tuples"));
}

RowWork::Outcome RowWork::buildIndex(const Space& space, const Index& index) {
    if (Status dropped = dropUnder(indexPrefix(space.id(), index.plan.id)); !dropped) return dropped.error();
    std::map<Bytes, Bytes> made;
    Failure problem;
    const Bytes all = indexPrefix(space.id(), 0);
    const Status walked = scan(all, behindPrefix(all), [&](BytesView key, BytesView image) {
        const TuplePtr tuple = Tuple::make(Bytes(image));
        Bytes entry;
        problem = tuple == nullptr ? failures::tupleNotArray() : rowKeyOf(space, index, *tuple, entry);
        if (!problem && !made.emplace(entry, key.substr(all.size())).second) {
            problem = failures::tupleFound(index.plan.name, space.name());
        }
        return !problem;
    });
    if (!walked) return walked.error();
    if (problem) return problem;
    for (auto& [key, image] : made) set(key, std::move(image));
    return Failure();
}

RowWork::Outcome RowWork::obeyCluster(const TuplePtr& old, const TuplePtr& fresh) {
    const std::uint32_t id = idField(fresh != nullptr ? *fresh : *old, 0);
    if (old != nullptr && textField(*old, 1) == self_ && (fresh == nullptr || textField(*fresh, 1) != self_)) {
        return Failure(BoxFailure{128, fmt::format("The local instance id {} is read-only", id), {}});
    }
    if (fresh == nullptr) return Failure();
    const auto uuid = Uuid::parse(textField(*fresh, 1));
    if (!uuid || uuid.value().isNil()) {
        return Failure(BoxFailure{102, fmt::format("Invalid UUID: {}", textField(*fresh, 1)), {}});
    }
    if (id == 0) return Failure(BoxFailure{131, "Replica id 0 is reserved for local use", {}});
    if (id > 31) return Failure(failures::replicaCountMax());
    return Failure();
}

}  // namespace tributary::engine::tarantool
