// Decimals as digits: parsing, printing, comparing, adding.
#include "engine/systems/maprdb/json/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "core/base/decimaltext.h"
#include "core/base/escape.h"
#include "engine/systems/maprdb/json/jsonlimits.h"

namespace tributary::engine::maprdb::json {
namespace {

constexpr std::size_t kDoubleTextMax = 1'600;  ///< of the longest finite double, all of its digits written out
constexpr int kDoubleDigitsBehindMax = 1'074;
constexpr std::int64_t kPlainExponentMin = -6;  ///< below it BigDecimal prints an exponent

void trimZeros(Decimal& value) {
    value.digits.erase(0, std::min(value.digits.find_first_not_of('0'), value.digits.size()));
    if (value.digits.empty()) value.negative = false;
}

Error notADecimal(std::string_view text) {
    return {ErrorCode::InvalidInput, "'" + shownLine(bounded(text, 60)) + "' is no decimal number", {}, {}};
}

/// The digits with which both numbers have the same scale.
std::string aligned(const Decimal& value, std::int32_t scale) {
    return value.digits.empty() ? std::string()
                                : value.digits + std::string(static_cast<std::size_t>(scale - value.scale), '0');
}

int compareDigits(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    const int order = a.compare(b);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::string added(std::string_view a, std::string_view b) {
    std::string out;
    int carry = 0;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry > 0; ++i) {
        const int left = i < a.size() ? a[a.size() - 1 - i] - '0' : 0;
        const int right = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
        const int sum = left + right + carry;
        out.push_back(static_cast<char>('0' + sum % 10));
        carry = sum / 10;
    }
    std::reverse(out.begin(), out.end());
    return out;
}

/// a - b, where a >= b.
std::string subtracted(std::string_view a, std::string_view b) {
    std::string out;
    int borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        int left = a[a.size() - 1 - i] - '0' - borrow;
        const int right = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
        borrow = left < right ? 1 : 0;
        if (borrow > 0) left += 10;
        out.push_back(static_cast<char>('0' + left - right));
    }
    std::reverse(out.begin(), out.end());
    return out;
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
    const auto parts = takeApartDecimal(text);
    if (!parts) return notADecimal(text);
    Decimal value;
    value.negative = parts->negative;
    const std::int64_t scale = parts->scale();
    if (const Status fits = checkLimit("decimal digits", parts->whole.size() + parts->behind.size(), kDecimalDigitsMax,
                                       "digits", "a decimal number");
        !fits) {
        return fits.error();
    }
    value.digits = std::string(parts->whole) + std::string(parts->behind);
    if (scale > kDecimalScaleMax || scale < -kDecimalScaleMax) {
        return Error{ErrorCode::InvalidInput,
                     "a decimal number with the scale " + std::to_string(scale) +
                         " is outside of the limit 'decimal scale' of " + std::to_string(kDecimalScaleMax),
                     {},
                     {}};
    }
    value.scale = static_cast<std::int32_t>(scale);
    trimZeros(value);
    return value;
}

Decimal Decimal::ofInteger(std::int64_t value) {
    Decimal out;
    out.negative = value < 0;
    out.digits = std::to_string(value).substr(out.negative ? 1 : 0);
    trimZeros(out);
    return out;
}

Decimal Decimal::exactly(double value) {
    std::array<char, kDoubleTextMax> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, kDoubleDigitsBehindMax);
    Decimal out;
    std::string_view rest(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
    out.negative = rest.front() == '-';
    if (out.negative) rest.remove_prefix(1);
    const std::size_t point = rest.find('.');
    std::string_view behind = rest.substr(point + 1);
    while (!behind.empty() && behind.back() == '0') behind.remove_suffix(1);
    out.digits = std::string(rest.substr(0, point)) + std::string(behind);
    out.scale = static_cast<std::int32_t>(behind.size());
    trimZeros(out);
    return out;
}

std::string Decimal::text() const {
    const std::string shown = digits.empty() ? "0" : digits;
    const std::string sign = negative ? "-" : "";
    if (scale == 0) return sign + shown;
    const std::int64_t exponent = static_cast<std::int64_t>(shown.size()) - 1 - scale;
    if (scale > 0 && exponent >= kPlainExponentMin) {
        const auto behind = static_cast<std::size_t>(scale);
        std::string out = shown;
        if (out.size() <= behind) out.insert(0, behind + 1 - out.size(), '0');
        out.insert(out.size() - behind, 1, '.');
        return sign + out;
    }
    std::string out = sign + shown.substr(0, 1);
    if (shown.size() > 1) out += "." + shown.substr(1);
    if (exponent != 0) out += (exponent > 0 ? "E+" : "E") + std::to_string(exponent);
    return out;
}

int Decimal::compare(const Decimal& other) const {
    if (negative != other.negative) return negative ? -1 : 1;
    const int sign = negative ? -1 : 1;
    if (digits.empty() || other.digits.empty()) {
        return digits.empty() == other.digits.empty() ? 0 : digits.empty() ? -1 : sign;
    }
    // Where the first digit stands before the point decides; then the digits do, as if both were as long.
    const std::int64_t mine = static_cast<std::int64_t>(digits.size()) - scale;
    const std::int64_t theirs = static_cast<std::int64_t>(other.digits.size()) - other.scale;
    if (mine != theirs) return mine < theirs ? -sign : sign;
    const std::size_t length = std::max(digits.size(), other.digits.size());
    for (std::size_t i = 0; i < length; ++i) {
        const char left = i < digits.size() ? digits[i] : '0';
        const char right = i < other.digits.size() ? other.digits[i] : '0';
        if (left != right) return left < right ? -sign : sign;
    }
    return 0;
}

Result<Decimal> Decimal::plus(const Decimal& other) const {
    Decimal out;
    out.scale = std::max(scale, other.scale);
    const std::string mine = aligned(*this, out.scale);
    const std::string theirs = aligned(other, out.scale);
    if (negative == other.negative) {
        out.digits = added(mine, theirs);
        out.negative = negative;
    } else {
        const bool larger = compareDigits(mine, theirs) >= 0;
        out.digits = larger ? subtracted(mine, theirs) : subtracted(theirs, mine);
        out.negative = larger ? negative : other.negative;
    }
    trimZeros(out);
    if (const Status fits = checkLimit("decimal digits", out.digits.size(), kDecimalDigitsMax, "digits", "a sum");
        !fits) {
        return fits.error();
    }
    return out;
}

std::optional<std::int64_t> Decimal::truncated() const {
    std::string whole = digits;
    if (scale > 0) {
        const auto behind = static_cast<std::size_t>(scale);
        whole.erase(whole.size() > behind ? whole.size() - behind : 0);
    } else if (!whole.empty()) {
        whole.append(static_cast<std::size_t>(-scale), '0');
    }
    if (whole.empty()) return 0;
    whole.insert(0, negative ? "-" : "");
    std::int64_t value = 0;
    const auto end = std::from_chars(whole.data(), whole.data() + whole.size(), value);
    if (end.ec != std::errc{}) return std::nullopt;
    return value;
}

double Decimal::nearest() const {
    const std::string shown = (negative ? "-" : "") + (digits.empty() ? "0" : digits) + "e" + std::to_string(-scale);
    double value = 0;
    const auto end = std::from_chars(shown.data(), shown.data() + shown.size(), value);
    if (end.ec != std::errc::result_out_of_range) return value;
    const bool tiny = static_cast<std::int64_t>(digits.size()) - scale < 0;
    if (tiny) return negative ? -0.0 : 0.0;
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

}  // namespace tributary::engine::maprdb::json
