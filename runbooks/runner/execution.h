// The loop over steps, stopping, and compensation. Inside the runner only.
#pragma once

#include "runbooks/runner/steprunner.h"

namespace tributary::runbooks::detail {

class Execution {
public:
    explicit Execution(Session& session) : session_(session) {}

    /// From the first unsettled step to the end; writes the finish record.
    RunResult go();
    /// Carries the plan out, which somebody approved; writes the finish record.
    RunResult undoAll(const UndoPlan& plan);
    /// Writes the finish record and its event.
    RunResult finish(RunResult result);

private:
    RunResult loop();
    RunResult ended(const Step& step, const StepEnd& end);
    RunResult compensate(const Step& failed, const StepEnd& end);
    /// Whether the compensation may go on although it deletes what exists nowhere else: somebody must say so.
    std::optional<RunResult> compensationNeeds(const UndoPlan& plan, const Step& failed, const StepEnd& end);
    Status undoOne(const UndoPlan& plan, const UndoPlanStep& planned, std::vector<std::string>& byHand);
    /// Whether people took back what they did: as told by the options, or asked.
    bool takenBack(const Step& step);
    bool goesOnStepwise(const UndoPlanStep& planned);
    [[nodiscard]] std::vector<std::string> description();
    /// Commands of `from` or a later step have not been run.
    [[nodiscard]] bool commandsRemain(const Step& from) const;

    Session& session_;
};

}  // namespace tributary::runbooks::detail
