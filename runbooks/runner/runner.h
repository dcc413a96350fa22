// Runs a runbook through a port: step by step, journalled, resumable, undoable (docs: runbooks/README.md).
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "runbooks/model/parameters.h"
#include "runbooks/model/runbook.h"
#include "runbooks/port/systemport.h"
#include "runbooks/runner/approver.h"
#include "runbooks/runner/events.h"
#include "runbooks/runner/exitcodes.h"
#include "runbooks/runner/journal.h"
#include "runbooks/runner/runnerclock.h"

namespace tributary::runbooks {

enum class RunMode { Auto, Stepwise };

struct RunOptions {
    RunMode mode = RunMode::Auto;
    std::string startAt;  ///< step id; all earlier steps are checked first
    std::string until;    ///< step id; stops after it
    /// Step id -> stepHash() of what was approved, the name to type, or "yes" where no name is asked for.
    std::map<std::string, std::string> approvals;
    bool approveAll = false;  ///< --yes: all but approvals that want a name typed
    /// Step id -> "done" or "not-done": what a person found out about a step in doubt.
    std::map<std::string, std::string> resolutions;
    Millis lagIntervalMs = 1000;  ///< at most one lag event per this time
    std::string user;
    std::string expectedFingerprint;  ///< of a reviewed plan; empty when there was none
    bool acceptDrift = false;         ///< resume although the system changed meanwhile
};

struct UndoOptions {
    RunMode mode = RunMode::Auto;
    std::string downTo;  ///< step id that stays done; empty for everything
    Millis lagIntervalMs = 1000;
    std::string user;
    std::map<std::string, std::string> approvals{};    ///< step id -> the name of what its undo deletes
    bool approveAll = false;                           ///< --yes: all but what wants a name typed
    std::map<std::string, std::string> resolutions{};  ///< "done": what was left BY HAND is taken back
};

struct RunResult {
    RunOutcome outcome = RunOutcome::Internal;
    std::string stepId;  ///< where it stopped; empty on success
    std::string reason;
    std::string fix;
    std::vector<std::string> options{};  ///< of ApprovalNeeded: the options that give it, in words of the command line
    [[nodiscard]] ExitCode exitCode() const { return exitCodeOf(outcome); }
};

/// Every step that the options name must exist, and the end may not come before the start. Errors: InvalidInput with
/// the option.
[[nodiscard]] Status checkStepNames(const Runbook& runbook, const RunOptions& options);

/// One run at a time, on the caller's thread. The collaborators must outlive the runner.
class Runner {
public:
    /// `dialects` read the runbooks of journals.
    Runner(SystemPort& port, RunnerClock& clock, Approver& approver, RunListener& listener, Dialects dialects)
        : port_(port), clock_(clock), approver_(approver), listener_(listener), dialects_(std::move(dialects)) {}

    /// Begins a run in an empty journal. Approvals are asked for before the first step. A wrong request (parameters,
    /// step names) and a missing approval leave the journal empty.
    RunResult run(const Runbook& runbook, const ParameterValues& given, RunJournal& journal, const RunOptions& options);
    /// Goes on with a run that crashed, failed, was stopped or reached its --until. `current` must be the text that the
    /// run is bound to (storedRunbook() gives it); a step in doubt is decided by done-when, then by verify.
    RunResult resume(const Runbook& current, RunJournal& journal, const RunOptions& options);
    /// Undoes the completed steps of a run, last first, after the plan (undoplan.h) was approved. Refuses before
    /// touching anything when a step is irreversible or an approval is missing. An undo that was stopped can be gone on
    /// with.
    RunResult undo(RunJournal& journal, const UndoOptions& options);

    /// First request: stop at the next safe point, which every wait of a step with safe-to-stop is. Second: stop now;
    /// the step in progress is journalled as in doubt. Any thread; safe in a signal handler.
    void requestPause();

private:
    SystemPort& port_;
    RunnerClock& clock_;
    Approver& approver_;
    RunListener& listener_;
    Dialects dialects_;
    std::atomic<int> pauseRequests_{0};
};

/// The runbook that a run is bound to, from the text in its journal.
[[nodiscard]] Result<Runbook> storedRunbook(const RunState& state, const Dialects& dialects);

}  // namespace tributary::runbooks
