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
};

}  // namespace tributary::runbooks
