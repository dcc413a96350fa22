// The loop over steps, stopping, and compensation. Inside the runner only.
#pragma once

#include "runbooks/runner/steprunner.h"

namespace tributary::runbooks::detail {

class Execution {
public:
    explicit Execution(Session& session) : session_(session) {}

    /// From the first unsettled step to the end; writes the finish record.
    RunResult go();
    /// Why nothing may be undone: an irreversible step in the way, or nothing to undo. Nothing when it may.
    [[nodiscard]] std::optional<RunResult> refusesUndo(const std::string& downTo) const;
    /// Undoes what this run did, last first, down to (and without) `downTo`; writes the finish record.
    RunResult undoAll(const std::string& downTo);
    /// Writes the finish record and its event.
    RunResult finish(RunResult result);

private:
    RunResult loop();
    RunResult ended(const Step& step, const StepEnd& end);
    RunResult compensate(const Step& failed, const StepEnd& end);
    [[nodiscard]] std::vector<const Step*> undoOrder() const;
    [[nodiscard]] std::vector<const Step*> undoList(const std::string& downTo) const;
    Status undoOne(const Step& step, std::vector<std::string>& byHand);
    /// Commands of `from` or a later step have not been run.
    [[nodiscard]] bool commandsRemain(const Step& from) const;

    Session& session_;
};

}  // namespace tributary::runbooks::detail
