// How far a dataset is along every lane that feeds it.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/uuid.h"
#include "engine/dataset/datasetkind.h"
#include "engine/replication/intervalset.h"
#include "engine/replication/lifeend.h"
#include "engine/replication/payload.h"

namespace tributary::engine {

/// One space of sequence numbers: one of an origin's lanes in an incarnation, seen through a projection (empty =
/// whole).
struct Lane {
    Uuid origin;
    std::uint64_t incarnation = 0;  ///< rises with time (engine/node/volumeidentity.h); a count alone in version 1
    std::string projection;
    std::string subKey{};  ///< which of the origin's lanes; empty when it has one
    friend bool operator==(const Lane&, const Lane&) = default;
    /// Projections of one lane are neighbours.
    friend auto operator<=>(const Lane& a, const Lane& b) {
        return std::tie(a.origin, a.incarnation, a.subKey, a.projection) <=>
               std::tie(b.origin, b.incarnation, b.subKey, b.projection);
    }
};

/// The lane of a piece, as it came.
[[nodiscard]] Lane laneOf(const PayloadView& view, const PieceView& piece);

/// Interval sets per lane. A payload is a duplicate iff a lane with an equal or wider projection covers its sequence.
/// Lives that are over, and of which nothing is missing, are kept as ranges of incarnations: as many as there were
/// interruptions, not as many as there were starts.
class Positions {
public:
    /// An origin, seen through a projection.
    using Sight = std::pair<Uuid, std::string>;

    /// Everything that the other holds, too; lives stay complete.
    void unite(const Positions& other);
    /// All that the other holds is here, but for what comes from `except`.
    [[nodiscard]] bool coversAll(const Projections& order, const Positions& other, const Uuid& except = {}) const;
    void add(const Lane& lane, std::uint64_t from, std::uint64_t to) { lanes_[lane].add(from, to); }
    /// add(), but for what is complete.
    void take(const Projections& order, const Lane& lane, std::uint64_t from, std::uint64_t to);
    [[nodiscard]] bool covers(const Projections& order, const Lane& lane, std::uint64_t sequence) const;
    [[nodiscard]] bool coversRange(const Projections& order, const Lane& lane, std::uint64_t from,
                                   std::uint64_t to) const;
    /// All pieces of a payload, as seen through `projection`.
    [[nodiscard]] bool coversPayload(const Projections& order, const PayloadView& view,
                                     const std::string& projection) const;
    /// take() of all pieces of a payload.
    void takePayload(const Projections& order, const PayloadView& view);
    /// Which sequences of exactly this lane are there; nullptr when none.
    [[nodiscard]] const IntervalSet* find(const Lane& lane) const;
    [[nodiscard]] const std::map<Lane, IntervalSet>& lanes() const { return lanes_; }
    [[nodiscard]] bool empty() const { return lanes_.empty() && complete_.empty(); }

    /// True when the lane's life is over and nothing of it is missing.
    [[nodiscard]] bool isComplete(const Projections& order, const Lane& lane) const;
    /// True when close() would change something.
    [[nodiscard]] bool closes(const Projections& order, const LifeEnd& end) const;
    /// A life is over: where all of it is here, its intervals go.
    void close(const Projections& order, const LifeEnd& end);
    /// Lives from..to are complete through this sight, whatever is known of them.
    void setComplete(const Sight& sight, std::uint64_t from, std::uint64_t to) { complete_[sight].add(from, to); }
    [[nodiscard]] const std::map<Sight, IntervalSet>& complete() const { return complete_; }

    void encode(Bytes& out) const;
    /// Reads to the end; false when the bytes are malformed. `orOlder`: they may have been written before lives ended.
    bool decode(ByteReader& reader, bool orOlder = false);
    friend bool operator==(const Positions&, const Positions&) = default;

private:
    [[nodiscard]] std::vector<std::string> wholeThrough(const Projections& order, const LifeEnd& end) const;
    void encodeLanes(Bytes& out, bool withKeys) const;
    bool decodeLanes(ByteReader& reader, bool withKeys);

    std::map<Lane, IntervalSet> lanes_;
    std::map<Sight, IntervalSet> complete_;  ///< incarnations
};

}  // namespace tributary::engine
