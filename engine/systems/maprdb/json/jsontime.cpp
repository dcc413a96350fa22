// The calendar in both directions, for every day that 64 bits of milliseconds can name.
#include "engine/systems/maprdb/json/jsontime.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/escape.h"

namespace tributary::engine::maprdb::json {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kDaysOfEra = 146'097;    ///< 400 years
constexpr std::int64_t kDaysToEpoch = 719'468;  ///< from 0000-03-01 to 1970-01-01
constexpr std::size_t kYearDigitsMax = 9;

Error noTime(std::string_view text, std::string_view what, std::string_view example) {
    return {ErrorCode::InvalidInput,
            fmt::format("'{}' is no {}", shownLine(bounded(text, 60)), what),
            {},
            fmt::format("write it as {}", example)};
}

/// The number of exactly `digits` digits at the front, which is taken away; nullopt when they are not there.
std::optional<std::int64_t> takeNumber(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

struct Civil {
    std::int64_t year = 0;
    std::int64_t month = 1;
    std::int64_t day = 1;
};

/// Years begin in March here, so that the leap day is the last of its year.
std::int64_t daysOf(const Civil& civil) {
    const std::int64_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t yearOfEra = year - era * 400;
    const std::int64_t month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
    const std::int64_t dayOfYear = (153 * month + 2) / 5 + civil.day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * kDaysOfEra + dayOfEra - kDaysToEpoch;
}

Civil civilOf(std::int64_t days) {
    const std::int64_t shifted = days + kDaysToEpoch;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - (kDaysOfEra - 1)) / kDaysOfEra;
    const std::int64_t dayOfEra = shifted - era * kDaysOfEra;
    const std::int64_t yearOfEra =
        (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / (kDaysOfEra - 1)) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t month = (5 * dayOfYear + 2) / 153;
    Civil civil;
    civil.day = dayOfYear - (153 * month + 2) / 5 + 1;
    civil.month = month < 10 ? month + 3 : month - 9;
    civil.year = yearOfEra + era * 400 + (civil.month <= 2 ? 1 : 0);
    return civil;
}

std::optional<std::int64_t> takeDay(std::string_view& text) {
    const bool negative = take(text, '-');
    if (!negative) take(text, '+');
    const auto digits = static_cast<std::size_t>(
        std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; }) - text.begin());
    if (digits < 4 || digits > kYearDigitsMax) return std::nullopt;
    Civil civil;
    civil.year = *takeNumber(text, digits);
    if (negative) civil.year = -civil.year;
    if (!take(text, '-')) return std::nullopt;
    const auto month = takeNumber(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = takeNumber(text, 2);
    if (!day) return std::nullopt;
    civil.month = *month;
    civil.day = *day;
    if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > 31) return std::nullopt;
    const std::int64_t days = daysOf(civil);
    const Civil back = civilOf(days);  // the 31st of April is the 1st of May
    if (back.month != civil.month || back.day != civil.day) return std::nullopt;
    return days;
}

std::optional<std::int64_t> takeTime(std::string_view& text) {
    const auto hour = takeNumber(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = takeNumber(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    std::int64_t millis = (*hour * 60 + *minute) * 60'000;
    if (!take(text, ':')) return millis;
    const auto second = takeNumber(text, 2);
    if (!second || *second > 59) return std::nullopt;
    millis += *second * 1'000;
    if (!take(text, '.')) return millis;
    std::int64_t weight = 100;
    std::size_t digits = 0;
    while (const auto digit = takeNumber(text, 1)) {
        if (++digits > 3) return std::nullopt;  // finer than what is stored
        millis += *digit * weight;
        weight /= 10;
    }
    return digits == 0 ? std::nullopt : std::optional(millis);
}

/// Minutes east of Greenwich.
std::optional<std::int64_t> takeZone(std::string_view& text) {
    if (text.empty() || take(text, 'Z')) return 0;
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) return std::nullopt;
    const auto hours = takeNumber(text, 2);
    if (!hours || *hours > 18) return std::nullopt;
    take(text, ':');
    const auto minutes = takeNumber(text, 2);
    if (!minutes || *minutes > 59) return std::nullopt;
    const std::int64_t east = *hours * 60 + *minutes;
    return west ? -east : east;
}

std::string clockText(std::int64_t millis, bool withMillis) {
    const std::int64_t seconds = millis / 1'000;
    std::string out = fmt::format("{:02}:{:02}:{:02}", seconds / 3'600, seconds / 60 % 60, seconds % 60);
    if (withMillis) out += fmt::format(".{:03}", millis % 1'000);
    return out;
}

}  // namespace

Result<std::int64_t> parseDay(std::string_view text) {
    std::string_view rest = text;
    const auto days = takeDay(rest);
    if (!days || !rest.empty()) return noTime(text, "date", "2026-01-31");
    return *days;
}

std::string dayText(std::int64_t days) {
    const Civil civil = civilOf(days);
    const char* sign = civil.year < 0 ? "-" : "";
    return fmt::format("{}{:04}-{:02}-{:02}", sign, civil.year < 0 ? -civil.year : civil.year, civil.month, civil.day);
}

Result<std::int64_t> parseTime(std::string_view text) {
    std::string_view rest = text;
    const auto millis = takeTime(rest);
    if (!millis || !rest.empty()) return noTime(text, "time of day with milliseconds at most", "10:15:30.500");
    return *millis;
}

std::string timeText(std::int64_t millis) {
    return clockText(millis, millis % 1'000 != 0);
}

Result<std::int64_t> parseTimestamp(std::string_view text) {
    const Error wrong = noTime(text, "timestamp with milliseconds at most", "2026-01-31T10:15:30.500Z");
    std::string_view rest = text;
    const auto days = takeDay(rest);
    if (!days) return wrong;
    std::int64_t millis = 0;
    if (take(rest, 'T')) {
        const auto time = takeTime(rest);
        const auto zone = time ? takeZone(rest) : std::nullopt;
        if (!zone) return wrong;
        millis = *time - *zone * 60'000;
    }
    if (!rest.empty()) return wrong;
    // A day at either end of the range holds only a part of its milliseconds; from there, count from the day's end.
    const std::int64_t whole = *days < 0 ? *days + 1 : *days;
    const std::int64_t ofDay = *days < 0 ? millis - kDayMs : millis;
    std::int64_t out = 0;
    if (__builtin_mul_overflow(whole, kDayMs, &out) || __builtin_add_overflow(out, ofDay, &out)) return wrong;
    return out;
}

std::string timestampText(std::int64_t millis) {
    std::int64_t days = millis / kDayMs;
    std::int64_t rest = millis % kDayMs;
    if (rest < 0) {
        rest += kDayMs;
        --days;
    }
    return dayText(days) + "T" + clockText(rest, true) + "Z";
}

}  // namespace tributary::engine::maprdb::json
