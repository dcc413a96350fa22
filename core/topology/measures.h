// Durations and bandwidths as people write them: "35ms", "200Mbit/s".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/units.h"

namespace tributary {

/// "500us", "35ms", "10s", "5m", "2h", "7d", decimals as in "1.5s", and "0". Never negative; at most 100 years.
/// Errors: InvalidInput naming the units.
[[nodiscard]] Result<Micros> parseDuration(std::string_view text);
/// The shortest exact form that parseDuration reads back; 0 gives "0".
[[nodiscard]] std::string formatDuration(Micros duration);

/// As parseDuration, but whole milliseconds: the engine's network delays no finer, and what is drawn is what is in
/// force.
[[nodiscard]] Result<Micros> parseLatency(std::string_view text);

/// As parseDuration, but a bare number counts seconds, as ttl options do; a part of a second is an error.
[[nodiscard]] Result<std::int64_t> parseSeconds(std::string_view text);

/// Bytes per second from "200Mbit/s", "1MB/s", "64KiB/s" (bit, kbit, Mbit, Gbit, B, kB, MB, GB, KiB, MiB, GiB).
/// At least 1 byte per second. Errors: InvalidInput naming the units.
[[nodiscard]] Result<std::uint64_t> parseBandwidth(std::string_view text);
/// An exact form that parseBandwidth reads back.
[[nodiscard]] std::string formatBandwidth(std::uint64_t bytesPerSecond);

}  // namespace tributary
