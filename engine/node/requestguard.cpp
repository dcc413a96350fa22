// Errors of requests that are not as they should be.
#include "engine/node/requestguard.h"

#include <fmt/format.h>

namespace tributary::engine {
namespace {

constexpr int kNestingMax = 32;
constexpr std::size_t kReasonBytesMax = 200;  ///< the parser quotes what it read last, however long

}  // namespace

Error malformedRequest(const nlohmann::json::exception& problem) {
    const std::string_view reason = problem.what();
    return Error{
        ErrorCode::InvalidInput, fmt::format("malformed request: {}", reason.substr(0, kReasonBytesMax)), {}, {}};
}

Status checkNesting(BytesView body) {
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
        if (depth > kNestingMax) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("malformed request: it nests deeper than {} levels", kNestingMax),
                         {},
                         {}};
        }
    }
    return okStatus();
}

}  // namespace tributary::engine
