// Durations, sizes and counts as people write them.
#include "core/telemetry/humanunits.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "core/base/text.h"

namespace tributary {

namespace {

/// Three figures at most: 1.2, 12.3, 340. Steps up when rounding would give 1000.
template <std::size_t N>
std::string scaled(std::uint64_t value, const std::array<std::string_view, N>& units) {
    if (value < 1000) return fmt::format("{}{}", value, units[0]);
    auto shown = static_cast<double>(value);
    std::size_t unit = 0;
    while (unit + 1 < N && shown >= (unit == 0 ? 1000.0 : 999.5)) {
        shown /= 1000.0;
        ++unit;
    }
    return shown < 99.95 ? fmt::format("{:.1f}{}", shown, units[unit]) : fmt::format("{:.0f}{}", shown, units[unit]);
}

}  // namespace

std::string humanDuration(Millis durationMs) {
    // In unsigned arithmetic, so that the smallest value has a magnitude too.
    const bool negative = durationMs < 0;
    const auto raw = static_cast<std::uint64_t>(durationMs);
    const std::uint64_t ms = negative ? 0 - raw : raw;
    const std::string sign = negative ? "-" : "";
    if (ms < 1000) return fmt::format("{}{} ms", sign, ms);
    // Tenths are cut, not rounded: 59.97 s must not read 60.0 s.
    if (ms < 10'000) return fmt::format("{}{}.{} s", sign, ms / 1000, ms % 1000 / 100);
    const std::uint64_t seconds = ms / 1000;
    if (seconds < 60) return fmt::format("{}{} s", sign, seconds);
    if (seconds < 3600) return fmt::format("{}{} min {:02} s", sign, seconds / 60, seconds % 60);
    const std::uint64_t hours = seconds / 3600;
    if (hours < 48) return fmt::format("{}{} h {:02} min", sign, hours, seconds % 3600 / 60);
    return fmt::format("{}{} d {} h", sign, hours / 24, hours % 24);
}

std::string humanBytes(std::uint64_t bytes) {
    static constexpr std::array<std::string_view, 7> kUnits{" B", " kB", " MB", " GB", " TB", " PB", " EB"};
    return scaled(bytes, kUnits);
}

std::string humanCount(std::uint64_t count) {
    static constexpr std::array<std::string_view, 5> kUnits{"", " k", " M", " G", " T"};
    return scaled(count, kUnits);
}

std::string countText(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", groupedDigits(count), noun, count == 1 ? "" : "s");
}

}  // namespace tributary
