// Dates, times and timestamps as text: ISO 8601, in the proleptic Gregorian calendar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace tributary::engine::maprdb::json {

/// "2026-01-31" to days since 1970. Years have four digits or more, and may have a sign. Errors: InvalidInput.
[[nodiscard]] Result<std::int64_t> parseDay(std::string_view text);
[[nodiscard]] std::string dayText(std::int64_t days);

/// "10:15", "10:15:30" or "10:15:30.5" (one to three digits) to milliseconds since midnight. Errors: InvalidInput.
[[nodiscard]] Result<std::int64_t> parseTime(std::string_view text);
/// "10:15:30", with ".500" where milliseconds are not zero.
[[nodiscard]] std::string timeText(std::int64_t millis);

/// "2026-01-31T10:15:30.500Z" to UTC milliseconds; "+02:00" may stand for Z, and the time alone or both may be missing
/// (midnight, UTC). Errors: InvalidInput.
[[nodiscard]] Result<std::int64_t> parseTimestamp(std::string_view text);
/// Always with three digits of milliseconds and Z.
[[nodiscard]] std::string timestampText(std::int64_t millis);

}  // namespace tributary::engine::maprdb::json
