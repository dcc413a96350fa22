// Latencies in bounded memory: counts by size, 3 % apart.
#pragma once

#include <array>
#include <cstdint>

#include "core/base/units.h"

namespace tributary::app {

/// Up to 2^40 us. Plain data of one owner.
class LatencyHistogram {
public:
    void add(Micros latencyUs, std::uint64_t times = 1);
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] Micros maxUs() const { return maxUs_; }
    /// The latency that `share` (0 to 1) of the samples do not exceed, at most 3 % too high; 0 without samples.
    [[nodiscard]] Micros quantileUs(double share) const;

private:
    static constexpr unsigned kSubBits = 5;  // 32 buckets per power of two
    static constexpr unsigned kPowers = 40;
    [[nodiscard]] static std::size_t bucketOf(std::uint64_t us);

    std::array<std::uint64_t, (kPowers + 1) << kSubBits> buckets_{};
    std::uint64_t count_ = 0;
    Micros maxUs_ = 0;
};

}  // namespace tributary::app
