// What a runbook needs of a system: run a command line, look at the state. The engine, or a real system, stands behind
// it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"

namespace tributary::runbooks {

/// What one executed dialect line did.
struct CommandOutcome {
    bool ok = false;
    std::string output;     ///< what the dialect printed on success
    std::string error;      ///< reason when not ok, in the dialect's own form
    std::string errorKind;  ///< core errorCodeName(): drives retry; "timeout" and "unavailable" leave the step in doubt
    std::string fix;        ///< next command to try; may be empty
};

/// The answer to one check.
enum class CheckVerdict { True, False, Unknown };

struct CheckOutcome {
    CheckVerdict verdict = CheckVerdict::Unknown;
    std::string evidence;  ///< what was seen, one line: "bytesPending 0, state REPLICATING"
    bool isFinal = false;  ///< False, and nothing but a person changes it: who waits for it need not wait on
};

/// One link as the lag line shows it. Unknown figures are -1, never 0.
struct LinkObservation {
    std::string from;
    std::string to;
    std::string state;  ///< "replicating", "paused", "agreement-missing", "error", "unreachable", ...
    std::string error;  ///< empty when healthy
    Millis lagMs = -1;
    std::int64_t bytesPending = -1;
    std::int64_t operationsPending = -1;
};

/// What a line would take away, looked at before it runs. Unknown figures are -1, never 0.
struct LineEffect {
    std::string text;           ///< one sentence for a person; empty when the line takes nothing away
    bool destroysData = false;  ///< it deletes rows or cells
    std::string target;         ///< of a line that destroys data: what is typed to approve it
    bool present = true;        ///< false: what it takes away is gone already
    std::int64_t rows = -1;     ///< how many rows it deletes
    /// Rows (or, of a family, rows with cells in it) whose present state is found nowhere else, or waits there to be
    /// sent. What is written after the look is not counted.
    std::int64_t onlyHere = -1;
    std::vector<std::string> keys;  ///< some of those rows, as the product spells keys
    std::string problem;            ///< why a figure is unknown, or what it rests on
};

/// What a look at a line takes into account.
struct LookAround {
    /// Paths that may hold the same rows as what the line deletes: the other end of a link that is gone by now.
    std::vector<std::string> related;
    /// Lines of the same plan that run before it: what they take away is no copy of anything by then.
    std::vector<std::string> before{};
};

/// A system as the runner sees it. All calls block; the runner calls from its own thread only.
class SystemPort {
public:
    virtual ~SystemPort() = default;
    /// Executes one dialect line ("maprcli table create -path ...") as the port's user.
    virtual CommandOutcome execute(const std::string& line, Millis timeoutMs) = 0;
    /// Checks that a line parses and names existing options, without running it. Error says what is wrong with it.
    virtual Status validate(const std::string& line) = 0;
    /// Evaluates `name arg arg ...` (see runbooks/README.md for the vocabulary).
    virtual CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) = 0;
    /// Every link, for the lag display; an unreachable system gives what is known.
    virtual std::vector<LinkObservation> links() = 0;
    /// A fingerprint of what the runbook starts from (datasets, edges): journals bind to it. Empty when unknown.
    virtual std::string fingerprint() = 0;
    /// What fingerprint() is made of, one fact a line, sorted; for telling what changed. Empty when unknown.
    virtual std::vector<std::string> describe() = 0;
    /// What `line` would take away when its turn comes. Changes nothing.
    virtual LineEffect effectOf(const std::string& line, const LookAround& around) = 0;
};

}  // namespace tributary::runbooks
