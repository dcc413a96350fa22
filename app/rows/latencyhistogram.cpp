// Counting latencies.
#include "app/rows/latencyhistogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tributary::app {

std::size_t LatencyHistogram::bucketOf(std::uint64_t us) {
    if (us < (1U << kSubBits)) return us;
    const auto power = static_cast<unsigned>(std::bit_width(us)) - 1 - kSubBits;
    return std::min<std::size_t>(((power + 1U) << kSubBits) + ((us >> power) & ((1U << kSubBits) - 1)),
                                 ((kPowers + 1U) << kSubBits) - 1);
}

void LatencyHistogram::add(Micros latencyUs, std::uint64_t times) {
    latencyUs = std::max<Micros>(0, latencyUs);
    buckets_[bucketOf(static_cast<std::uint64_t>(latencyUs))] += times;
    count_ += times;
    maxUs_ = std::max(maxUs_, latencyUs);
}

Micros LatencyHistogram::quantileUs(double share) const {
    if (count_ == 0) return 0;
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        seen += buckets_[i];
        if (seen < wanted) continue;
        if (i < (1U << kSubBits)) return static_cast<Micros>(i);
        const std::size_t power = (i >> kSubBits) - 1;
        const std::uint64_t low = ((1U << kSubBits) + (i & ((1U << kSubBits) - 1))) << power;
        return std::min(maxUs_, static_cast<Micros>(low + (std::uint64_t{1} << power) - 1));
    }
    return maxUs_;
}

}  // namespace tributary::app
