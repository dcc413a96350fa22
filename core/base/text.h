// Small text helpers that the standard library lacks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary {

/// ASCII lower case; other bytes stay.
[[nodiscard]] std::string toLower(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);
/// Splits at every `separator`; "" gives one empty piece, "a,,b" gives three.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& pieces, std::string_view glue);
/// The candidate nearest to `word` by edit distance, or empty when none is near enough to suggest.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);
/// "1,234,567" for people.
[[nodiscard]] std::string groupedDigits(std::uint64_t value);
/// UTC ISO-8601 with milliseconds: 2026-01-31T09:00:00.000Z.
[[nodiscard]] std::string isoTime(std::int64_t utcMs);

}  // namespace tributary
