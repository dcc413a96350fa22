// A runbook as data: parameters, ordered steps and the checks between them (docs: runbooks/README.md, "Format").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/topology/sourcepos.h"
#include "runbooks/dialects/dialects.h"

namespace tributary::runbooks {

/// Where a value stands in its file; unknown when it does not come from a file.
using Place = SourcePos;

/// Secret: the value is a reference, file:PATH, and never the secret itself.
enum class ParameterType {
    Dataset,
    Path,
    Cluster,
    Family,
    Columns,
    Duration,
    Bytes,
    Enum,
    Text,
    Integer,
    Bool,
    Secret
};

/// A named value that the operator gives. Without a default it is required.
struct Parameter {
    std::string name;
    ParameterType type = ParameterType::Text;
    std::string title;                       ///< one line for a form or --help; may be empty
    bool required = true;                    ///< no default
    std::string defaultText;                 ///< may use parameters declared above it: "{{source | cluster}}"
    std::string example;                     ///< a value that the type accepts; may be empty
    std::vector<std::string> allowedValues;  ///< of an Enum
    Place place;
};

/// A question to the system: a name from the vocabulary of its system and its arguments. Arguments are templates until
/// rendered.
struct Check {
    std::string name;
    std::vector<std::string> arguments;
    Place place;
    std::string_view phrase{};  ///< its sentence, with {0} {1} {2} for the arguments; of a check that was read
    /// As written in a runbook: the name and the arguments, quoted where needed.
    [[nodiscard]] std::string text() const;
};

/// Decides whether a step is part of this run: a check, a comparison of texts, or true/false, each possibly negated.
struct Condition {
    enum class Kind { System, Equal, NotEqual, Constant };
    Kind kind = Kind::Constant;
    bool negated = false;
    Check check;        ///< System
    std::string left;   ///< Equal and NotEqual; the word true or false of a Constant
    std::string right;  ///< Equal and NotEqual
    std::string asked;  ///< of a rendered one: as written, "mode == careful"
    std::string given;  ///< of a rendered one: its parameters' values, "mode is quick"; may be empty
    Place place;
    [[nodiscard]] std::string text() const;
    /// Whether it needs no system: decidable as soon as parameters are known.
    [[nodiscard]] bool isStatic() const { return kind != Kind::System; }
    /// The value of a static condition whose templates are rendered.
    [[nodiscard]] bool staticValue() const;
    /// Why a step is left out: "when: mode == careful is false (mode is quick)"; `seen` of a check may be empty.
    [[nodiscard]] std::string unmetText(const std::string& seen) const;
};

/// What must hold because of a step. Becomes: true at some poll within `withinMs`. Stays: true at every poll from the
/// start of the step until `withinMs` after the becomes clauses held.
struct VerifyClause {
    enum class Kind { Becomes, Stays };
    Kind kind = Kind::Becomes;
    Check check;
    Millis withinMs = 30'000;
    Millis intervalMs = 500;
};

/// One dialect line. `doneWhen` settles whether this line had its effect when its result was lost.
struct CommandLine {
    std::string text;
    std::optional<Check> doneWhen;
    Place place;
};

/// Why something failed: drives retries, compensation and the kind of entry in a JUnit report.
enum class FailureClass {
    None,
    Precondition,
    Transient,
    Unreachable,
    Timeout,
    Permission,
    Semantic,
    Verify,
    Machinery
};

/// The class of a CommandOutcome's errorKind.
[[nodiscard]] FailureClass failureClassOf(const std::string& errorKind);
/// Lower-case name as runbooks and reports spell it: "transient".
[[nodiscard]] std::string_view failureClassName(FailureClass failure);

struct RetryPolicy {
    int attempts = 1;  ///< runs of a line in all
    std::vector<FailureClass> on;
    Millis delayMs = 1000;  ///< before the second attempt; doubles each time
    [[nodiscard]] bool covers(FailureClass failure) const;
};

enum class OnFailure { Abort, Continue, Pause, Compensate };
[[nodiscard]] std::string_view onFailureName(OnFailure onFailure);

/// What an operator must say before the step acts. `typeTheName` is the word to type for a destructive step.
struct Approval {
    bool needed = false;
    std::string text;
    std::string typeTheName;
};

enum class StepKind { Commands, Human, Ask, Wait, CheckOnly };

struct Step {
    std::string id;
    std::string title;
    std::string why;
    std::vector<std::string> targets;
    StepKind kind = StepKind::CheckOnly;
    std::vector<Condition> when;        ///< all must hold, else the step is not part of the run
    std::vector<Check> doneWhen;        ///< all true: nothing to do
    std::vector<Check> requirements;    ///< all must be true before acting ("requires")
    std::vector<CommandLine> commands;  ///< "do"
    std::string instruction;            ///< Human and Ask
    Millis waitMs = 0;                  ///< Wait
    std::vector<VerifyClause> verify;
    std::vector<CommandLine> undo;
    bool nothingToUndo = false;  ///< "undo: none"
    std::string irreversible;    ///< reason; empty when reversible
    bool repeatable = false;     ///< running it twice is harmless: a lost result means run again
    Millis timeoutMs = 60'000;   ///< of each command line
    RetryPolicy retry;
    OnFailure onFailure = OnFailure::Abort;
    Approval approval;
    bool safeToStop = true;
    bool enabled = true;
    std::string disabledBecause;
    std::string expect;
    std::string docs;
    Place place;

    [[nodiscard]] bool canUndo() const { return irreversible.empty() && !undo.empty(); }
};

struct Runbook {
    std::string id;
    std::string title;
    std::string why;
    std::string system;
    std::string docs;
    std::vector<Parameter> parameters;
    std::vector<Check> requirements;  ///< all must be true before the first step
    std::vector<Check> invariants;    ///< must not become false while the run lasts
    std::vector<Step> steps;
    std::string text;     ///< the file as it was read: a run stores it
    std::string hash;     ///< contentHash(text)
    Dialects dialects{};  ///< those of its system: what its commands and checks mean
    std::string file;     ///< absolute path of the file it was read from; empty: built in, or out of a journal

    [[nodiscard]] const Step* findStep(const std::string& stepId) const;
    [[nodiscard]] const Parameter* findParameter(const std::string& name) const;
};

/// 32 hexadecimal digits (XXH3, 128 bit) of a text: pins what a run or an approval was given for. It guards against
/// change, not against a forger.
[[nodiscard]] std::string contentHash(std::string_view text);

/// 12 hexadecimal digits of what a rendered step would do: the right side of --approve STEP=HASH.
[[nodiscard]] std::string stepHash(const Step& rendered);

}  // namespace tributary::runbooks
