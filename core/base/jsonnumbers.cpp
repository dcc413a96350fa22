// Whole numbers in JSON text.
#include "core/base/jsonnumbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "core/base/escape.h"

namespace tributary {
namespace {

constexpr std::size_t kNumberShownMax = 40;

/// Signed or unsigned, with nothing left over.
bool isWhole(std::string_view number) {
    const auto fits = [&](auto value) {
        const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
        return read.ec == std::errc() && read.ptr == number.data() + number.size();
    };
    return fits(std::int64_t{0}) || fits(std::uint64_t{0});
}

}  // namespace

Status checkWholeNumbers(std::string_view json) {
    bool inText = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inText) {
            if (c == '\\') ++i;
            inText = c != '"';
            continue;
        }
        if (c == '"') inText = true;
        if (c != '-' && (c < '0' || c > '9')) continue;
        const std::size_t end = std::min(json.find_first_not_of("+-.0123456789Ee", i), json.size());
        const std::string_view number = json.substr(i, end - i);
        if (!isWhole(number)) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("{} is no whole number of 64 bits", shownText(number.substr(0, kNumberShownMax))),
                         {},
                         {}};
        }
        i = end - 1;
    }
    return okStatus();
}

}  // namespace tributary
