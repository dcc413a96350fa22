// Statements of Lua or SQL, typed or piped, to whatever answers them in text.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/terminal/consoleinput.h"
#include "app/terminal/verb.h"

namespace tributary::app {

/// Collects lines until a statement is whole, has it answered, and prints the answer as it came. `\quit`, `\set
/// delimiter` and `\set language` are for this end, all else for the other.
class StatementLoop {
public:
    /// What the other end says to a statement; nullopt = it has ended the console.
    using Evaluate = std::function<Result<std::optional<std::string>>(const std::string& text, bool isSql)>;

    /// `title` stands in the prompt and, as "instance", in the document of --json.
    StatementLoop(const VerbContext& context, std::string title, Evaluate evaluate)
        : context_(context), title_(std::move(title)), evaluate_(std::move(evaluate)) {}

    void setSql(bool isSql) { isSql_ = isSql; }
    /// One statement or chunk. False in the value: the console has ended.
    Result<bool> run(const std::string& text);
    /// All lines: the exit code.
    int runLines(ConsoleInput& input);
    /// Prints the document of --json when `code` is 0; returns the code.
    int finish(int code);

private:
    [[nodiscard]] bool isWhole(std::string& text) const;
    bool takeSetting(const std::string& text);
    void show(const std::string& text, const std::string& answer);

    const VerbContext& context_;
    std::string title_;
    Evaluate evaluate_;
    bool isSql_ = false;
    std::string delimiter_;  ///< empty = a statement ends where its Lua does
    nlohmann::ordered_json answers_ = nlohmann::ordered_json::array();
};

/// Lines of stdin: edited at a terminal, with a history of their own, else as they come.
[[nodiscard]] std::unique_ptr<ConsoleInput> statementInput(bool atTerminal);

}  // namespace tributary::app
