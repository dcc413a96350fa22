// A text's commands in order, and what is made of a page around them.
#include "runbooks/import/importscript.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "runbooks/export/carried.h"
#include "runbooks/import/commandwords.h"
#include "runbooks/import/decodetext.h"
#include "runbooks/import/importedsteps.h"
#include "runbooks/import/pagelines.h"
#include "runbooks/import/shellwalk.h"
#include "runbooks/model/load.h"
#include "runbooks/model/parameters.h"

namespace tributary::runbooks {
namespace {

using detail::ImportedStep;
using detail::isWholePlaceholder;
using detail::RunbookWriter;

bool holdsControl(const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void sortByLine(std::vector<ImportNote>& notes) {
    std::stable_sort(notes.begin(), notes.end(), [](const ImportNote& a, const ImportNote& b) {
        return (a.line == 0) != (b.line == 0) ? b.line == 0 : a.line < b.line;
    });
}

class Importer {
public:
    Importer(std::string_view text, std::string name, std::string fileName, const Dialects& dialects)
        : dialects_(dialects),
          text_(text),
          name_(std::move(name)),
          fileName_(std::move(fileName)),
          code_(codeOf(text, fileName_, dialects)) {}

    Result<ImportedRunbook> run() {
        out_.readAs = textFormName(code_.form);
        out_.notes = std::move(code_.notes);
        out_.unread = std::move(code_.unread);
        readCommands();
        // Remarks quote the script, and go into the file and to terminals.
        for (auto* remarks : {&out_.unread, &out_.notes}) {
            for (ImportNote& each : *remarks) each.text = tributary::shownText(each.text);
        }
        sortByLine(out_.unread);
        const auto same = [](const ImportNote& a, const ImportNote& b) { return a.line == b.line && a.text == b.text; };
        out_.unread.erase(std::unique(out_.unread.begin(), out_.unread.end(), same), out_.unread.end());
        const bool any = std::any_of(steps_.begin(), steps_.end(),
                                     [](const ImportedStep& step) { return step.kind == ImportedStep::Kind::Command; });
        if (!any) return nothing();
        if (!isShell()) {
            foldExamples();
            addProseCommands();
        }
        findVariables();
        const std::vector<ImportedStep> literal = steps_;
        ImportedRunbook plain = out_;
        if (Status status = write(steps_); !status) {
            // A value that a parameter's type refuses: the values themselves are always right.
            out_ = std::move(plain);
            defaults_.clear();
            std::vector<ImportedStep> steps = literal;
            for (ImportedStep& step : steps) step.variables.clear();
            if (status = write(steps); !status) return status.error();
        }
        sortByLine(out_.notes);
        return std::move(out_);
    }

private:
    void note(std::size_t line, std::string text) { out_.notes.push_back({line, std::move(text)}); }
    [[nodiscard]] bool isShell() const { return code_.form == TextForm::Script; }

    Error nothing() const {
        std::vector<std::string> programs;
        for (const Dialect* dialect : dialects_.all()) {
            if (!dialect->words().opening.empty()) programs.emplace_back(dialect->words().program);
        }
        Error none{
            ErrorCode::InvalidInput, "there is no command in it that can be read", fileName_,
            fmt::format("commands of {} are read; `tributary import --help` tells how", join(programs, " and "))};
        constexpr std::size_t kMost = 20;
        for (std::size_t i = 0; i < std::min(out_.unread.size(), kMost); ++i) {
            none.what += fmt::format("\n  line {}: {}", out_.unread[i].line, out_.unread[i].text);
        }
        if (out_.unread.size() > kMost) none.what += fmt::format("\n  and {} more", out_.unread.size() - kMost);
        return none;
    }

    Status write(std::vector<ImportedStep>& steps) {
        for (ImportedStep& step : steps) {
            for (const auto& [option, variable] : step.variables) {
                const std::string placeholder = placeholderOf(variable);
                if (defaults_.contains(placeholder)) step.op.params[option] = placeholder;
            }
        }
        RunbookWriter writer(name_, shownText(fileName_, 200), dialects_, out_);
        writer.examples = examples_;
        writer.defaults = defaults_;
        writer.write(steps);
        const auto book = parseRunbook(out_.text, name_ + ".yaml", dialects_);
        if (book) return checkDefaults(*book);
        return Error{ErrorCode::Internal, "what was written cannot be read: " + book.error().text(), fileName_, {}};
    }

    /// A variable's value must pass as its parameter's, unchanged.
    Status checkDefaults(const Runbook& book) const {
        for (const Parameter& parameter : book.parameters) {
            if (!defaults_.contains("{{" + parameter.name + "}}")) continue;
            const auto value = canonicalValue(parameter, parameter.defaultText, book.dialects);
            if (!value) return value.error();
            if (*value != parameter.defaultText) {
                return Error{ErrorCode::Internal, "a default changes its spelling", parameter.name, {}};
            }
        }
        return okStatus();
    }

    /// The number of "other direction" sections that begin before a line.
    [[nodiscard]] int scopeOf(std::size_t line) const {
        if (isShell()) return 0;
        const auto at = std::lower_bound(sections_.begin(), sections_.end(), line);
        return static_cast<int>(at - sections_.begin());
    }

    void findSections() {
        std::size_t number = 0;
        for (const std::string& line : split(text_, '\n')) {
            ++number;
            const std::string_view start = trim(line);
            const bool item = start.size() > 2 && start[0] >= '1' && start[0] <= '9' && start[1] == '.';
            if (item && start.find("other direction") != std::string_view::npos) sections_.push_back(number);
        }
    }

    void readCommands() {
        findSections();
        script_ = shell::parseScript(code_.text, !isShell());
        shell::WalkOptions options;
        options.isScript = isShell() || code_.form == TextForm::Commands;
        options.isSession = code_.form == TextForm::Transcript;
        options.listsOthers = options.isScript || options.isSession;
        options.dialects = dialects_;
        walk_ = shell::walkScript(script_, options);
        out_.notes.insert(out_.notes.end(), walk_.notes.begin(), walk_.notes.end());
        out_.unread.insert(out_.unread.end(), walk_.unread.begin(), walk_.unread.end());
        for (const shell::WalkedItem& item : walk_.items) take(item);
        if (script_.error) listBehindError(*script_.error);
        listForgotten();
        if (isShell() && !walk_.stopsAtFailure && steps_.size() > 1) {
            note(0, "the script goes on when a command fails; the runbook stops at the first that does");
        }
    }

    void take(const shell::WalkedItem& item) {
        ImportedStep step;
        step.line = item.line;
        step.scope = scopeOf(item.line);
        step.timeoutMs = item.timeoutMs;
        step.mayFail = item.mayFail;
        step.waitMs = item.waitMs;
        step.text = item.text;
        if (item.kind == shell::WalkedItem::Kind::Wait) step.kind = ImportedStep::Kind::Wait;
        if (item.kind == shell::WalkedItem::Kind::Guard) step.kind = ImportedStep::Kind::Guard;
        if (item.kind != shell::WalkedItem::Kind::Command) return steps_.push_back(std::move(step));
        std::vector<std::string> words;
        for (const shell::Field& field : item.words) words.push_back(field.text);
        if (const std::string strange = strangeWord(words); !strange.empty()) return unread(item.line, words, strange);
        const bool braces = std::any_of(words.begin(), words.end(),
                                        [](const std::string& word) { return word.find("{{") != std::string::npos; });
        const auto parsed = dialects_.parseWords(words, {.lenient = !isShell(), .placeholders = !isShell() || braces});
        if (!parsed) return unread(item.line, words, bounded(parsed.error()));
        const Dialect* dialect = dialects_.ofOperation(parsed->op);
        if (system_.empty()) system_ = dialect->words().system;
        if (dialect->words().system != system_) {
            return unread(item.line, words, "is of another system than the commands before it");
        }
        for (const std::string& warning : parsed->warnings) note(item.line, warning);
        step.op = parsed->op;
        step.op.json = false;
        for (std::size_t i = 0; i < item.words.size(); ++i) bind(item.words, i, step);
        steps_.push_back(std::move(step));
    }

    void bind(const std::vector<shell::Field>& words, std::size_t at, ImportedStep& step) {
        const std::string& variable = words[at].variable;
        if (variable.empty()) return;
        const std::string option =
            at > 0 && words[at - 1].text.starts_with("-") ? toLower(words[at - 1].text.substr(1)) : "";
        const auto value = step.op.params.find(option);
        if (value == step.op.params.end() || value->second != words[at].text) {
            walk_.usedInside.insert(variable);
        } else {
            step.variables[option] = variable;
        }
    }

    static std::string bounded(const Error& error) {
        constexpr std::size_t kMost = 500;
        return shownText(error.text(), kMost) + (error.fix.empty() ? "" : "\n  try: " + shownText(error.fix, kMost));
    }

    static std::string strangeWord(const std::vector<std::string>& words) {
        for (const std::string& word : words) {
            if (const std::size_t at = invalidUtf8At(word); at != std::string::npos) {
                return fmt::format("byte {} of `{}` is not UTF-8", at + 1, shownText(word, 40));
            }
            if (holdsControl(word)) return fmt::format("`{}` holds a control character", shownText(word, 40));
            std::string what;
            static const std::vector<std::string> kQuotes{"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E",
                                                          "\xE2\x80\x98", "\xE2\x80\x9A", "\xC2\xAB"};
            if (std::any_of(kQuotes.begin(), kQuotes.end(),
                            [&](const auto& quote) { return word.starts_with(quote); })) {
                return fmt::format("`{}` begins with a quote of a word processor, which a shell takes for a letter",
                                   shownText(word, 40));
            }
            const bool option = word.starts_with("-") || word.starts_with("\xE2");
            if (option && word != plainDash(word)) {
                return fmt::format("`{}` begins with a dash that is no `-`", shownText(word, 40));
            }
        }
        return {};
    }

    static std::string plainDash(const std::string& word) {
        for (const char* dash :
             {"\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x88\x92"}) {
            if (word.starts_with(dash)) return "-" + word.substr(3);
        }
        return word;
    }

    void unread(std::size_t line, const std::vector<std::string>& words, const std::string& reason) {
        out_.unread.push_back({line, fmt::format("`{}`: {}", shownText(join(words, " ")), reason)});
    }

    /// The shell stops at what it cannot read; what stands behind it never runs.
    void listBehindError(const shell::SyntaxError& error) {
        const std::vector<std::string> lines = split(code_.text, '\n');
        const std::string where = fmt::format("the shell cannot read on at line {}: {}", error.line, error.what);
        bool any = false;
        for (std::size_t line = error.startLine; line <= lines.size(); ++line) {
            const std::string_view text = trim(lines[line - 1]);
            if (text.starts_with("#") || shell::dialectMention(text, dialects_) == std::string_view::npos) continue;
            out_.unread.push_back({line, fmt::format("`{}`: {}", shownText(text), where)});
            cover(line);
            any = true;
        }
        if (!any) out_.unread.push_back({error.startLine, where});
    }

    void cover(std::size_t line) {
        if (walk_.covered.size() <= line) walk_.covered.resize(line + 1);
        walk_.covered[line] = true;
    }

    /// Nothing is lost: a line that names a command and was looked at by nobody is listed.
    void listForgotten() {
        std::size_t line = 0;
        for (const std::string& text : split(code_.text, '\n')) {
            ++line;
            const std::size_t at = shell::dialectMention(text, dialects_);
            if (at == std::string::npos) continue;
            const auto comment = script_.comments.find(line);
            if (comment != script_.comments.end() && comment->second <= at) continue;
            if (line < walk_.covered.size() && walk_.covered[line]) continue;
            out_.unread.push_back({line, fmt::format("`{}`: how it is used here is not read", shownText(trim(text)))});
        }
    }

    /// A template that is followed by the same command with values: the values are examples.
    void foldExamples() {
        std::vector<ImportedStep> kept;
        for (ImportedStep& step : steps_) {
            if (!kept.empty() && isExampleOf(kept.back(), step)) {
                for (const auto& [option, value] : kept.back().op.params) {
                    if (isWholePlaceholder(value)) examples_[{kept.back().scope, value}] = step.op.params.at(option);
                }
                note(step.line, "an example of the line before it; its values became examples of the parameters");
                continue;
            }
            kept.push_back(std::move(step));
        }
        steps_ = std::move(kept);
    }

    static bool isExampleOf(const ImportedStep& before, const ImportedStep& after) {
        const Operation& pattern = before.op;
        const Operation& example = after.op;
        if (before.kind != ImportedStep::Kind::Command || after.kind != ImportedStep::Kind::Command) return false;
        if (pattern.verb != example.verb || pattern.cluster != example.cluster) return false;
        if (pattern.params.size() != example.params.size()) return false;
        bool any = false;
        for (const auto& [option, value] : pattern.params) {
            const auto at = example.params.find(option);
            if (at == example.params.end() || isWholePlaceholder(at->second)) return false;
            if (isWholePlaceholder(value)) {
                any = true;
            } else if (value != at->second) {
                return false;
            }
        }
        return any;
    }

    /// Commands that the page names without a line for them.
    void addProseCommands() {
        for (const Dialect* dialect : dialects_.all()) {
            for (const ProseCommand& command : dialect->proseCommands()) addProseCommand(command);
        }
    }

    void addProseCommand(const ProseCommand& command) {
        const std::size_t mention = text_.find(command.phrase);
        const auto isCommand = [](const ImportedStep& step) { return step.kind == ImportedStep::Kind::Command; };
        const bool has = std::any_of(steps_.begin(), steps_.end(),
                                     [&](const ImportedStep& step) { return isCommand(step) && command.is(step.op); });
        if (mention == std::string_view::npos || has) return;
        const auto line = static_cast<std::size_t>(
                              std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(mention), '\n')) +
                          1;
        const auto next = std::find_if(steps_.begin(), steps_.end(), [&](const ImportedStep& step) {
            return isCommand(step) && step.line > line && command.before(step.op).has_value();
        });
        if (next == steps_.end()) return;
        ImportedStep step = *next;
        step.line = line;
        step.op = *command.before(next->op);
        step.variables.clear();
        steps_.insert(next, step);
        note(line, std::string(command.note));
    }

    static std::string placeholderOf(const std::string& variable) {
        std::string name = toLower(variable);
        std::replace(name.begin(), name.end(), '_', '-');
        return "{{" + name + "}}";
    }

    /// Variables that can be parameters: assigned once, and nothing else depends on their value.
    void findVariables() {
        std::map<std::string, std::string> owners;  // placeholder -> variable
        for (const ImportedStep& step : steps_) {
            for (const auto& [option, variable] : step.variables) {
                const std::string& value = step.op.params.at(option);
                const std::string placeholder = placeholderOf(variable);
                const auto times = walk_.assigned.find(variable);
                const bool once = times != walk_.assigned.end() && times->second == 1;
                const bool plain = !value.empty() && value.find("{{") == std::string::npos && variable[0] != '_';
                const auto owner = owners.emplace(placeholder, variable).first;
                const bool sole = owner->second == variable && !namesParameter(placeholder);
                if (once && plain && sole && !walk_.usedInside.contains(variable)) defaults_[placeholder] = value;
                if (owner->second != variable) defaults_.erase(placeholder);
            }
        }
    }

    /// Whether the text itself has a parameter of this name.
    [[nodiscard]] bool namesParameter(const std::string& placeholder) const {
        for (const ImportedStep& step : steps_) {
            for (const auto& [option, value] : step.op.params) {
                if (isWholePlaceholder(value) && "{{" + detail::parameterName(value) + "}}" == placeholder) return true;
                if (value.find(placeholder) != std::string::npos) return true;
            }
        }
        return false;
    }

    const Dialects& dialects_;
    std::string_view text_;
    std::string name_;
    std::string fileName_;
    CodeText code_;
    shell::Script script_;
    shell::Walk walk_;
    ImportedRunbook out_;
    std::vector<ImportedStep> steps_;
    std::vector<std::size_t> sections_;
    std::string system_;  ///< of the first command: a runbook has one
    std::map<std::pair<int, std::string>, std::string> examples_;
    std::map<std::string, std::string> defaults_;
};

/// The runbook that an export carries; says what somebody changed in the export since.
Result<ImportedRunbook> fromExport(std::string_view text, const std::string& fileName, const Dialects& dialects) {
    const auto carried = carriedRunbook(text);
    if (!carried) return carried.error();
    const auto book = parseRunbook(carried->text, fileName, dialects);
    if (!book) return book.error();
    ImportedRunbook out;
    out.readAs = "export";
    out.text = carried->text;
    for (const Step& step : book->steps) out.commands += step.commands.size();
    for (const Parameter& parameter : book->parameters) {
        if (parameter.required) out.parameters.push_back(parameter.name);
    }
    const auto again = exportRunbook(*book, carried->values, carried->target, carried->version);
    if (!again) return again.error();
    const std::vector<std::string> mine = split(*again, '\n');
    const std::vector<std::string> given = split(text, '\n');
    for (std::size_t i = 0; i < std::max(mine.size(), given.size()); ++i) {
        if (i < mine.size() && i < given.size() && mine[i] == given[i]) continue;
        out.notes.push_back({i + 1,
                             "the export was changed here since, or another version wrote it; the runbook is the "
                             "one that it was made from, without that change"});
        break;
    }
    return out;
}

}  // namespace

Result<ImportedRunbook> importScript(std::string_view bytes, const std::string& name, const std::string& fileName,
                                     const Dialects& dialects) {
    Result<DecodedText> decoded = decodeText(bytes, fileName);
    if (!decoded) return decoded.error();
    Result<ImportedRunbook> imported = carriesRunbook(decoded->text)
                                           ? fromExport(decoded->text, fileName, dialects)
                                           : Importer(decoded->text, name, fileName, dialects).run();
    if (imported) {
        imported->notes.insert(imported->notes.begin(), decoded->notes.begin(), decoded->notes.end());
        sortByLine(imported->notes);
    }
    return imported;
}

}  // namespace tributary::runbooks
