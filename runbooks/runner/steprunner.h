// Runs one step, fresh or resumed. Inside the runner only.
#pragma once

#include "runbooks/runner/session.h"

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
    /// The undo of the step: its lines, then done-when must no longer hold. Journalled.
    Status undo();

private:
    StepEnd attempt();
    StepEnd begin(bool resumedActing);
    StepEnd act();
    StepEnd runLines();
    StepEnd lineFailed(std::size_t index, const CommandOutcome& outcome);
    StepEnd verifyAfterDoubt(FailureClass failure, const std::string& reason);
    StepEnd verified();
    StepEnd instruct();
    std::optional<StepEnd> settleDoubt();
    std::optional<StepEnd> decideLine(std::size_t index);
    std::optional<StepEnd> ask();
    std::optional<StepEnd> approve();
    bool preApproved() const;
    CheckVerdict lineVerdict(std::size_t index);
    CommandOutcome execute(const CommandLine& line, std::size_t index, bool undoing, int attemptNumber);
    void settleLine(std::size_t index, bool done);
    StepEnd finish(StepEnd end);
    StepEnd afterFailure(StepEnd end, bool& again);
    void recordApproval(const Answer& answer, const std::string& how, const std::string& text);
    [[nodiscard]] StepPrompt prompt() const;
    [[nodiscard]] bool anyLineStarted() const;

    Session& session_;
    const Step& step_;
    int runs_ = 0;  ///< attempts in this session
};

}  // namespace tributary::runbooks::detail
