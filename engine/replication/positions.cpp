// Coverage across projections, and what need not be counted any more.
#include "engine/replication/positions.h"

#include <algorithm>

namespace tributary::engine {
namespace {

bool includes(const Projections& order, const std::string& wide, const std::string& narrow) {
    return wide.empty() || wide == narrow || order.covers(wide, narrow);
}

}  // namespace

void Positions::take(const Projections& order, const Lane& lane, std::uint64_t from, std::uint64_t to) {
    if (!isComplete(order, lane)) add(lane, from, to);
}

bool Positions::covers(const Projections& order, const Lane& lane, std::uint64_t sequence) const {
    return coversRange(order, lane, sequence, sequence);
}

bool Positions::coversRange(const Projections& order, const Lane& lane, std::uint64_t from, std::uint64_t to) const {
    // Projections of one lane are adjacent in the map.
    for (auto at = lanes_.lower_bound(Lane{lane.origin, lane.incarnation, {}, lane.subKey}); at != lanes_.end(); ++at) {
        const Lane& known = at->first;
        if (known.origin != lane.origin || known.incarnation != lane.incarnation || known.subKey != lane.subKey) break;
        if (!at->second.containsAll(from, to)) continue;
        if (includes(order, at->first.projection, lane.projection)) return true;
    }
    return isComplete(order, lane);
}

bool Positions::isComplete(const Projections& order, const Lane& lane) const {
    for (auto at = complete_.lower_bound({lane.origin, {}}); at != complete_.end(); ++at) {
        if (at->first.first != lane.origin) break;
        if (at->second.contains(lane.incarnation) && includes(order, at->first.second, lane.projection)) return true;
    }
    return false;
}

void Positions::unite(const Positions& other) {
    for (const auto& [lane, set] : other.lanes_) lanes_[lane].unite(set);
    for (const auto& [sight, lives] : other.complete_) complete_[sight].unite(lives);
    std::erase_if(lanes_, [&](const auto& item) {
        const auto at = complete_.find({item.first.origin, item.first.projection});
        return at != complete_.end() && at->second.contains(item.first.incarnation);
    });
}

bool Positions::coversAll(const Projections& order, const Positions& other, const Uuid& except) const {
    for (const auto& [lane, set] : other.lanes_) {
        if (lane.origin == except) continue;
        for (const auto& [from, to] : set.ranges()) {
            if (!coversRange(order, lane, from, to)) return false;
        }
    }
    for (const auto& [sight, lives] : other.complete_) {
        if (sight.first == except) continue;
        for (const auto& [from, to] : lives.ranges()) {
            for (auto at = complete_.begin();; ++at) {
                if (at == complete_.end()) return false;
                if (at->first.first != sight.first || !includes(order, at->first.second, sight.second)) continue;
                if (at->second.containsAll(from, to)) break;
            }
        }
    }
    return true;
}

/// The projections through which all of the life is here, and not yet known to be.
std::vector<std::string> Positions::wholeThrough(const Projections& order, const LifeEnd& end) const {
    std::vector<std::string> whole;
    const auto first = lanes_.lower_bound(Lane{end.origin, end.incarnation, {}});
    const auto isOfIt = [&](const Lane& lane) {
        return lane.origin == end.origin && lane.incarnation == end.incarnation;
    };
    for (auto narrow = first; narrow != lanes_.end() && isOfIt(narrow->first); ++narrow) {
        if (!narrow->first.subKey.empty()) return {};  // an end speaks of one lane
        const std::string& projection = narrow->first.projection;
        if (isComplete(order, narrow->first)) continue;
        IntervalSet seen;
        for (auto wide = first; wide != lanes_.end() && isOfIt(wide->first); ++wide) {
            if (includes(order, wide->first.projection, projection)) seen.unite(wide->second);
        }
        if (seen.containsAll(1, end.last)) whole.push_back(projection);
    }
    return whole;
}

bool Positions::closes(const Projections& order, const LifeEnd& end) const {
    return !wholeThrough(order, end).empty();
}

void Positions::close(const Projections& order, const LifeEnd& end) {
    for (const std::string& projection : wholeThrough(order, end)) {
        if (isComplete(order, Lane{end.origin, end.incarnation, projection})) continue;  // through a wider one
        // A life in between that the origin does not know (its volume was put back) is not told to be over.
        std::uint64_t from = end.from;
        for (auto at = lanes_.lower_bound(Lane{end.origin, from, {}}); at != lanes_.end(); ++at) {
            if (at->first.origin != end.origin || at->first.incarnation >= end.incarnation) break;
            if (!isComplete(order, Lane{end.origin, at->first.incarnation, projection})) {
                from = at->first.incarnation + 1;
            }
        }
        setComplete({end.origin, projection}, from, end.incarnation);
    }
    std::erase_if(lanes_, [&](const auto& item) {
        const Lane& lane = item.first;
        return lane.origin == end.origin && lane.incarnation == end.incarnation && isComplete(order, lane);
    });
}

bool Positions::coversPayload(const Projections& order, const PayloadView& view, const std::string& projection) const {
    if (view.isPlain()) return covers(order, {view.origin, view.incarnation, projection}, view.sequence);
    PieceReader pieces(view);
    PieceView piece;
    while (pieces.next(piece)) {
        Lane lane = laneOf(view, piece);
        lane.projection = projection;
        if (!coversRange(order, lane, piece.first, piece.last())) return false;
    }
    return true;
}

void Positions::takePayload(const Projections& order, const PayloadView& view) {
    PieceReader pieces(view);
    PieceView piece;
    while (pieces.next(piece)) take(order, laneOf(view, piece), piece.first, piece.last());
}

const IntervalSet* Positions::find(const Lane& lane) const {
    const auto at = lanes_.find(lane);
    return at == lanes_.end() ? nullptr : &at->second;
}

Lane laneOf(const PayloadView& view, const PieceView& piece) {
    return {view.origin, view.incarnation, std::string(view.projection), std::string(piece.subKey)};
}

// count varint {origin 16 | incarnation varint | projection blob | set} of lanes without sub-key; count varint {origin
// | projection blob | set} of lives that are complete; then, when there are lanes with one: count varint {sub-key blob
// | as above}, to the end.
void Positions::encode(Bytes& out) const {
    encodeLanes(out, false);
    appendVarint(out, complete_.size());
    for (const auto& [sight, set] : complete_) {
        out.append(sight.first.bytes());
        appendBlob(out, sight.second);
        set.encode(out);
    }
    encodeLanes(out, true);
}

void Positions::encodeLanes(Bytes& out, bool withKeys) const {
    const auto has = [&](const auto& item) { return item.first.subKey.empty() != withKeys; };
    const auto count = std::count_if(lanes_.begin(), lanes_.end(), has);
    if (withKeys && count == 0) return;
    appendVarint(out, static_cast<std::uint64_t>(count));
    for (const auto& item : lanes_) {
        if (!has(item)) continue;
        const auto& [lane, set] = item;
        if (withKeys) appendBlob(out, lane.subKey);
        out.append(lane.origin.bytes());
        appendVarint(out, lane.incarnation);
        appendBlob(out, lane.projection);
        set.encode(out);
    }
}

bool Positions::decode(ByteReader& reader, bool orOlder) {
    lanes_.clear();
    complete_.clear();
    if (!decodeLanes(reader, false)) return false;
    if (orOlder && reader.atEnd()) return true;
    const std::uint64_t sights = reader.varint();
    for (std::uint64_t i = 0; i < sights && reader.ok(); ++i) {
        Uuid origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
        std::string projection(reader.blob());
        IntervalSet set;
        if (!set.decode(reader)) return false;
        complete_[{origin, std::move(projection)}].unite(set);
    }
    return reader.ok() && (reader.atEnd() || decodeLanes(reader, true));
}

bool Positions::decodeLanes(ByteReader& reader, bool withKeys) {
    const std::uint64_t count = reader.varint();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        Lane lane;
        if (withKeys) lane.subKey = std::string(reader.blob());
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
