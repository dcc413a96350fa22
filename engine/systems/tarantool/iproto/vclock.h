// How much of each instance's log a replica set's member has: one number per replica id.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine::tarantool {

/// Components 0 to 31. Component 0 counts what stays on one instance (local spaces) and is left out of comparisons.
/// Equal clocks do not mean equal data: an instance that lost its log uses its numbers again.
class Vclock {
public:
    static constexpr std::uint32_t kIdsMax = 32;

    [[nodiscard]] std::int64_t at(std::uint32_t id) const { return id < kIdsMax ? numbers_[id] : 0; }
    /// Errors: Conflict when `lsn` is not above what is there: a row that is known already.
    Status follow(std::uint32_t id, std::int64_t lsn);
    /// The sum of all components, 0 included: what names files of snapshots and logs.
    [[nodiscard]] std::int64_t signature() const;
    /// Ids from 1 on: less = the other has everything of this one, unordered = each has what the other lacks.
    [[nodiscard]] std::partial_ordering compare(const Vclock& other) const;
    /// How many rows of ids from 1 on the other has that this one lacks.
    [[nodiscard]] std::int64_t rowsBehind(const Vclock& other) const;
    /// "{1: 11, 2: 7}", as logs have it. Components that are zero are left out.
    [[nodiscard]] std::string text() const;

    /// A map of ids to numbers, without those that are zero.
    void append(Bytes& out) const;
    /// Errors: Corrupt.
    static Result<Vclock> decode(BytesView map);

    friend bool operator==(const Vclock&, const Vclock&) = default;

private:
    std::array<std::int64_t, kIdsMax> numbers_{};
};

}  // namespace tributary::engine::tarantool
