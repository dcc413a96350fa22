// Runs one step, fresh or resumed. Inside the runner only.
#pragma once

#include "runbooks/runner/session.h"
#include "runbooks/runner/undoplan.h"

namespace tributary::runbooks::detail {

/// How a step ended. `outcome` is set when the run must stop with just that.
struct StepEnd {
    StepPhase phase = StepPhase::Done;
    FailureClass failure = FailureClass::None;
    std::string reason;
    std::string fix;
    std::optional<RunOutcome> outcome;

    [[nodiscard]] bool settled() const { return isSettled(phase) && !outcome; }
};

class StepRunner {
public:
    StepRunner(Session& session, const Step& step) : session_(session), step_(step) {}

    /// Runs the step and journals its result. After a failure the approver may have it run again or skipped.
    StepEnd run();
    /// For --start-at: establishes that an earlier step holds, doing nothing.
    StepEnd verifyEarlier();
    /// The undo of the step: its lines, then done-when must no longer hold. A line that destroys data is looked at
    /// again: more than `planned` says stops it. Journalled. Throws SafeStop and ForcedStop.
    Status undo(const UndoPlanStep& planned, const std::vector<std::string>& related);

private:
    StepEnd attempt();
    StepEnd begin(bool resumedActing);
    StepEnd act();
    StepEnd runLines();
    StepEnd lineFailed(std::size_t index, const CommandOutcome& outcome);
    StepEnd verifyAfterDoubt(FailureClass failure, const std::string& reason);
    StepEnd verified();
    StepEnd instruct();
    [[nodiscard]] StepEnd stoppedAsking() const;
    std::optional<StepEnd> settleDoubt();
    std::optional<StepEnd> decideLine(std::size_t index);
    std::optional<StepEnd> ask();
    std::optional<StepEnd> approve();
    CheckVerdict lineVerdict(std::size_t index);
    /// The step, or an undo of it, was begun and has no end in the journal.
    [[nodiscard]] bool wasBrokenOff() const;
    /// Why an undo line must not run: it would delete more than was looked at when it was approved.
    std::string grownLoss(const UndoPlanStep& planned, std::size_t index, const std::vector<std::string>& related);
    CommandOutcome execute(const CommandLine& line, std::size_t index, bool undoing, int attemptNumber);
    void settleLine(std::size_t index, bool done);
    StepEnd finish(StepEnd end);
    StepEnd afterFailure(StepEnd end, bool& again);
    [[nodiscard]] StepPrompt prompt() const;
    [[nodiscard]] bool anyLineStarted() const;

    Session& session_;
    const Step& step_;
    int runs_ = 0;  ///< attempts in this session
};

}  // namespace tributary::runbooks::detail
