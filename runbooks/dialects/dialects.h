// The dialects that a program speaks: a list that app puts together and hands on.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

/// Finds the dialect of a line, of words or of an operation. A cheap value: copies share the dialects.
class Dialects {
public:
    Dialects() = default;
    /// In the order of help. The dialects must live as long as the program.
    Dialects(std::initializer_list<const Dialect*> dialects) : all_(dialects) {}

    [[nodiscard]] const std::vector<const Dialect*>& all() const { return all_; }
    [[nodiscard]] bool empty() const { return all_.empty(); }
    /// Those of one system.
    [[nodiscard]] Dialects of(std::string_view system) const;
    /// The dialect of a program, by name or by its path; nullptr when it is of none.
    [[nodiscard]] const Dialect* ofProgram(std::string_view program) const;
    /// The first that speaks the operation, or nullptr.
    [[nodiscard]] const Dialect* ofOperation(const Operation& op) const;
    /// Their programs, in order.
    [[nodiscard]] std::vector<std::string> programs() const;
    /// Their systems, in order, each once.
    [[nodiscard]] std::vector<std::string> systems() const;
    /// How the first of them names datasets.
    [[nodiscard]] DatasetWords datasets() const;
    /// Every check that may be asked, in order.
    [[nodiscard]] std::vector<const CheckSpec*> checks() const;
    /// The row of `name`, or nullptr.
    [[nodiscard]] const CheckSpec* findCheck(std::string_view name) const;
    /// Values of a closed argument (STATE, PERM); empty when any text will do.
    [[nodiscard]] const std::vector<std::string>& allowedValues(std::string_view argument) const;
    /// Whether a text begins like a value of their commands: a path (also one that lacks its slash), or a placeholder.
    [[nodiscard]] bool beginsValue(std::string_view text) const;

    /// Reads one command line as a shell would. Errors: of Dialect::parse(), and InvalidInput for a program that is
    /// none of theirs and for a line break within the command.
    [[nodiscard]] Result<ParsedLine> parseLine(std::string_view line, ParseOptions options = {}) const;
    /// The same for an argv: {"maprcli", "table", "info", "-path", "/mapr/a/t"}; `where` has no column.
    [[nodiscard]] Result<ParsedLine> parseWords(const std::vector<std::string>& words, ParseOptions options = {}) const;
    /// The operation as a line that parseLine() reads back; empty when nobody speaks it.
    [[nodiscard]] std::string printLine(const Operation& op) const;
    /// The command of words as errors name it.
    [[nodiscard]] std::string commandName(const std::vector<std::string>& words) const;

    /// Help for a command, complete or not; {} lists the programs.
    [[nodiscard]] std::string helpFor(const std::vector<std::string>& words) const;
    /// What `current` (may be empty) can become after the finished `words`: a program, or what its dialect says.
    [[nodiscard]] std::vector<std::string> complete(const std::vector<std::string>& words,
                                                    std::string_view current) const;

    /// What a command prints. Operations that nobody speaks print nothing.
    [[nodiscard]] std::string render(const Operation& op, const Outcome& outcome, Millis nowMs,
                                     int tzOffsetMinutes) const;
    [[nodiscard]] RenderedError renderError(const Operation& op, const Error& error, Millis nowMs,
                                            int tzOffsetMinutes) const;
    /// The same for words that never became an operation; of an unknown program, as the first dialect does.
    [[nodiscard]] RenderedError renderError(const std::vector<std::string>& words, const Error& error, Millis nowMs,
                                            int tzOffsetMinutes) const;

private:
    [[nodiscard]] Result<ParsedLine> parse(std::vector<Word> words, ParseOptions options) const;
    [[nodiscard]] Error unknownProgram(const std::vector<Word>& words) const;
    [[nodiscard]] std::string overview() const;

    std::vector<const Dialect*> all_;
};

/// Those of `candidates` that begin with `current`, whatever the case.
[[nodiscard]] std::vector<std::string> startingWith(std::string_view current,
                                                    const std::vector<std::string>& candidates);

}  // namespace tributary::runbooks
