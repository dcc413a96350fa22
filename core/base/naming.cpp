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

/// What looks like the end of a word, and is not escaped where it is shown: U+3000, and the punctuation of U+2000-207F.
bool holdsOddBlank(std::string_view name) {
    for (const std::string_view odd : {"\xe3\x80\x80", "\xe2\x80", "\xe2\x81"}) {
        if (name.find(odd) != std::string_view::npos) return true;
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
    const auto controls = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(name.begin(), name.end(), controls)) return refuse("it holds a control character");
    if (shownLine(name) != name) return refuse("it holds a character that nobody sees, or takes for a blank");
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
