// How far a dataset is along every lane that feeds it.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "core/base/uuid.h"
#include "engine/dataset/datasetkind.h"
#include "engine/replication/intervalset.h"

namespace tributary::engine {

/// One space of sequence numbers: an origin's incarnation, seen through a projection (empty = whole).
struct Lane {
    Uuid origin;
    std::uint64_t incarnation = 0;  ///< a count above, 32 random bits below; a count alone in version 1
    std::string projection;
    friend auto operator<=>(const Lane&, const Lane&) = default;
};

/// Interval sets per lane. A payload is a duplicate iff a lane with an equal or wider projection covers its sequence.
class Positions {
public:
    void add(const Lane& lane, std::uint64_t from, std::uint64_t to) { lanes_[lane].add(from, to); }
    [[nodiscard]] bool covers(const Projections& order, const Lane& lane, std::uint64_t sequence) const;
    [[nodiscard]] bool coversRange(const Projections& order, const Lane& lane, std::uint64_t from,
                                   std::uint64_t to) const;
    [[nodiscard]] const std::map<Lane, IntervalSet>& lanes() const { return lanes_; }
    [[nodiscard]] bool empty() const { return lanes_.empty(); }

    void encode(Bytes& out) const;
    bool decode(ByteReader& reader);
    friend bool operator==(const Positions&, const Positions&) = default;

private:
    std::map<Lane, IntervalSet> lanes_;
};

}  // namespace tributary::engine
