// Telling the forms apart, and blanking what is no code.
#include "runbooks/import/pagelines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>

#include "core/base/text.h"
#include "runbooks/import/codesigns.h"
#include "runbooks/import/commandwords.h"
#include "runbooks/import/decodetext.h"
#include "runbooks/import/prompts.h"
#include "runbooks/import/shellparser.h"
#include "runbooks/import/typography.h"

namespace tributary::runbooks {
namespace {

using detail::beginsCode;
using detail::isAssignmentWord;
using detail::isOptionWord;
using detail::lastWordOf;
using detail::wordAt;

template <std::size_t N>
bool isListed(std::string_view word, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), word) != names.end();
}

/// A command of the dialect with its command words and then an option: prose names commands without options.
bool holdsWholeCommandOf(const Dialects& dialects, std::string_view line) {
    for (std::size_t from = 0; from < line.size();) {
        const std::size_t found = shell::dialectMention(line.substr(from), dialects);
        if (found == std::string_view::npos) return false;
        std::size_t words = 0;
        const std::string_view rest = line.substr(from + found);
        while (words < 8 && !wordAt(rest, words).empty() && !isOptionWord(wordAt(rest, words))) ++words;
        std::vector<std::string> lower;
        for (std::size_t i = 1; i < words; ++i) lower.push_back(toLower(wordAt(rest, i)));
        const Dialect* dialect = dialects.ofProgram(wordAt(rest, 0));
        if (dialect != nullptr && dialect->isWhole(lower) && isOptionWord(wordAt(rest, words))) return true;
        from += found + 1;
    }
    return false;
}

/// Whether `next` reads on from a command's line without a backslash, as pages wrap them.
bool readsOnIn(const Dialects& dialects, std::string_view line, std::string_view next) {
    if (next.empty()) return false;
    if (isOptionWord(wordAt(next, 0))) return true;
    return dialects.beginsValue(next) && isOptionWord(lastWordOf(line));
}

bool namedAsScript(const std::string& fileName) {
    const std::string name = toLower(fileName);
    return name.ends_with(".sh") || name.ends_with(".bash") || name.ends_with(".ksh") || name.ends_with(".dash");
}

class CodeFinder {
public:
    CodeFinder(std::string_view text, const std::string& fileName, const Dialects& dialects)
        : dialects_(dialects), lines_(split(text, '\n')) {
        out_.passedOver.resize(lines_.size() + 1);
        const bool marked = text.starts_with("#!") || namedAsScript(fileName);
        out_.form = marked ? TextForm::Script : TextForm::Page;
    }

    CodeText run() {
        if (out_.form == TextForm::Script) {
            code_ = lines_;
        } else {
            code_.resize(lines_.size());
            if (isTranscript()) {
                out_.form = TextForm::Transcript;
                takeTranscript(0, lines_.size());
            } else if (isAllCode()) {
                out_.form = TextForm::Commands;
                takeLines(0, lines_.size(), true);
            } else {
                takePage();
            }
        }
        out_.text = join(code_, "\n");
        return std::move(out_);
    }

private:
    bool isProgram(std::string_view word) const { return shell::isDialectProgram(word, dialects_); }
    std::size_t mention(std::string_view text) const { return shell::dialectMention(text, dialects_); }
    bool holdsWholeCommand(std::string_view line) const { return holdsWholeCommandOf(dialects_, line); }
    bool readsOn(std::string_view line, std::string_view next) const { return readsOnIn(dialects_, line, next); }
    void pass(std::size_t line) { out_.passedOver[line + 1] = true; }
    void list(std::size_t line, const std::string& reason) {
        out_.unread.push_back({line + 1, fmt::format("`{}`: {}", shownText(trim(lines_[line])), reason)});
        pass(line);
    }

    /// What a dialect makes of a line that shows its console's prompt.
    std::optional<std::string> consoleLine(const std::string& line) const {
        for (const Dialect* dialect : dialects_.all()) {
            if (auto typed = dialect->typedAtConsole(line)) return typed;
        }
        return {};
    }

    /// A command that opens a console, in a text that shows what was typed there.
    bool onlyOpensConsole(std::string_view line) const {
        const Dialect* dialect = dialects_.ofProgram(wordAt(line, 0));
        if (dialect == nullptr) return false;
        std::vector<std::string> words;
        for (std::size_t i = 0; !wordAt(line, i).empty(); ++i) words.emplace_back(wordAt(line, i));
        return dialect->opensConsole(words) &&
               std::any_of(lines_.begin(), lines_.end(), [&](const std::string& each) { return consoleLine(each); });
    }

