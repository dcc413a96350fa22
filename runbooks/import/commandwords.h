// What the programs of a script are, as far as the dialect's commands depend on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runbooks/dialects/dialects.h"

namespace tributary::runbooks::shell {

/// Whether it names a program of a dialect, by name or by an absolute path.
[[nodiscard]] bool isDialectProgram(std::string_view word, const Dialects& dialects);
/// The offset at which a text names a command of a dialect (Dialect::isMention()), or npos. Paths and users that are
/// named as a program are none.
[[nodiscard]] std::size_t dialectMention(std::string_view text, const Dialects& dialects);
/// echo and its like: what they are given is text.
[[nodiscard]] bool isPrinter(std::string_view program);
/// A command whose output, if any, is all that it does.
[[nodiscard]] bool onlyLooks(std::string_view program);
/// One that always succeeds, of those.
[[nodiscard]] bool alwaysSucceeds(std::string_view program);
/// Why a command that is handed to `program` is not a step of its own; `words` are the program's, for names in it.
[[nodiscard]] std::string whyNotThrough(const std::string& program, const std::vector<std::string>& words);
/// A program that runs what it reads from its standard input.
[[nodiscard]] bool runsItsInput(std::string_view program);

/// What stands in front of a program: time, nohup, nice, timeout, command, exec, env.
struct Prefix {
    std::size_t length = 0;                 ///< how many words it takes
    std::optional<std::int64_t> timeoutMs;  ///< of `timeout`
    bool replacesShell = false;             ///< exec: nothing behind it runs
    bool onlyAsks = false;                  ///< command -v
    std::string refusal;                    ///< not empty: why the command is not carried
};
[[nodiscard]] Prefix prefixOf(const std::vector<std::string>& words, const Dialects& dialects);

/// Milliseconds of "5", "1.5", "30s", "2m", "1h", "1d" as sleep and timeout read them.
[[nodiscard]] std::optional<std::int64_t> shellMillis(std::string_view text);

}  // namespace tributary::runbooks::shell
