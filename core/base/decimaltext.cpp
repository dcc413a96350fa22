// Taking decimal numbers apart.
#include "core/base/decimaltext.h"

#include <algorithm>

namespace tributary {
namespace {

constexpr std::size_t kExponentDigitsMax = 6;

bool areDecimalDigits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Takes a sign away from the front; true for a minus.
bool takeSign(std::string_view& text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return negative;
}

std::optional<std::int32_t> exponentIn(std::string_view text) {
    const bool negative = takeSign(text);
    if (text.empty() || text.size() > kExponentDigitsMax || !areDecimalDigits(text)) return std::nullopt;
    std::int32_t value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return negative ? -value : value;
}

}  // namespace

std::optional<DecimalText> takeApartDecimal(std::string_view text) {
    DecimalText out;
    out.negative = takeSign(text);
    if (const std::size_t at = text.find_first_of("eE"); at != std::string_view::npos) {
        const auto power = exponentIn(text.substr(at + 1));
        if (!power) return std::nullopt;
        out.exponent = *power;
        text = text.substr(0, at);
    }
    const std::size_t point = text.find('.');
    out.whole = text.substr(0, point);
    if (point != std::string_view::npos) out.behind = text.substr(point + 1);
    const bool hasDigits = !out.whole.empty() || !out.behind.empty();
    if (!hasDigits || !areDecimalDigits(out.whole) || !areDecimalDigits(out.behind)) return std::nullopt;
    return out;
}

}  // namespace tributary