    bool isTranscript() const {
        std::string owner;
        return std::any_of(lines_.begin(), lines_.end(),
                           [&](const std::string& line) {
                               return consoleLine(line) ||
                                      (promptLength(line, owner) > 0 && mention(line) != std::string_view::npos);
                           }) &&
               std::none_of(lines_.begin(), lines_.end(), [](const std::string& line) {
                   return trim(line).starts_with("```") || trim(line).starts_with("~~~");
               });
    }

    /// Every line is a comment, or can only be code, or belongs to the command before it.
    bool isAllCode() {
        for (std::size_t at = 0; at < lines_.size(); ++at) {
            const std::string_view line = trim(lines_[at]);
            if (line.empty() || line.starts_with("#")) continue;
            std::string what;
            const std::string plain = plainTypography(line, what);
            const std::string next = at + 1 < lines_.size() ? lines_[at + 1] : std::string();
            if (!beginsCode(plain, next, dialects_) && !detail::beginsWithProgram(plain) && !callsFunction(plain) &&
                !opensStructure(at, lines_.size(), plain)) {
                return false;
            }
            at = lastLineOf(at, plain);
        }
        return true;
    }

    /// A function that stands in the text by its first word: what it assigns or runs counts.
    bool callsFunction(std::string_view line) {
        if (!functions_) {
            functions_.emplace();
            for (const std::string& each : lines_) functions_->emplace(detail::functionNamed(each));
            functions_->erase(std::string());
        }
        return functions_->contains(std::string(wordAt(line, 0)));
    }

    /// A line of no known form in which a shell would go on reading, or decide what else runs: prose is not whole as a
    /// command, or has no such sign.
    bool opensStructure(std::size_t at, std::size_t to, std::string_view line) {
        const auto sign = detail::structureSign(line, std::span(lines_).subspan(at + 1, to - at - 1));
        if (sign == detail::StructureSign::None) return false;
        const shell::CommandExtent extent = extentOf(at);
        if (extent.error || extent.lastLine > to) return false;
        return sign == detail::StructureSign::Decides || extent.lastLine > at + 1;
    }

    /// The last line of the command that begins at a line, with the lines that a page wrapped.
    std::size_t lastLineOf(std::size_t at, std::string_view) {
        std::size_t last = at;
        if (isProgram(wordAt(lines_[at], 0))) {
            while (last + 1 < lines_.size() &&
                   (trim(lines_[last]).ends_with("\\") || readsOn(trim(lines_[last]), trim(lines_[last + 1])))) {
                ++last;
            }
            if (last > at) return last;
        }
        const shell::CommandExtent extent = extentOf(at);
        return extent.error ? at : std::max(at, extent.lastLine - 1);
    }

    shell::CommandExtent extentOf(std::size_t at) {
        std::string rest;
        for (std::size_t i = at; i < lines_.size() && i < at + 1000; ++i) rest += lines_[i] + "\n";
        shell::Source source(rest, true, at + 1);
        shell::CommandExtent extent = shell::commandAt(source, 0);
        extent.lastLine = std::min(extent.lastLine, lines_.size());
        return extent;
    }

    void takePage() {
        std::size_t at = 0;
        while (at < lines_.size()) {
            const std::string_view line = trim(lines_[at]);
            if (!line.starts_with("```") && !line.starts_with("~~~")) {
                std::size_t end = at;
                while (end < lines_.size() && !trim(lines_[end]).starts_with("```") &&
                       !trim(lines_[end]).starts_with("~~~")) {
                    ++end;
                }
                takeLines(at, end, false);
                at = end;
                continue;
            }
            const std::string fence(line.substr(0, 3));
            const std::string language = toLower(trim(
                line.substr(line.find_first_not_of("`~") == line.npos ? line.size() : line.find_first_not_of("`~"))));
            pass(at);
            std::size_t end = at + 1;
            while (end < lines_.size() && !trim(lines_[end]).starts_with(fence)) ++end;
            takeFence(at + 1, end, language);
            if (end < lines_.size()) pass(end);
            at = end + 1;
        }
    }

