// The dialect of maprcli and its hbase companions: lines to operations and back, help and completion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/operations/operation.h"

namespace tributary::runbooks {

/// How a line is read.
struct ParseOptions {
    /// Repairs what manuals are known to get wrong, with a warning each: `mapr/...` without its leading slash, an
    /// option glued to its value by a backslash, a command wrapped over lines without backslashes.
    bool lenient = false;
    /// Accepts `<path to the replica>` and `{{replica}}` for any value: the line is a template, to be filled in.
    bool placeholders = false;
};

/// An understood line.
struct ParsedLine {
    Operation op;
    std::vector<std::string> warnings;      ///< lint: accepted, but worth a remark
    std::vector<std::string> placeholders;  ///< templates only: each `<...>` or `{{...}}` once, as written
};

/// Reads one command line as a shell would, strictly: `maprcli table replica add -path ... -replica ...`, or
/// `hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable ...`. Options are case-insensitive, `-json` and `-cluster` may
/// stand anywhere. Errors: `where` is "column 27, -path", `fix` mostly the corrected command in full; InvalidInput,
/// or Unsupported for commands that the real system has and this version does not carry (streams, JSON tables).
[[nodiscard]] Result<ParsedLine> parseLine(std::string_view line, ParseOptions options = {});

/// The same for an argv: {"maprcli", "table", "info", "-path", "/mapr/a/t"}; `where` has no column.
[[nodiscard]] Result<ParsedLine> parseWords(const std::vector<std::string>& words, ParseOptions options = {});

/// The operation as a line that parseLine() reads back to an equal operation.
[[nodiscard]] std::string printLine(const Operation& op);

/// The command as errors name it: "table replica add", "CopyTable".
[[nodiscard]] std::string commandName(const Operation& op);
/// The same for words that did not parse: those before the first option.
[[nodiscard]] std::string commandName(const std::vector<std::string>& words);

/// Help for a command, complete or not ({"maprcli", "table", "replica"} lists what may follow); {} lists the programs.
[[nodiscard]] std::string helpFor(const std::vector<std::string>& words);

/// What `current` (may be empty) can become after the finished `words`: command words, options, values of options
/// with fixed values. Paths and names are the caller's to complete.
[[nodiscard]] std::vector<std::string> complete(const std::vector<std::string>& words, std::string_view current);

}  // namespace tributary::runbooks
