// The shapes of prompts.
#include "runbooks/import/prompts.h"

#include <algorithm>

namespace tributary::runbooks {
namespace {

/// `[user@host dir]`, `user@host:dir`: where the sign of the prompt is to stand; npos = neither.
std::size_t namedPromptEnd(std::string_view rest, std::string& owner) {
    if (rest.empty()) return std::string_view::npos;
    if (rest[0] == '[') {
        const std::size_t close = rest.find(']');
        if (close == std::string_view::npos || close >= 200) return std::string_view::npos;
        if (rest.substr(0, close).find('@') == std::string_view::npos) return std::string_view::npos;
        owner = rest.substr(1, rest.find_first_of(" :]") - 1);
        return close + 1;
    }
    const std::size_t mark = rest.find_first_of("$#%>");
    const std::size_t at = rest.find('@');
    if (mark == std::string_view::npos || at == std::string_view::npos || at == 0 || at > mark || mark >= 200) {
        return std::string_view::npos;
    }
    const std::string_view name = rest.substr(0, mark);
    if (name.find_first_of(" \t=\"'") != name.npos || name.find_first_of(":~") == name.npos) return name.npos;
    owner = rest.substr(0, rest.find(':'));
    return mark;
}

/// `bash-4.2`: the prompt of a shell that read no settings.
std::size_t shellPromptEnd(std::string_view rest) {
    const std::size_t dash = rest.find('-');
    if (dash == std::string_view::npos || dash < 2 || !rest.substr(0, dash).ends_with("sh")) return rest.npos;
    const std::size_t end = rest.find_first_not_of("0123456789.", dash + 1);
    const bool letters = std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(dash),
                                     [](char c) { return c >= 'a' && c <= 'z'; });
    return letters && end != rest.npos && end > dash + 1 ? end : rest.npos;
}

/// What tools put before a prompt: "(base) ", "10:31:02 ", "[10:31:02] ".
std::size_t frontLength(std::string_view rest) {
    const std::size_t blank = rest.find(' ');
    if (blank == std::string_view::npos || blank < 3 || blank > 40) return 0;
    std::string_view word = rest.substr(0, blank);
    const bool named = word.front() == '(' && word.back() == ')' && word.find_first_of("$`") == word.npos;
    if (word.front() == '[' && word.back() == ']') word = word.substr(1, word.size() - 2);
    const bool clock =
        word.size() >= 4 && word.find(':') != word.npos && word.find_first_not_of("0123456789:.,T-") == word.npos;
    return named || clock ? blank + 1 : 0;
}

std::size_t promptAt(std::string_view rest, std::string& owner) {
    if (rest.starts_with("$ ") || rest == "$") return std::min<std::size_t>(2, rest.size());
    std::size_t end = namedPromptEnd(rest, owner);
    if (end == std::string_view::npos) end = shellPromptEnd(rest);
    if (end == std::string_view::npos || end >= rest.size()) return 0;
    const bool bracketed = rest[0] == '[';
    if (std::string_view(bracketed ? "$#" : "$#%>").find(rest[end]) == std::string_view::npos) return 0;
    ++end;
    if (end >= rest.size()) return end;
    if (rest[end] == ' ') return end + 1;
    return bracketed && rest[end] >= 'a' && rest[end] <= 'z' ? end : 0;  // set without a blank behind it
}

}  // namespace

std::size_t promptLength(std::string_view line, std::string& owner) {
    owner.clear();
    const std::size_t from = line.find_first_not_of(" \t");
    if (from == std::string_view::npos) return 0;
    const std::string_view rest = line.substr(from);
    if (const std::size_t length = promptAt(rest, owner); length > 0) return from + length;
    owner.clear();
    const std::size_t front = frontLength(rest);
    const std::size_t length = front > 0 ? promptAt(rest.substr(front), owner) : 0;
    if (length == 0) owner.clear();
    return length > 0 ? from + front + length : 0;
}

}  // namespace tributary::runbooks