    void takeFence(std::size_t from, std::size_t to, const std::string& language) {
        static constexpr std::array<std::string_view, 9> kShells{
            "", "bash", "sh", "shell", "zsh", "ksh", "console", "shell-session", "terminal"};
        if (!isListed(std::string_view(language).substr(0, language.find_first_of(" {,")), kShells)) {
            for (std::size_t i = from; i < to; ++i)
                prose(i, fmt::format("stands in a block of `{}`", shownText(language, 20)));
            return;
        }
        std::string owner;
        const bool prompts = std::any_of(lines_.begin() + static_cast<std::ptrdiff_t>(from),
                                         lines_.begin() + static_cast<std::ptrdiff_t>(to),
                                         [&](const std::string& line) { return promptLength(line, owner) > 0; });
        if (prompts) {
            takeTranscript(from, to);
        } else {
            takeLines(from, to, false);
        }
    }

    void prose(std::size_t at, const std::string& reason) {
        pass(at);
        std::string what;
        if (holdsWholeCommand(plainTypography(lines_[at], what))) list(at, reason);
    }

    /// Lines without prompts; `all`: none of them is prose.
    void takeLines(std::size_t from, std::size_t to, bool all) {
        for (std::size_t at = from; at < to; ++at) {
            std::string what;
            const std::string plain = plainTypography(lines_[at], what);
            const std::string_view line = trim(plain);
            if (line.empty()) continue;
            if (line.starts_with("#")) {
                takeComment(at, line);
                continue;
            }
            if (!all && line.starts_with("<!--")) {
                at = takeRemark(at, to);
                continue;
            }
            const std::string next = at + 1 < to ? lines_[at + 1] : std::string();
            if (!all && !beginsCode(line, next, dialects_) && !callsFunction(line) && !opensStructure(at, to, line)) {
                prose(at, "stands within a sentence; give it a line of its own");
                continue;
            }
            at = takeCommand(at, to, plain, what);
        }
    }

    /// A remark of HTML or Markdown to its end: what stands in it is not shown.
    std::size_t takeRemark(std::size_t at, std::size_t to) {
        std::size_t last = at;
        while (last + 1 < to && lines_[last].find("-->") == std::string::npos) ++last;
        for (std::size_t i = at; i <= last; ++i) prose(i, fmt::format("stands in the comment at line {}", at + 1));
        return last;
    }

    /// `# maprcli ...` among commands is a comment. With none around it, it may be root's prompt.
    void takeComment(std::size_t at, std::string_view line) {
        pass(at);
        if (hasPlainCommands() || !isProgram(wordAt(line.substr(1), 0))) return;
        if (holdsWholeCommand(line))
            list(at, "is a comment, or a command behind root's prompt; take the `#` off if it is");
    }

    bool hasPlainCommands() {
        if (plainCommands_ < 0) {
            plainCommands_ = std::any_of(lines_.begin(), lines_.end(),
                                         [this](const std::string& line) { return isProgram(wordAt(line, 0)); });
        }
        return plainCommands_ > 0;
    }

    std::size_t takeCommand(std::size_t at, std::size_t to, const std::string& plain, const std::string& what) {
        if (!what.empty()) out_.notes.push_back({at + 1, what});
        lines_[at] = plain;
        const bool dialect = isProgram(wordAt(plain, 0));
        std::size_t last = at;
        if (dialect) last = joinWrapped(at, to);
        const shell::CommandExtent extent = extentOf(at);
        if (extent.error) {
            list(at, fmt::format("line {}: {}", extent.error->line, extent.error->what));
            for (std::size_t i = at + 1; i <= last; ++i) pass(i);
            if (!dialect && !isAssignmentWord(wordAt(plain, 0))) return listRest(at + 1, to);
            return last;
        }
        last = std::max(last, std::min(extent.lastLine - 1, to - 1));
        for (std::size_t i = at; i <= last; ++i) code_[i] = lines_[i];
        return last;
    }

