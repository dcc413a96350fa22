// Walking over spaces and their rows.
#include "engine/systems/tarantool/replication/snapshotrows.h"

#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/rowkeys.h"
#include "engine/systems/tarantool/instance/rowwork.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kRowsAtOnce = 512;

}  // namespace

SnapshotRows::SnapshotRows(std::unique_ptr<StateView> view, std::uint64_t sync) : view_(std::move(view)) {
    PacketHeader header;
    header.type = static_cast<std::uint32_t>(PacketType::Insert);
    header.sync = sync;
    appendRow(header_, header, {});
    planFrom_ = planKey(0);
}

Result<Vclock> SnapshotRows::clock() const {
    return clockOf(*view_);
}

Result<bool> SnapshotRows::openNextSpace() {
    const Bytes behind = behindPrefix(planKey(0).substr(0, 1));
    while (true) {
        const auto chunk = view_->scan(planFrom_, behind, 1, SIZE_MAX);
        if (!chunk) return chunk.error();
        if (chunk.value().rows.empty()) return false;
        const StoredRow& row = chunk.value().rows.front();
        planFrom_ = row.key + '\0';
        const BytesView image = imageOf(row.record);
        if (image.empty()) continue;  // a space that was dropped
        const auto plan = SpacePlan::decode(image);
        if (!plan) return plan.error();
        if (plan.value().isLocal() || plan.value().isTemporary()) continue;
        const TuplePtr said = Tuple::make(plan.value().space);
        if (said == nullptr) return Error{ErrorCode::Corrupt, "a space's row is no tuple", {}, {}};
        space_ = idField(*said, 0);
        from_ = indexPrefix(space_, 0);
        to_ = behindPrefix(from_);
        return true;
    }
}

void SnapshotRows::appendPacket(Bytes& out, BytesView tuple) {
    scratch_.assign(header_);
    MsgpackWriter writer(scratch_);
    writer.map(2);
    writer.unsignedInteger(static_cast<std::uint64_t>(BodyKey::SpaceId));
    writer.unsignedInteger(space_);
    writer.unsignedInteger(static_cast<std::uint64_t>(BodyKey::Tuple));
    writer.raw(tuple);
    appendFramed(out, scratch_);
}

Result<bool> SnapshotRows::next(Bytes& out, std::size_t bytesMax) {
    const std::size_t end = out.size() + bytesMax;
    while (out.size() < end) {
        if (from_.empty()) {
            const auto opened = openNextSpace();
            if (!opened || !opened.value()) return opened;
        }
        const auto chunk = view_->scan(from_, to_, kRowsAtOnce, end - out.size());
        if (!chunk) return chunk.error();
        for (const StoredRow& row : chunk.value().rows) {
            const BytesView tuple = imageOf(row.record);
            if (!tuple.empty()) appendPacket(out, tuple);
        }
        if (chunk.value().atEnd || chunk.value().rows.empty()) {
            from_.clear();
        } else {
            from_ = chunk.value().rows.back().key + '\0';
        }
    }
    return true;
}

}  // namespace tributary::engine::tarantool
