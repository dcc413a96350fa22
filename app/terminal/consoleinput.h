// Where the console's lines come from.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace tributary::app {

/// Finished words and the one being typed, to what that one can become.
using ConsoleCompleter =
    std::function<std::vector<std::string>(const std::vector<std::string>& words, const std::string& current)>;

/// A source of lines. One per process at a time on a terminal: the editing library keeps its state globally.
class ConsoleInput {
public:
    virtual ~ConsoleInput() = default;
    /// The next line without its break; nullopt at the end of input.
    virtual std::optional<std::string> next(const std::string& prompt) = 0;
    /// Why there are no more lines, when that is not the end of the input.
    [[nodiscard]] virtual Status problem() const { return okStatus(); }
};

/// Lines of standard input as they are.
[[nodiscard]] std::unique_ptr<ConsoleInput> pipedInput();
/// A terminal with editing and completion; history is kept in `historyPath` (may be empty) between sessions.
[[nodiscard]] std::unique_ptr<ConsoleInput> editedInput(const std::string& historyPath, ConsoleCompleter completer);
/// `$XDG_STATE_HOME/tributary/history`; its folder is made. Empty when there is no home.
[[nodiscard]] std::string consoleHistoryPath();

}  // namespace tributary::app
