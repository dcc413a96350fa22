// Durations and bandwidths as people write them.
#include "core/topology/measures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/text.h"

namespace tributary {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

// Largest first: formatting takes the first that divides.
constexpr std::array<Unit, 6> kDurations{{{"d", 86'400'000'000ULL},
                                          {"h", 3'600'000'000ULL},
                                          {"m", 60'000'000ULL},
                                          {"s", 1'000'000ULL},
                                          {"ms", 1'000ULL},
                                          {"us", 1ULL}}};

// In bits per second.
constexpr std::array<Unit, 12> kBandwidths{{{"Gbit", 1'000'000'000ULL},
                                            {"Mbit", 1'000'000ULL},
                                            {"kbit", 1'000ULL},
                                            {"bit", 1ULL},
                                            {"B", 8ULL},
                                            {"kB", 8'000ULL},
                                            {"KB", 8'000ULL},
                                            {"MB", 8'000'000ULL},
                                            {"GB", 8'000'000'000ULL},
                                            {"KiB", 8ULL << 10U},
                                            {"MiB", 8ULL << 20U},
                                            {"GiB", 8ULL << 30U}}};

constexpr std::uint64_t kDurationMax = 100ULL * 365 * 86'400'000'000ULL;
constexpr std::uint64_t kBitsMax = 8ULL * 1'000'000'000'000'000ULL;

struct Quantity {
    std::uint64_t millionths = 0;  ///< the number before the unit, times 10^6
    std::string_view unit;
};

/// Splits "1.5s": at most 12 digits before the point and 6 after it, so that nothing overflows.
std::optional<Quantity> splitQuantity(std::string_view text) {
    Quantity out;
    std::size_t at = 0;
    std::uint64_t whole = 0;
    const auto digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    for (; digit(); ++at) whole = whole * 10 + static_cast<std::uint64_t>(text[at] - '0');
    if (at == 0 || at > 12) return std::nullopt;
    std::uint64_t fraction = 0;
    std::uint64_t scale = 1'000'000;
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (!digit()) return std::nullopt;
        for (; digit(); ++at) {
            scale /= 10;
            if (scale == 0) return std::nullopt;
            fraction += static_cast<std::uint64_t>(text[at] - '0') * scale;
        }
    }
    out.millionths = whole * 1'000'000 + fraction;
    out.unit = trim(text.substr(at));
    return out;
}

/// millionths * factor / 10^6 when it is whole and within the bound.
std::optional<std::uint64_t> scaled(std::uint64_t millionths, std::uint64_t factor, std::uint64_t max) {
    const std::uint64_t whole = millionths / 1'000'000;
    const std::uint64_t part = millionths % 1'000'000;
    if (whole > max / factor) return std::nullopt;
    if (part != 0 && factor % 1'000'000 != 0 && (part * factor) % 1'000'000 != 0) return std::nullopt;
    const std::uint64_t fraction = factor % 1'000'000 == 0 ? part * (factor / 1'000'000) : part * factor / 1'000'000;
    const std::uint64_t value = whole * factor + fraction;
    return value > max ? std::nullopt : std::optional(value);
}

Error badDuration(std::string_view text) {
    return {ErrorCode::InvalidInput,
            fmt::format("'{}' is not a duration", text),
            {},
            "a number and a unit: us, ms, s, m, h or d, as in 35ms"};
}

Error badBandwidth(std::string_view text) {
    return {ErrorCode::InvalidInput,
            fmt::format("'{}' is not a bandwidth", text),
            {},
            "a number, a unit (bit, kbit, Mbit, Gbit, B, kB, MB, GB, KiB, MiB, GiB) and /s, as in 200Mbit/s"};
}

}  // namespace

Result<Micros> parseDuration(std::string_view text) {
    const auto quantity = splitQuantity(trim(text));
    if (!quantity) return badDuration(text);
    if (quantity->unit.empty() && quantity->millionths == 0) return Micros{0};
    for (const Unit& unit : kDurations) {
        if (unit.name != quantity->unit) continue;
        const auto value = scaled(quantity->millionths, unit.factor, kDurationMax);
        if (value) return static_cast<Micros>(*value);
    }
    return badDuration(text);
}

std::string formatDuration(Micros duration) {
    if (duration <= 0) return "0";
    const auto value = static_cast<std::uint64_t>(duration);
    for (const Unit& unit : kDurations) {
        if (value % unit.factor == 0) return fmt::format("{}{}", value / unit.factor, unit.name);
    }
    return fmt::format("{}us", value);
}

Result<Micros> parseLatency(std::string_view text) {
    constexpr Micros kMicrosPerMilli = 1'000;
    const Result<Micros> duration = parseDuration(text);
    if (!duration || *duration % kMicrosPerMilli == 0) return duration;
    const Micros below = *duration / kMicrosPerMilli * kMicrosPerMilli;
    return Error{ErrorCode::InvalidInput,
                 fmt::format("'{}' is no whole number of milliseconds, and the network delays no finer", trim(text)),
                 {},
                 fmt::format("write {} or {}", formatDuration(below), formatDuration(below + kMicrosPerMilli))};
}

Result<std::int64_t> parseSeconds(std::string_view text) {
    constexpr std::uint64_t kMicrosPerSecond = 1'000'000;
    const auto quantity = splitQuantity(trim(text));
    if (quantity && quantity->unit.empty()) {
        const auto value = scaled(quantity->millionths, 1, kDurationMax / kMicrosPerSecond);
        if (value) return static_cast<std::int64_t>(*value);
        return badDuration(text);
    }
    const Result<Micros> duration = parseDuration(text);
    if (!duration) return duration.error();
    if (*duration % static_cast<Micros>(kMicrosPerSecond) != 0) {
        return Error{ErrorCode::InvalidInput, fmt::format("'{}' is not a whole number of seconds", text), {}, {}};
    }
    return *duration / static_cast<Micros>(kMicrosPerSecond);
}

Result<std::uint64_t> parseBandwidth(std::string_view text) {
    std::string_view rate = trim(text);
    if (!rate.ends_with("/s")) return badBandwidth(text);
    rate.remove_suffix(2);
    const auto quantity = splitQuantity(rate);
    if (!quantity) return badBandwidth(text);
    for (const Unit& unit : kBandwidths) {
        if (unit.name != quantity->unit) continue;
        const auto bits = scaled(quantity->millionths, unit.factor, kBitsMax);
        if (bits && *bits >= 8) return *bits / 8;
    }
    return badBandwidth(text);
}

std::string formatBandwidth(std::uint64_t bytesPerSecond) {
    // As people write them: networks in bits, what was drawn in powers of two (20MiB/s) as such.
    constexpr std::array<std::string_view, 6> kShown{"Gbit", "Mbit", "GiB", "MiB", "kbit", "KiB"};
    const std::uint64_t bits = bytesPerSecond * 8;
    for (const std::string_view name : kShown) {
        const auto unit =
            std::find_if(kBandwidths.begin(), kBandwidths.end(), [&](const Unit& each) { return each.name == name; });
        if (bits != 0 && bits % unit->factor == 0) return fmt::format("{}{}/s", bits / unit->factor, unit->name);
    }
    return fmt::format("{}B/s", bytesPerSecond);
}

}  // namespace tributary
