// The hidden column dr_clusterid_timestamp of every active table: who changed a row last, and when. The cluster stands
// above 49 bits of time: 40 of milliseconds since 2008-01-01 UTC, 9 of a counter within the millisecond.
#pragma once

#include <cstdint>

namespace tributary::engine::voltdb {

inline constexpr std::int64_t kEpochMs = 1'199'145'600'000;  ///< 2008-01-01T00:00:00Z in Unix milliseconds

class DrStamp {
public:
    static constexpr std::uint64_t kTimeBits = 49;
    static constexpr std::uint64_t kCounterBits = 9;
    static constexpr std::uint64_t kCounterMax = (std::uint64_t{1} << kCounterBits) - 1;

    constexpr DrStamp() = default;
    constexpr explicit DrStamp(std::uint64_t bits) : bits_(bits) {}
    /// `unixMs` before 2008 counts as 2008, `counter` is at most kCounterMax.
    static constexpr DrStamp of(int cluster, std::int64_t unixMs, std::uint64_t counter) {
        const auto ms = static_cast<std::uint64_t>(unixMs < kEpochMs ? 0 : unixMs - kEpochMs);
        const std::uint64_t time =
            ((ms << kCounterBits) | (counter & kCounterMax)) & ((std::uint64_t{1} << kTimeBits) - 1);
        return DrStamp((static_cast<std::uint64_t>(cluster) << kTimeBits) | time);
    }

    [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
    [[nodiscard]] constexpr int cluster() const { return static_cast<int>(bits_ >> kTimeBits); }
    [[nodiscard]] constexpr std::uint64_t time() const { return bits_ & ((std::uint64_t{1} << kTimeBits) - 1); }
    /// As conflict logs and comparisons have it: milliseconds since 2008 times 1000 plus the counter.
    [[nodiscard]] constexpr std::int64_t micros() const {
        constexpr std::uint64_t kMicrosPerMilli = 1000;
        return static_cast<std::int64_t>((time() >> kCounterBits) * kMicrosPerMilli + (time() & kCounterMax));
    }

    friend constexpr bool operator==(const DrStamp&, const DrStamp&) = default;

private:
    std::uint64_t bits_ = 0;
};

/// Which of two changes of one row is the later one.
enum class StampOrder { Newer, Older, SameTimeLowerCluster, SameTimeHigherCluster, Same };

/// How `incoming` stands to `existing`.
[[nodiscard]] constexpr StampOrder orderOf(DrStamp incoming, DrStamp existing) {
    if (incoming.micros() != existing.micros()) {
        return incoming.micros() > existing.micros() ? StampOrder::Newer : StampOrder::Older;
    }
    if (incoming.cluster() == existing.cluster()) return StampOrder::Same;
    return incoming.cluster() < existing.cluster() ? StampOrder::SameTimeLowerCluster
                                                   : StampOrder::SameTimeHigherCluster;
}

}  // namespace tributary::engine::voltdb
