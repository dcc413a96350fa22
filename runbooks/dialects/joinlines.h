// Commands out of pasted pages, whose long lines were wrapped for reading.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::runbooks {

class Dialects;

/// One command found in a text.
struct JoinedLine {
    std::string line;                ///< the whole command on one line
    std::size_t firstLine = 0;       ///< line of its first word, from 1
    std::size_t lineCount = 1;       ///< how many lines it was spread over
    std::vector<std::string> notes;  ///< what was repaired, for people
};

/// Finds the commands (lines that begin with a program of `dialects`, after indentation and a `$ ` prompt) and joins
/// each with the lines that continue it: after a backslash; when the next line begins with an option; or when the
/// line ends in an option and the next begins with a path or placeholder. A backslash that stands directly behind an
/// option gets the blank that was meant. Prose is skipped, so a whole page can be pasted
/// (maprdb.md section 5, traps 2 and 3).
[[nodiscard]] std::vector<JoinedLine> joinWrappedLines(std::string_view text, const Dialects& dialects);

}  // namespace tributary::runbooks
