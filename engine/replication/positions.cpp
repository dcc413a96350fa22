// Coverage across projections.
#include "engine/replication/positions.h"

#include "core/operations/columns.h"

namespace tributary::engine {
namespace {

/// True when everything `narrow` lets through, `wide` lets through too.
bool widerOrEqual(const std::string& wide, const std::string& narrow) {
    if (wide.empty() || wide == narrow) return true;
    if (narrow.empty()) return false;
    const auto wideColumns = parseColumns(wide);
    const auto narrowColumns = parseColumns(narrow);
    return wideColumns.ok() && narrowColumns.ok() && covers(wideColumns.value(), narrowColumns.value());
}

}  // namespace

bool Positions::covers(const Lane& lane, std::uint64_t sequence) const {
    return coversRange(lane, sequence, sequence);
}

bool Positions::coversRange(const Lane& lane, std::uint64_t from, std::uint64_t to) const {
    // Lanes of one (origin, incarnation) are adjacent in the map; there are as many as there are projections.
    for (auto at = lanes_.lower_bound(Lane{lane.origin, lane.incarnation, {}}); at != lanes_.end(); ++at) {
        if (at->first.origin != lane.origin || at->first.incarnation != lane.incarnation) break;
        if (at->second.containsAll(from, to) && widerOrEqual(at->first.projection, lane.projection)) return true;
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
