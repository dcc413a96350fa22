// Finding and joining wrapped commands.
#include "runbooks/dialects/joinlines.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/dialects.h"

namespace tributary::runbooks {
namespace {

std::string_view withoutPrompt(std::string_view line) {
    line = trim(line);
    if (line.starts_with("$ ") || line.starts_with("# ")) line = trim(line.substr(2));
    return line;
}

bool beginsCommand(std::string_view line, const Dialects& dialects) {
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    return word.size() < line.size() && dialects.ofProgram(word) != nullptr;
}

std::string_view lastWord(std::string_view line) {
    const std::size_t blank = line.find_last_of(" \t");
    return blank == std::string_view::npos ? line : line.substr(blank + 1);
}

bool isOption(std::string_view word) {
    return word.size() > 1 && word[0] == '-' && word[1] >= 'A';
}

// Whether `next` reads on from `line`, which does not end in a backslash.
bool continues(std::string_view line, std::string_view next, const Dialects& dialects) {
    if (next.empty()) return false;
    if (isOption(next.substr(0, next.find_first_of(" \t")))) return true;
    return dialects.beginsValue(next) && isOption(lastWord(line));
}

// Takes the backslash off; tells whether there was one.
bool takeBackslash(std::string& line) {
    if (line.empty() || line.back() != '\\') return false;
    line.pop_back();
    return true;
}

}  // namespace

std::vector<JoinedLine> joinWrappedLines(std::string_view text, const Dialects& dialects) {
    const std::vector<std::string> lines = split(text, '\n');
    std::vector<JoinedLine> found;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        const std::string_view start = withoutPrompt(lines[at]);
        if (!beginsCommand(start, dialects)) continue;
        JoinedLine command;
        command.line = start;
        command.firstLine = at + 1;
        while (at + 1 < lines.size()) {
            const std::string_view next = trim(lines[at + 1]);
            const bool escaped = takeBackslash(command.line);
            if (!escaped && !continues(command.line, next, dialects)) break;
            if (escaped && isOption(lastWord(command.line))) {
                command.notes.push_back(
                    fmt::format("line {}: {} and its value were joined by the backslash; a blank "
                                "was put between them",
                                at + 1, lastWord(command.line)));
            } else if (!escaped) {
                command.notes.push_back(fmt::format("line {}: wrapped without a backslash; joined", at + 1));
            }
            command.line = fmt::format("{} {}", trim(command.line), next);
            ++command.lineCount;
            ++at;
        }
        command.line = trim(command.line);
        found.push_back(std::move(command));
    }
    return found;
}

}  // namespace tributary::runbooks
