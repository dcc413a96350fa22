// Errors of requests that are not as they should be.
#include "engine/node/requestguard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/escape.h"

namespace tributary::engine {
namespace {

constexpr int kNestingMax = 32;
constexpr std::size_t kNumberShownMax = 40;
constexpr std::size_t kReasonBytesMax = 200;  ///< the parser quotes what it read last, however long

Error malformed(const std::string& what) {
    return Error{ErrorCode::InvalidInput, "malformed request: " + what, {}, {}};
}

/// Signed or unsigned, with nothing left over.
bool isWhole(std::string_view number) {
    const auto fits = [&](auto value) {
        const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
        return read.ec == std::errc() && read.ptr == number.data() + number.size();
    };
    return fits(std::int64_t{0}) || fits(std::uint64_t{0});
}

}  // namespace

Error malformedRequest(const nlohmann::json::exception& problem) {
    const std::string_view reason = problem.what();
    return malformed(std::string(reason.substr(0, kReasonBytesMax)));
}

Status checkBody(BytesView body) {
    int depth = 0;
    bool inText = false;
    for (std::size_t i = 0; i < body.size(); ++i) {
        const char c = body[i];
        if (inText) {
            if (c == '\\') ++i;
            inText = c != '"';
            continue;
        }
        if (c == '"') inText = true;
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        if (depth > kNestingMax) return malformed(fmt::format("it nests deeper than {} levels", kNestingMax));
        if (c != '-' && (c < '0' || c > '9')) continue;
        const std::size_t end = std::min(body.find_first_not_of("+-.0123456789Ee", i), body.size());
        const std::string_view number = body.substr(i, end - i);
        if (!isWhole(number)) {
            return malformed(
                fmt::format("{} is no whole number of 64 bits", shownText(number.substr(0, kNumberShownMax))));
        }
        i = end - 1;
    }
    return okStatus();
}

}  // namespace tributary::engine
