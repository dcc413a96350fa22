// Durations, sizes and counts as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/units.h"

namespace tributary {

/// "0 ms", "850 ms", "1.2 s", "45 s", "3 min 20 s", "2 h 05 min", "4 d 3 h"; "-0.3 s" style signs are kept.
[[nodiscard]] std::string humanDuration(Millis durationMs);
/// Decimal units: "0 B", "999 B", "1.5 kB", "340 MB", "2.1 TB".
[[nodiscard]] std::string humanBytes(std::uint64_t bytes);
/// "999", "12.3 k", "1.2 M", "3.0 G".
[[nodiscard]] std::string humanCount(std::uint64_t count);
/// "1 step", "2 steps", "1,234 rows": `noun` in the singular, of those that take an s.
[[nodiscard]] std::string countText(std::uint64_t count, std::string_view noun);

}  // namespace tributary
