// Time and sizes as plain integers with the unit in the name.
#pragma once

#include <cstdint>

namespace tributary {

using Millis = std::int64_t;  ///< milliseconds: a duration, or UTC milliseconds since 1970 where a name says At or Ts
using Micros = std::int64_t;  ///< microseconds of a monotonic clock

/// Hybrid logical clock value: (UTC ms << 16) | counter. Strictly increasing per node, merged on receipt.
using Stamp = std::uint64_t;

[[nodiscard]] constexpr Millis stampMs(Stamp stamp) {
    return static_cast<Millis>(stamp >> 16);
}
[[nodiscard]] constexpr Stamp stampFromMs(Millis ms) {
    return static_cast<Stamp>(ms) << 16;
}

}  // namespace tributary
