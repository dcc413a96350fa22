// Which dialect is asked, and what is said when none is.
#include "runbooks/dialects/dialects.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/joinlines.h"

namespace tributary::runbooks {
namespace {

std::string_view baseName(std::string_view program) {
    return program.substr(program.find_last_of('/') + 1);  // npos + 1 is 0
}

/// Lower case, up to the first option.
std::vector<std::string> commandWords(const std::vector<std::string>& words) {
    std::vector<std::string> out;
    for (std::size_t at = 1; at < words.size() && !words[at].starts_with('-'); ++at) out.push_back(toLower(words[at]));
    return out;
}

}  // namespace

std::vector<std::string> startingWith(std::string_view current, const std::vector<std::string>& candidates) {
    std::vector<std::string> out;
    for (const std::string& candidate : candidates) {
        if (toLower(candidate).starts_with(toLower(current))) out.push_back(candidate);
    }
    return out;
}

Dialects Dialects::of(std::string_view system) const {
    Dialects out;
    for (const Dialect* dialect : all_) {
        if (dialect->words().system == system) out.all_.push_back(dialect);
    }
    return out;
}

const Dialect* Dialects::ofProgram(std::string_view program) const {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const Dialect* dialect) {
        return dialect->words().program == baseName(program);
    });
    return found == all_.end() ? nullptr : *found;
}

const Dialect* Dialects::ofOperation(const Operation& op) const {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const Dialect* dialect) { return dialect->speaks(op); });
    return found == all_.end() ? nullptr : *found;
}

std::vector<std::string> Dialects::programs() const {
    std::vector<std::string> names;
    for (const Dialect* dialect : all_) names.emplace_back(dialect->words().program);
    return names;
}

