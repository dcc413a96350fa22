// Bodies and replies of writes that came from another cluster.
#include "engine/systems/voltdb/dr/drid.h"
#include "engine/systems/voltdb/replication/drapply.h"

namespace tributary::engine::voltdb {

namespace {

enum class BodyType : std::uint8_t { Apply = 1, Load = 2, Trackers = 3 };

Error badBody() {
    return {ErrorCode::Corrupt, "a body of DR that cannot be read", {}, {}};
}

bool readIncoming(ByteReader& in, DrIncoming& out) {
    out.timestampUs = in.fixed<std::int64_t>();
    const std::uint64_t pieces = in.varint();
    if (!in.ok() || pieces == 0 || pieces > in.remaining()) return false;
    for (std::uint64_t i = 0; i < pieces; ++i) {
        const std::uint64_t partition = in.varint();
        if (!in.ok() || partition > static_cast<std::uint64_t>(kMpPartition)) return false;
        out.pieces.push_back({static_cast<int>(partition), Bytes(in.blob())});
    }
    return in.ok();
}

bool readCluster(ByteReader& in, int& cluster) {
    const std::uint64_t value = in.varint();
    if (!in.ok() || value > kClusterMask) return false;
    cluster = static_cast<int>(value);
    return true;
}

}  // namespace

Bytes encodeBody(const DrBody& body) {
    Bytes out;
    if (const auto* apply = std::get_if<DrApplyBody>(&body)) {
        appendFixed(out, static_cast<std::uint8_t>(BodyType::Apply));
        appendVarint(out, static_cast<std::uint64_t>(apply->cluster));
        appendVarint(out, static_cast<std::uint64_t>(apply->here));
        appendFixed(out, static_cast<std::uint8_t>(apply->role));
        appendFixed(out, apply->nowUs);
        appendVarint(out, apply->transactions.size());
        for (const DrIncoming& each : apply->transactions) {
            appendFixed(out, each.timestampUs);
            appendVarint(out, each.pieces.size());
            for (const DrShare& piece : each.pieces) {
                appendVarint(out, static_cast<std::uint64_t>(piece.partition));
                appendBlob(out, piece.frame);
            }
        }
    } else if (const auto* load = std::get_if<DrLoadBody>(&body)) {
        appendFixed(out, static_cast<std::uint8_t>(BodyType::Load));
        appendVarint(out, static_cast<std::uint64_t>(load->cluster));
        appendBlob(out, load->frame);
    } else if (const auto* trackers = std::get_if<DrTrackersBody>(&body)) {
        appendFixed(out, static_cast<std::uint8_t>(BodyType::Trackers));
        appendFixed(out, static_cast<std::uint8_t>(trackers->what));
        appendVarint(out, static_cast<std::uint64_t>(trackers->cluster) + 1);
        appendVarint(out, trackers->next.size());
        for (const auto& [partition, sequence] : trackers->next) {
            appendVarint(out, static_cast<std::uint64_t>(partition));
            appendVarint(out, sequence);
        }
        appendBlob(out, trackers->trackers);
    }
    return out;
}

Result<DrBody> decodeBody(BytesView bytes) {
    ByteReader in(bytes);
    const auto type = static_cast<BodyType>(in.fixed<std::uint8_t>());
    if (type == BodyType::Apply) {
        DrApplyBody out;
        if (!readCluster(in, out.cluster) || !readCluster(in, out.here)) return badBody();
        const auto role = in.fixed<std::uint8_t>();
        out.nowUs = in.fixed<std::int64_t>();
        const std::uint64_t count = in.varint();
        if (!in.ok() || count > in.remaining() || role > static_cast<std::uint8_t>(DrRole::Xdcr)) return badBody();
        out.role = static_cast<DrRole>(role);
        out.transactions.reserve(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            DrIncoming incoming;
            if (!readIncoming(in, incoming)) return badBody();
            out.transactions.push_back(std::move(incoming));
        }
        if (!in.atEnd()) return badBody();
        return DrBody(std::move(out));
    }
    if (type == BodyType::Load) {
        DrLoadBody out;
        if (!readCluster(in, out.cluster)) return badBody();
        out.frame = Bytes(in.blob());
        if (!in.ok() || !in.atEnd()) return badBody();
        return DrBody(std::move(out));
    }
    if (type != BodyType::Trackers) return badBody();
    DrTrackersBody out;
    const auto what = in.fixed<std::uint8_t>();
    const std::uint64_t cluster = in.varint();
    const std::uint64_t count = in.varint();
    const bool isKnown = what <= static_cast<std::uint8_t>(DrTrackersBody::What::Forget);
    if (!in.ok() || !isKnown || cluster > kClusterMask + 1 || count > in.remaining()) return badBody();
    out.what = static_cast<DrTrackersBody::What>(what);
    out.cluster = static_cast<int>(cluster) - 1;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t partition = in.varint();
        const std::uint64_t sequence = in.varint();
        if (!in.ok() || partition > static_cast<std::uint64_t>(kMpPartition) || sequence > kSequenceMax)
            return badBody();
        out.next[static_cast<int>(partition)] = sequence;
    }
    out.trackers = Bytes(in.blob());
    if (!in.ok() || !in.atEnd()) return badBody();
    return DrBody(std::move(out));
}

Bytes encodeDecided(const DrDecided& decided) {
    Bytes out;
    appendVarint(out, decided.applied);
    appendVarint(out, decided.duplicates);
    appendVarint(out, decided.rows);
    appendVarint(out, decided.conflicts.size());
    for (const DrConflictNote& each : decided.conflicts) {
        appendVarint(out, static_cast<std::uint64_t>(each.cluster));
        appendVarint(out, static_cast<std::uint64_t>(each.partition));
        appendBlob(out, each.table);
        appendFixed(out, each.timestampUs);
        for (const std::int64_t count : {each.counts.total, each.counts.divergence, each.counts.missingRow,
                                         each.counts.timestampMismatch, each.counts.constraintViolation}) {
            appendVarint(out, static_cast<std::uint64_t>(count));
        }
        appendBlob(out, each.lines);
    }
    appendBlob(out, decided.trackers);
    return out;
}

Result<DrDecided> decodeDecided(BytesView bytes) {
    ByteReader in(bytes);
    DrDecided out;
    out.applied = in.varint();
    out.duplicates = in.varint();
    out.rows = in.varint();
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > in.remaining()) return badBody();
    out.conflicts.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        DrConflictNote note;
        if (!readCluster(in, note.cluster)) return badBody();
        note.partition = static_cast<int>(in.varint() & static_cast<std::uint64_t>(kMpPartition));
        note.table = Bytes(in.blob());
        note.timestampUs = in.fixed<std::int64_t>();
        note.counts.total = static_cast<std::int64_t>(in.varint());
        note.counts.divergence = static_cast<std::int64_t>(in.varint());
        note.counts.missingRow = static_cast<std::int64_t>(in.varint());
        note.counts.timestampMismatch = static_cast<std::int64_t>(in.varint());
        note.counts.constraintViolation = static_cast<std::int64_t>(in.varint());
        note.lines = Bytes(in.blob());
        if (!in.ok()) return badBody();
        out.conflicts.push_back(std::move(note));
    }
    out.trackers = Bytes(in.blob());
    if (!in.ok() || !in.atEnd()) return badBody();
    return out;
}

}  // namespace tributary::engine::voltdb