    /// A structure that is not whole: whether what follows belongs to it cannot be told.
    std::size_t listRest(std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            pass(i);
            if (mention(lines_[i]) != std::string_view::npos && !trim(lines_[i]).starts_with("#")) {
                list(i, fmt::format("stands behind line {}, which is not whole", from));
            }
        }
        return to;
    }

    /// Gives the lines of a wrapped command the backslashes, and the blanks before them, that were meant.
    std::size_t joinWrapped(std::size_t at, std::size_t to) {
        std::size_t last = at;
        while (last + 1 < to) {
            std::string what;
            const std::string nextPlain = plainTypography(lines_[last + 1], what);
            const std::string_view next = trim(nextPlain);
            std::string& line = lines_[last];
            while (line.ends_with(" ") || line.ends_with("\t")) line.pop_back();
            const bool escaped = line.ends_with("\\") && !line.ends_with("\\\\");
            if (!escaped && !readsOn(trim(line), next)) break;
            if (escaped) line.pop_back();
            if (escaped && isOptionWord(lastWordOf(line))) {
                out_.notes.push_back(
                    {last + 1, fmt::format("{} and its value were joined by the backslash; a blank was "
                                           "put between them",
                                           lastWordOf(line))});
            } else if (!escaped) {
                out_.notes.push_back({last + 1, "wrapped without a backslash; joined"});
            }
            line += escaped && next.empty() ? "" : " \\";
            if (!what.empty()) out_.notes.push_back({last + 2, what});
            lines_[++last] = nextPlain;
        }
        return last;
    }

    void takeTranscript(std::size_t from, std::size_t to) {
        std::set<std::string> owners;
        for (std::size_t at = from; at < to; ++at) {
            std::string owner;
            const std::size_t length = promptLength(lines_[at], owner);
            if (length == 0) {
                if (const auto typed = consoleLine(lines_[at])) {
                    code_[at] = *typed;
                    out_.notes.push_back({at + 1, "typed at a console; a step of its own"});
                    continue;
                }
                pass(at);
                takeOutput(at);
                continue;
            }
            if (!owner.empty() && owners.insert(owner).second) {
                out_.notes.push_back({at + 1, fmt::format("typed there by {}; a runbook runs its steps as one user, "
                                                          "--as names it",
                                                          shownText(owner, 60))});
            }
            std::string what;
            lines_[at] = plainTypography(lines_[at].substr(length), what);
            if (!what.empty()) out_.notes.push_back({at + 1, what});
            if (onlyOpensConsole(lines_[at])) {
                pass(at);
                continue;
            }
            at = takeTyped(at, to);
        }
    }

    void takeOutput(std::size_t at) {
        const std::string_view line = trim(lines_[at]);
        if (line.starts_with("# ")) {
            if (isProgram(wordAt(line.substr(1), 0)) && holdsWholeCommand(line)) {
                list(at, "is a comment, or a command behind root's prompt; write its prompt as `$ ` if it is");
            }
            return;
        }
        if (!holdsWholeCommand(line)) return;
        list(at,
             isProgram(wordAt(line, 0))
                 ? "has no prompt, while other commands here have one: what it is cannot be told"
                 : "what stands before the command is no prompt that is known; write `$ ` in its place if it is one");
    }

    /// A typed command with the lines that the shell's second prompt, or a backslash, asked for.
    std::size_t takeTyped(std::size_t at, std::size_t to) {
        std::size_t last = at;
        std::string owner;
        while (last + 1 < to && last < at + 200) {
            const std::string_view next = lines_[last + 1];
            const bool more = lines_[last].ends_with("\\") || extentOfTyped(at, last).error.has_value();
            if (!more || promptLength(next, owner) > 0) break;
            std::string what;
            lines_[last + 1] = plainTypography(next.starts_with("> ") ? next.substr(2) : next, what);
            ++last;
        }
        const shell::CommandExtent extent = extentOfTyped(at, last);
        if (extent.error) {
            if (mention(lines_[at]) != std::string_view::npos) list(at, extent.error->what);
            for (std::size_t i = at; i <= last; ++i) pass(i);
            for (std::size_t i = at + 1; i <= last; ++i) takeOutput(i);
            return last;
        }
        for (std::size_t i = at; i <= last; ++i) code_[i] = lines_[i];
        return last;
    }

    shell::CommandExtent extentOfTyped(std::size_t at, std::size_t last) {
        std::string text;
        for (std::size_t i = at; i <= last; ++i) text += lines_[i] + "\n";
        shell::Source source(text, true, at + 1);
        shell::CommandExtent extent = shell::commandAt(source, 0);
        if (trim(text).empty() || trim(text).starts_with("#")) extent.error.reset();
        return extent;
    }

    const Dialects& dialects_;
    std::vector<std::string> lines_;
    std::vector<std::string> code_;
    CodeText out_;
    int plainCommands_ = -1;
    std::optional<std::set<std::string>> functions_ = {};
};

}  // namespace

std::string_view textFormName(TextForm form) {
    switch (form) {
        case TextForm::Script: return "script";
        case TextForm::Commands: return "commands";
        case TextForm::Page: return "page";
        case TextForm::Transcript: return "transcript";
    }
    return "page";
}

CodeText codeOf(std::string_view text, const std::string& fileName, const Dialects& dialects) {
    return CodeFinder(text, fileName, dialects).run();
}

}  // namespace tributary::runbooks
