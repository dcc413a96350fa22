// Dialects whose lines are a program, command words, values in a fixed order, and bare flags: all but their table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/operations/schema.h"
#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

/// A flag, which may stand anywhere behind the command's words.
struct WordFlag {
    std::string parameter;              ///< of the schema; "true" when it is given and takes no value
    std::vector<std::string> spelling;  ///< {"-y", "--yes"}: the first is printed
    /// "--host=VALUE", "--host VALUE" or "-H VALUE"; the first spelling has two dashes. The text is its form in help.
    std::string value{};
};

/// One command.
struct WordRow {
    Verb verb = Verb::TableInfo;
    std::vector<std::string> words;      ///< {"stop"}; empty: values follow the program at once
    std::vector<std::string> positions;  ///< parameters of the schema in the order of the line; required ones first
    std::vector<WordFlag> flags{};
    std::string example;  ///< what follows the program, for help
};

/// What the real program has and this one does not carry.
struct RefusedWord {
    std::string word;
    std::string what;  ///< a full sentence
    std::string fix;
};

struct WordTable {
    std::vector<WordRow> rows;
    std::vector<RefusedWord> refused{};
};

/// Answers are the lines of an outcome as they came; an error is one line, with a second one for what to try.
class WordDialect : public Dialect {
public:
    WordDialect(DialectWords words, WordTable table) : words_(std::move(words)), table_(std::move(table)) {}

    [[nodiscard]] const WordTable& table() const { return table_; }
    /// The row of a verb, or nullptr.
    [[nodiscard]] const WordRow* rowOf(Verb verb) const;
    /// The row that the words (without the program) begin with, or nullptr.
    [[nodiscard]] const WordRow* match(const std::vector<std::string>& words) const;
    /// "tt stop [APP[:INSTANCE]] [-y]".
    [[nodiscard]] std::string usage(const WordRow& row) const;

    [[nodiscard]] const DialectWords& words() const override { return words_; }
    [[nodiscard]] Result<ParsedLine> parse(std::vector<Word> words, ParseOptions options) const override;
    [[nodiscard]] bool speaks(const Operation& op) const override { return rowOf(op.verb) != nullptr; }
    [[nodiscard]] std::string print(const Operation& op) const override;
    [[nodiscard]] bool opens(const std::string&) const override { return false; }
    [[nodiscard]] bool isWhole(const std::vector<std::string>& words) const override;
    [[nodiscard]] bool isMention(std::string_view rest) const override;
    [[nodiscard]] std::string commandName(const std::vector<std::string>& words) const override;
    [[nodiscard]] std::string help(const std::vector<std::string>& words) const override;
    [[nodiscard]] std::vector<std::string> complete(const std::vector<std::string>& words,
                                                    std::string_view current) const override;
    [[nodiscard]] std::string render(const Operation& op, const Outcome& outcome, Millis nowMs,
                                     int tzOffsetMinutes) const override;
    [[nodiscard]] RenderedError renderError(const Operation& op, const Error& error, Millis nowMs,
                                            int tzOffsetMinutes) const override;
    [[nodiscard]] RenderedError renderError(const std::vector<std::string>& words, const Error& error, Millis nowMs,
                                            int tzOffsetMinutes) const override;

protected:
    /// What a line must fulfil beyond the schema.
    [[nodiscard]] virtual Status examine(const Operation&) const { return okStatus(); }

private:
    /// The words that can follow those of a command that is not whole yet.
    [[nodiscard]] std::vector<std::string> nextWords(const std::vector<std::string>& begun) const;

    DialectWords words_;
    WordTable table_;
};

}  // namespace tributary::runbooks
