// Errors of requests that are not as they should be.
#include "engine/node/requestguard.h"

#include <fmt/format.h>

#include "core/base/jsonnumbers.h"

namespace tributary::engine {
namespace {

constexpr int kNestingMax = 32;
constexpr std::size_t kReasonBytesMax = 200;  ///< the parser quotes what it read last, however long

Error malformed(const std::string& what) {
    return Error{ErrorCode::InvalidInput, "malformed request: " + what, {}, {}};
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
    }
    if (const Status numbers = checkWholeNumbers(body); !numbers) return malformed(numbers.error().what);
    return okStatus();
}

}  // namespace tributary::engine