std::vector<std::string> Dialects::systems() const {
    std::vector<std::string> names;
    for (const Dialect* dialect : all_) {
        const std::string name(dialect->words().system);
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
}

DatasetWords Dialects::datasets() const {
    return all_.empty() ? DatasetWords{} : all_.front()->words().datasets;
}

std::vector<const CheckSpec*> Dialects::checks() const {
    std::vector<const CheckSpec*> out;
    for (const Dialect* dialect : all_) {
        for (const CheckSpec& spec : dialect->words().checks) out.push_back(&spec);
    }
    return out;
}

const CheckSpec* Dialects::findCheck(std::string_view name) const {
    for (const Dialect* dialect : all_) {
        for (const CheckSpec& spec : dialect->words().checks) {
            if (spec.name == name) return &spec;
        }
    }
    return nullptr;
}

const std::vector<std::string>& Dialects::allowedValues(std::string_view argument) const {
    static const std::vector<std::string> kAny;
    for (const Dialect* dialect : all_) {
        for (const ClosedArgument& closed : dialect->words().closed) {
            if (closed.name == argument) return closed.values;
        }
    }
    return kAny;
}

bool Dialects::beginsValue(std::string_view text) const {
    if (text.starts_with('/') || text.starts_with('<') || text.starts_with("{{")) return true;
    return std::any_of(all_.begin(), all_.end(), [&](const Dialect* dialect) {
        const std::string_view root = dialect->words().datasets.root;
        return root.size() > 1 && text.starts_with(root.substr(1));
    });
}

Error Dialects::unknownProgram(const std::vector<Word>& words) const {
    const auto error = [](std::string what, std::string where, std::string fix) {
        return Error{ErrorCode::InvalidInput, std::move(what), std::move(where), std::move(fix)};
    };
    if (words.empty()) {
        return error("the line is empty", {}, all_.empty() ? std::string() : std::string(all_[0]->words().example));
    }
    const std::string& first = words[0].text;
    const std::string what = fmt::format("'{}' is not a program of this dialect", first);
    const std::string where = words[0].column == 0 ? std::string() : fmt::format("column {}", words[0].column);
    std::vector<Word> guess = words;
    for (const Dialect* dialect : all_) {
        if (!dialect->opens(toLower(first))) continue;
        guess.insert(guess.begin(), Word{std::string(dialect->words().program), 0, false, false});
        return error(what, where, spellWords(guess));
    }
    const std::string near = nearest(toLower(baseName(first)), programs());
    if (!near.empty()) {
        guess[0].text = near;
        return error(what, where, spellWords(guess));
    }
    std::vector<std::string> openings;
    for (const Dialect* dialect : all_) {
        if (!dialect->words().opening.empty()) openings.emplace_back(dialect->words().opening);
    }
    return error(what, where, "begin with " + join(openings, ", or with "));
}

Result<ParsedLine> Dialects::parse(std::vector<Word> words, ParseOptions options) const {
    const Dialect* dialect = words.empty() ? nullptr : ofProgram(words[0].text);
    if (dialect == nullptr) return unknownProgram(words);
    return dialect->parse(std::move(words), options);
}

Result<ParsedLine> Dialects::parseLine(std::string_view line, ParseOptions options) const {
    Result<WordList> list = splitWords(line);
    if (!list) return list.error();
    if (list->secondLineColumn == 0) return parse(std::move(list->words), options);
    const std::vector<JoinedLine> joined = joinWrappedLines(line, *this);
    const bool oneCommand = joined.size() == 1 && joined.front().lineCount > 1;
    if (options.lenient && oneCommand) {
        Result<WordList> whole = splitWords(joined.front().line);
        if (!whole) return whole.error();
        if (whole->secondLineColumn == 0) {
            Result<ParsedLine> parsed = parse(std::move(whole->words), options);
            if (!parsed) return parsed;
            const auto& notes = joined.front().notes;
            parsed->warnings.insert(parsed->warnings.begin(), notes.begin(), notes.end());
            return parsed;
        }
    }
    return Error{ErrorCode::InvalidInput, "a line break ends the command here, and the rest would run as a second one",
                 fmt::format("column {}", list->secondLineColumn),
                 oneCommand ? joined.front().line : "enter one command at a time"};
}

Result<ParsedLine> Dialects::parseWords(const std::vector<std::string>& words, ParseOptions options) const {
    return parse(wordsOf(words), options);
}

std::string Dialects::printLine(const Operation& op) const {
    const Dialect* dialect = ofOperation(op);
    return dialect == nullptr ? std::string() : dialect->print(op);
}

std::string Dialects::commandName(const std::vector<std::string>& words) const {
    const Dialect* dialect = words.empty() ? nullptr : ofProgram(words[0]);
    if (dialect == nullptr && !all_.empty()) dialect = all_.front();
    return dialect == nullptr ? join(words, " ") : dialect->commandName(words);
}

std::string Dialects::overview() const {
    std::string text = "Programs:\n";
    for (const Dialect* dialect : all_) text += dialect->words().overview;
    return text;
}

std::string Dialects::helpFor(const std::vector<std::string>& words) const {
    const std::string program(words.empty() ? std::string_view() : baseName(words.front()));
    if (program.empty()) return overview();
    const Dialect* dialect = ofProgram(program);
    if (dialect == nullptr) return fmt::format("There is no program '{}'.\n\n{}", program, overview());
    return dialect->help(commandWords(words));
}

std::vector<std::string> Dialects::complete(const std::vector<std::string>& words, std::string_view current) const {
    if (words.empty()) return startingWith(current, programs());
    const Dialect* dialect = ofProgram(words.front());
    return dialect == nullptr ? std::vector<std::string>{} : dialect->complete(words, current);
}

std::string Dialects::render(const Operation& op, const Outcome& outcome, Millis nowMs, int tzOffsetMinutes) const {
    const Dialect* dialect = ofOperation(op);
    return dialect == nullptr ? std::string() : dialect->render(op, outcome, nowMs, tzOffsetMinutes);
}

RenderedError Dialects::renderError(const Operation& op, const Error& error, Millis nowMs, int tzOffsetMinutes) const {
    const Dialect* dialect = ofOperation(op);
    return dialect == nullptr ? RenderedError{{}, error.text() + "\n", 1}
                              : dialect->renderError(op, error, nowMs, tzOffsetMinutes);
}

RenderedError Dialects::renderError(const std::vector<std::string>& words, const Error& error, Millis nowMs,
                                    int tzOffsetMinutes) const {
    const Dialect* dialect = words.empty() ? nullptr : ofProgram(words[0]);
    if (dialect == nullptr && !all_.empty()) dialect = all_.front();
    return dialect == nullptr ? RenderedError{{}, error.text() + "\n", 2}
                              : dialect->renderError(words, error, nowMs, tzOffsetMinutes);
}

}  // namespace tributary::runbooks
