// What a name may be made of: it will be a folder, a word of a script, a piece of a terminal's line.
#include "core/base/naming.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/limits.h"

namespace tributary {
namespace {

bool isPlain(char c) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return word || std::string_view("._-@+").find(c) != std::string_view::npos;
}

/// Blanks of other scripts, which look like the end of a word: U+00A0, U+1680, U+2000-200F, U+202F-206F, U+3000.
bool holdsOddBlank(std::string_view name) {
    for (std::size_t at = 0; at + 1 < name.size(); ++at) {
        const std::string_view rest = name.substr(at);
        if (rest.starts_with("\xc2\xa0") || rest.starts_with("\xe1\x9a\x80") || rest.starts_with("\xe3\x80\x80") ||
            rest.starts_with("\xe2\x80") || rest.starts_with("\xe2\x81")) {
            return true;
        }
    }
    return false;
}

}  // namespace

Status checkName(std::string_view thing, std::string_view name) {
    const auto refuse = [&](std::string_view why) {
        return Error{
            ErrorCode::InvalidInput,
            fmt::format("'{}' cannot name {}: {}", escapedBytes(bounded(name, limits::kNameShownMax)), thing, why),
            {},
            "use letters, digits and . _ - @ + and begin with a letter, a digit or _"};
    };
    if (name.empty()) return refuse("it is empty");
    if (name.size() > limits::kNameBytesMax) {
        return refuse(fmt::format("it is longer than the limit 'name' of {} bytes", limits::kNameBytesMax));
    }
    if (!isUtf8(name)) return refuse("it is not UTF-8");
    if (shownLine(name) != name) return refuse("it holds a control character");
    if (name == "." || name == "..") return refuse("it is a folder's own name");
    for (const char c : name) {
        if (static_cast<unsigned char>(c) >= 0x80 || isPlain(c)) continue;
        return refuse(c == ' ' ? "it holds a blank" : fmt::format("it holds '{}'", c));
    }
    if (holdsOddBlank(name)) return refuse("it holds a blank");
    if (std::string_view(".-@+").find(name.front()) != std::string_view::npos) {
        return refuse(fmt::format("it begins with '{}'", name.front()));
    }
    return okStatus();
}

}  // namespace tributary
