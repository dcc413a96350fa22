// Coverage across projections.
#include "engine/replication/positions.h"

namespace tributary::engine {

bool Positions::covers(const Projections& order, const Lane& lane, std::uint64_t sequence) const {
    return coversRange(order, lane, sequence, sequence);
}

bool Positions::coversRange(const Projections& order, const Lane& lane, std::uint64_t from, std::uint64_t to) const {
    // Lanes of one (origin, incarnation) are adjacent in the map; there are as many as there are projections.
    for (auto at = lanes_.lower_bound(Lane{lane.origin, lane.incarnation, {}}); at != lanes_.end(); ++at) {
        if (at->first.origin != lane.origin || at->first.incarnation != lane.incarnation) break;
        if (!at->second.containsAll(from, to)) continue;
        const std::string& wide = at->first.projection;
        if (wide.empty() || wide == lane.projection || order.covers(wide, lane.projection)) return true;
    }
    return false;
}

void Positions::encode(Bytes& out) const {
    appendVarint(out, lanes_.size());
    for (const auto& [lane, set] : lanes_) {
        out.append(lane.origin.bytes());
        appendVarint(out, lane.incarnation);
        appendBlob(out, lane.projection);
        set.encode(out);
    }
}

bool Positions::decode(ByteReader& reader) {
    lanes_.clear();
    const std::uint64_t count = reader.varint();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        Lane lane;
        lane.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
        lane.incarnation = reader.varint();
        lane.projection = std::string(reader.blob());
        IntervalSet set;
        if (!set.decode(reader)) return false;
        lanes_[lane].unite(set);
    }
    return reader.ok();
}

}  // namespace tributary::engine
