// Braces matched, the rest read as a session.
#include "runbooks/import/capturedanswers.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/import/commandwords.h"
#include "runbooks/import/decodetext.h"
#include "runbooks/import/pagelines.h"
#include "runbooks/import/shellwalk.h"

namespace tributary::runbooks::detail {
namespace {

struct TypedCommand {
    std::size_t line = 0;
    std::vector<std::string> words;
    std::string unreadable;
};

/// The offset behind the object that begins at `open`, or npos when it never ends.
std::size_t endOfObject(const std::string& text, std::size_t open) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = open; i < text.size(); ++i) {
        if (quoted) {
            if (text[i] == '\\') {
                ++i;
            } else if (text[i] == '"') {
                quoted = false;
            }
            continue;
        }
        if (text[i] == '"') quoted = true;
        if (text[i] == '{') ++depth;
        if (text[i] == '}' && --depth == 0) return i + 1;
    }
    return std::string::npos;
}

/// An answer begins a line; braces within a line belong to commands (${SRC}) and prose.
std::size_t nextAnswer(const std::string& text, std::size_t from) {
    while (from < text.size()) {
        const std::size_t open = text.find('{', from);
        if (open == std::string::npos) return open;
        const std::size_t lineStart = open == 0 ? 0 : text.rfind('\n', open - 1) + 1;  // npos + 1 is 0
        const bool first = text.find_first_not_of(" \t", lineStart) == open;
        const std::size_t inside = text.find_first_not_of(" \t\n", open + 1);
        const bool object = inside != std::string::npos && (text[inside] == '"' || text[inside] == '}');
        if ((first || lineStart < from) && object) return open;
        from = open + 1;
    }
    return std::string::npos;
}

std::vector<TypedCommand> typedCommands(const std::string& text, const Dialects& dialects) {
    const CodeText code = codeOf(text, "capture", dialects);
    const shell::Script script = shell::parseScript(code.text, true);
    const shell::Walk walk = shell::walkScript(script, {.isScript = false, .isSession = true, .dialects = dialects});
    std::vector<TypedCommand> found;
    for (const shell::WalkedItem& item : walk.items) {
        if (item.kind != shell::WalkedItem::Kind::Command) continue;
        found.push_back({item.line, {}, {}});
        for (const shell::Field& field : item.words) found.back().words.push_back(field.text);
    }
    for (const auto* notes : {&code.unread, &walk.unread}) {
        for (const ImportNote& note : *notes) found.push_back({note.line, {}, note.text});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const TypedCommand& a, const TypedCommand& b) { return a.line < b.line; });
    return found;
}

/// Gives each answer the command before it. A loop's commands share a line and are answered in turn.
void giveCommands(std::vector<CapturedAnswer>& answers, const std::vector<TypedCommand>& commands) {
    std::size_t next = 0;
    std::size_t pendingEnd = 0;  // of a loop's commands that wait for their answers
    for (CapturedAnswer& answer : answers) {
        std::size_t end = next;
        while (end < commands.size() && commands[end].line <= answer.line) ++end;
        std::size_t chosen = next;
        if (end > next && next >= pendingEnd) {
            chosen = end - 1;
            while (chosen > next && commands[chosen - 1].line == commands[chosen].line) --chosen;
            pendingEnd = end;
        } else if (next >= pendingEnd) {
            continue;  // no command line of its own
        }
        answer.hasCommand = true;
        answer.words = commands[chosen].words;
        answer.unreadable = commands[chosen].unreadable;
        next = chosen + 1;
    }
}

}  // namespace

std::string CapturedAnswer::option(const std::string& name) const {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (toLower(words[i]) == "-" + name) return words[i + 1];
    }
    return {};
}

std::string CapturedAnswer::command() const {
    std::string out;
    for (std::size_t i = 1; i < words.size() && !words[i].starts_with("-"); ++i) {
        out += (out.empty() ? "" : " ") + toLower(words[i]);
    }
    return out;
}

Result<std::vector<CapturedAnswer>> capturedAnswers(const std::string& text, const std::string& fileName,
                                                    const Dialects& dialects) {
    std::vector<CapturedAnswer> answers;
    std::string rest = text;
    std::size_t line = 1;
    std::size_t counted = 0;
    for (std::size_t open = nextAnswer(text, 0); open != std::string::npos;) {
        line += static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                                    text.begin() + static_cast<std::ptrdiff_t>(open), '\n'));
        counted = open;
        const std::size_t end = endOfObject(text, open);
        if (end == std::string::npos) {
            return Error{ErrorCode::InvalidInput, "what begins with { is no whole JSON answer",
                         fmt::format("{}:{}", fileName, line), "capture it again with -json"};
        }
        answers.emplace_back();
        answers.back().json = text.substr(open, end - open);
        answers.back().line = line;
        for (std::size_t i = open; i < end; ++i) {
            if (rest[i] != '\n') rest[i] = ' ';
        }
        open = nextAnswer(text, end);
    }
    giveCommands(answers, typedCommands(rest, dialects));
    return answers;
}

}  // namespace tributary::runbooks::detail
