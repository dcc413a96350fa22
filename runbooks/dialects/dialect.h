// What a command language is to the rest of the program: lines to operations and back, help, completion and answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/operations/operation.h"
#include "core/operations/outcome.h"
#include "runbooks/dialects/checkspec.h"
#include "runbooks/dialects/exportwords.h"
#include "runbooks/dialects/stepshape.h"
#include "runbooks/dialects/words.h"

namespace tributary::runbooks {

/// How a line is read.
struct ParseOptions {
    /// Repairs what manuals are known to get wrong, with a warning each: a path without its leading slash, an option
    /// glued to its value by a backslash, a command wrapped over lines without backslashes.
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

/// What a failed command leaves behind.
struct RenderedError {
    std::string out;  ///< standard output: an error in the form that programs read, or nothing
    std::string err;  ///< standard error: the error line unless that form was asked, and the fix line if there is one
    int exitStatus = 1;  ///< never 0
};

/// How commands and runbooks name the datasets of a system.
struct DatasetWords {
    std::string_view kinds = "a dataset";  ///< "a table or stream"
    std::string_view form = "NAME";        ///< "/mapr/CLUSTER/PATH"
    std::string_view clusterPart;          ///< of the filter `cluster`: "C of /mapr/C/PATH"
    std::string_view root;                 ///< what every name begins with; empty: a name is no path
};

/// What is said of a dialect as a whole. Everything in it lives as long as the program.
struct DialectWords {
    std::string_view program;   ///< what its lines begin with: "maprcli"
    std::string_view system;    ///< whose commands they are: "maprdb"
    std::string_view opening;   ///< "hbase for CopyTable and DiffTables"; empty when every command is refused
    std::string_view example;   ///< a whole line, for whoever typed nothing
    std::string_view overview;  ///< its lines in the list of programs; each ends in a line break
    DatasetWords datasets{};
    std::vector<CheckSpec> checks{};       ///< in the order of the documentation
    std::vector<ClosedArgument> closed{};  ///< of the checks
    ExportWords exports{};
    /// The program that a script needs on PATH for these lines, when they are no program of the system but functions of
    /// the script; empty: the one above.
    std::string_view starts{};
};

/// One command language. Objects have no state, live as long as the program and may be used from any thread.
class Dialect {
public:
    virtual ~Dialect() = default;
    [[nodiscard]] virtual const DialectWords& words() const = 0;

    /// Reads a line's words, the program first. Errors: `where` is "column 27, -path" (without the column for words of
    /// an argv), `fix` mostly the corrected command in full; InvalidInput, or Unsupported for commands that the real
    /// program has and this version does not carry.
    [[nodiscard]] virtual Result<ParsedLine> parse(std::vector<Word> words, ParseOptions options) const = 0;
    /// Whether the operation is one of this dialect's.
    [[nodiscard]] virtual bool speaks(const Operation& op) const = 0;
    /// Of an operation that it speaks: the line that parse() reads back to an equal one.
    [[nodiscard]] virtual std::string print(const Operation& op) const = 0;
    /// Whether somebody who left out the program may have begun with this word (lower case).
    [[nodiscard]] virtual bool opens(const std::string& word) const = 0;
    /// Whether words (lower case, without the program) are a whole command, carried or refused, and nothing more.
    [[nodiscard]] virtual bool isWhole(const std::vector<std::string>& words) const = 0;
    /// Whether a text that goes on with `rest` behind the program's name means a command, and no path or person.
    [[nodiscard]] virtual bool isMention(std::string_view rest) const = 0;
    /// The command as errors name it: "table replica add". `words` begin with the program and need not parse.
    [[nodiscard]] virtual std::string commandName(const std::vector<std::string>& words) const = 0;

    /// Help for a command, complete or not; `words` as in isWhole().
    [[nodiscard]] virtual std::string help(const std::vector<std::string>& words) const = 0;
    /// What `current` (may be empty) can become after the finished `words`, which begin with the program: command
    /// words, options, values of options with fixed values. Paths and names are the caller's to complete.
    [[nodiscard]] virtual std::vector<std::string> complete(const std::vector<std::string>& words,
                                                            std::string_view current) const = 0;

    /// What the command prints; `nowMs` is UTC, the offset in minutes, positive east of Greenwich.
    [[nodiscard]] virtual std::string render(const Operation& op, const Outcome& outcome, Millis nowMs,
                                             int tzOffsetMinutes) const = 0;
    [[nodiscard]] virtual RenderedError renderError(const Operation& op, const Error& error, Millis nowMs,
                                                    int tzOffsetMinutes) const = 0;
    /// The same for words that never became an operation.
    [[nodiscard]] virtual RenderedError renderError(const std::vector<std::string>& words, const Error& error,
                                                    Millis nowMs, int tzOffsetMinutes) const = 0;

    /// The step that an imported command becomes; values of `op` may be {{placeholders}}.
    [[nodiscard]] virtual StepShape shapeOf(const Operation& op) const { return shapeByHand(op); }
    /// The type of a parameter that stands for an option's value: "path", "text" (ParameterType by name).
    [[nodiscard]] virtual std::string parameterTypeOf(const std::string&) const { return "text"; }
    /// Of a line of a transcript that shows a console's prompt and what was typed there: the line of this dialect that
    /// does the same. Nothing for other lines.
    [[nodiscard]] virtual std::optional<std::string> typedAtConsole(std::string_view) const { return {}; }
    /// Whether words (the program first) do no more than open such a console.
    [[nodiscard]] virtual bool opensConsole(const std::vector<std::string>&) const { return false; }
    /// Commands that pages name without a line for them.
    [[nodiscard]] virtual std::vector<ProseCommand> proseCommands() const { return {}; }
};

}  // namespace tributary::runbooks
