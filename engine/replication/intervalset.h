// Positions as interval sets: which sequence numbers of a lane have arrived, whatever the order.
#pragma once

#include <cstdint>
#include <map>

#include "core/base/bytes.h"

namespace tributary::engine {

/// A set of unsigned integers kept as disjoint, non-adjacent closed ranges.
class IntervalSet {
public:
    [[nodiscard]] bool contains(std::uint64_t value) const;
    [[nodiscard]] bool containsAll(std::uint64_t from, std::uint64_t to) const;
    /// Adds from..to, both included; from <= to.
    void add(std::uint64_t from, std::uint64_t to);
    void add(std::uint64_t value) { add(value, value); }
    void unite(const IntervalSet& other);
    [[nodiscard]] bool empty() const { return ranges_.empty(); }
    /// Largest n such that 1..n are all in the set; 0 when 1 is missing.
    [[nodiscard]] std::uint64_t contiguousFromOne() const;
    [[nodiscard]] const std::map<std::uint64_t, std::uint64_t>& ranges() const { return ranges_; }
    [[nodiscard]] std::uint64_t count() const;

    void encode(Bytes& out) const;
    /// False when the bytes are malformed.
    bool decode(ByteReader& reader);
    friend bool operator==(const IntervalSet&, const IntervalSet&) = default;

private:
    std::map<std::uint64_t, std::uint64_t> ranges_;  ///< first -> last
};

}  // namespace tributary::engine
