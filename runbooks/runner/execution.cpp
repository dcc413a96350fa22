// Steps in order; what a failure means for the run; compensation.
#include "runbooks/runner/execution.h"

#include <algorithm>

#include "core/base/text.h"

namespace tributary::runbooks::detail {

RunResult Execution::finish(RunResult result) {
    session_.record("finish", {{"outcome", outcomeName(result.outcome)},
                               {"exit", static_cast<int>(result.exitCode())},
                               {"reason", result.reason},
                               {"fix", result.fix}});
    RunEvent event;
    event.type = EventType::RunFinished;
    event.runbookId = session_.runbook.id;
    event.stepId = result.stepId;
    event.result = outcomeName(result.outcome);
    event.reason = result.reason;
    event.fix = result.fix;
    event.exitCode = static_cast<int>(result.exitCode());
    event.durationMs = std::max<Millis>(0, session_.state().endedAtMs - session_.state().startedAtMs);
    session_.emit(event);
    return result;
}

RunResult Execution::go() {
    return finish(loop());
}

RunResult Execution::loop() {
    const RunOptions& options = session_.options;
    bool before = !options.startAt.empty();
    bool safe = true;
    std::optional<RunResult> firstFailure;
    for (const Step& step : session_.runbook.steps) {
        if (step.id == options.startAt) before = false;
        const StepState* state = session_.state().find(step.id);
        if (state == nullptr || !isSettled(state->phase)) {
            if (session_.pauseRequests.load() >= 2 || (session_.pauseRequested() && safe)) {
                return {RunOutcome::Cancelled, step.id, "stopped before step " + step.id + " by request",
                        "go on with --resume"};
            }
            StepRunner runner(session_, step);
            const StepEnd end = before ? runner.verifyEarlier() : runner.run();
            if (!end.settled()) {
                RunResult result = ended(step, end);
                const bool goOn = !end.outcome && step.onFailure == OnFailure::Continue;
                if (!goOn) return result;
                if (!firstFailure) firstFailure = std::move(result);
            }
            safe = step.safeToStop;
        }
        if (step.id == options.until) break;
    }
    if (firstFailure) return *firstFailure;
    const std::vector<StepState>& steps = session_.state().steps;
    const auto open = std::count_if(steps.begin(), steps.end(), [](const StepState& s) { return !isSettled(s.phase); });
    if (open == 0) return {RunOutcome::Success, {}, {}, {}};
    return {RunOutcome::UntilReached, options.until,
            "stopped after step " + options.until + " as asked; " + std::to_string(open) + " step(s) remain",
            "go on with --resume"};
}

bool Execution::commandsRemain(const Step& from) const {
    bool reached = false;
    for (const Step& step : session_.runbook.steps) {
        reached = reached || step.id == from.id;
        if (!reached || !step.enabled || step.kind != StepKind::Commands) continue;
        const StepState* state = session_.state().find(step.id);
        if (isSettled(state->phase)) continue;
        const auto worked = [](const LineState& line) { return line.phase == LinePhase::Ok; };
        const bool allRan = !state->lines.empty() && std::all_of(state->lines.begin(), state->lines.end(), worked);
        if (!allRan) return true;
    }
    return false;
}

RunResult Execution::ended(const Step& step, const StepEnd& end) {
    if (end.outcome) return {*end.outcome, step.id, end.reason, end.fix};
    if (step.onFailure == OnFailure::Compensate) return compensate(step, end);
    const bool failedCheck = end.failure == FailureClass::Verify || end.failure == FailureClass::Precondition;
    const bool whole = failedCheck && !commandsRemain(step);
    if (whole || !session_.state().leftChanges()) return {RunOutcome::VerifyFailed, step.id, end.reason, end.fix};
    const std::string fix = end.fix.empty() ? "remove the cause and --resume, or undo the run" : end.fix;
    return {RunOutcome::Incomplete, step.id, end.reason, fix};
}

std::vector<const Step*> Execution::undoOrder() const {
    std::vector<const Step*> out;
    // A failed step that had an effect goes first: it was the last to act.
    for (const StepState& state : session_.state().steps) {
        const bool acted = std::any_of(state.lines.begin(), state.lines.end(), [](const LineState& line) {
            return line.phase == LinePhase::Ok || line.inDoubt();
        });
        const bool open =
            state.phase == StepPhase::Failed || state.phase == StepPhase::InDoubt || state.phase == StepPhase::Started;
        if (acted && open) out.push_back(session_.runbook.findStep(state.id));
    }
    const std::vector<std::string>& order = session_.state().doneOrder;
    for (auto id = order.rbegin(); id != order.rend(); ++id) out.push_back(session_.runbook.findStep(*id));
    out.erase(std::remove(out.begin(), out.end(), nullptr), out.end());
    return out;
}

Status Execution::undoOne(const Step& step, std::vector<std::string>& byHand) {
    const bool person = step.kind == StepKind::Human || step.kind == StepKind::Ask;
    if (person && step.undo.empty()) {
        byHand.push_back(step.id);
        return okStatus();
    }
    return StepRunner(session_, step).undo();
}

RunResult Execution::compensate(const Step& failed, const StepEnd& end) {
    std::vector<std::string> byHand;
    for (const Step* step : undoOrder()) {
        if (!step->irreversible.empty()) {
            return {RunOutcome::Incomplete, failed.id,
                    end.reason + "; compensation stopped at the irreversible step " + step->id + " (" +
                        step->irreversible + ")",
                    "look at the system, then --resume"};
        }
        try {
            const Status undone = undoOne(*step, byHand);
            if (!undone.ok()) {
                return {RunOutcome::Incomplete, failed.id, end.reason + "; " + undone.error().what, undone.error().fix};
            }
        } catch (const ForcedStop&) {
            return {RunOutcome::Incomplete, failed.id, end.reason + "; compensation was stopped by request",
                    "undo the run"};
        }
    }
    if (!byHand.empty()) {
        return {RunOutcome::Incomplete, failed.id, end.reason + "; reverse by hand: " + join(byHand, ", "),
                "all commands are undone; people must take back what they did"};
    }
    return {RunOutcome::Compensated, failed.id, end.reason, "remove the cause and start a new run"};
}

std::vector<const Step*> Execution::undoList(const std::string& downTo) const {
    std::vector<const Step*> order = undoOrder();
    const auto keep = std::find_if(order.begin(), order.end(), [&](const Step* step) { return step->id == downTo; });
    order.erase(keep, order.end());
    return order;
}

std::optional<RunResult> Execution::refusesUndo(const std::string& downTo) const {
    const std::vector<const Step*> order = undoList(downTo);
    if (order.empty()) return RunResult{RunOutcome::Usage, {}, "this run has done nothing that could be undone", {}};
    for (const Step* step : order) {
        if (step->irreversible.empty()) continue;
        // Refused as a whole: half an undo that was bound to stop is worse than none.
        return RunResult{RunOutcome::Usage, step->id, "step " + step->id + " cannot be undone: " + step->irreversible,
                         "undo only what came after it: --down-to " + step->id};
    }
    return {};
}

RunResult Execution::undoAll(const std::string& downTo) {
    std::vector<std::string> byHand;
    for (const Step* step : undoList(downTo)) {
        RunResult stopped{RunOutcome::Cancelled, step->id, "the undo was stopped by request", "undo the run again"};
        if (session_.pauseRequested()) return finish(stopped);
        if (session_.options.mode == RunMode::Stepwise) {
            StepPrompt prompt;
            prompt.step = step;
            prompt.number = session_.numberOf(*step);
            prompt.count = static_cast<int>(session_.runbook.steps.size());
            prompt.hash = stepHash(*step);
            prompt.undoing = true;
            const StepDecision decision = session_.approver.beforeStep(prompt);
            // Going on below a step that stays would undo what it stands on.
            if (decision.choice != StepChoice::Go) return finish(stopped);
        }
        try {
            const Status undone = undoOne(*step, byHand);
            if (!undone.ok()) {
                return finish({RunOutcome::Incomplete, step->id, undone.error().what, undone.error().fix});
            }
        } catch (const ForcedStop&) {
            return finish(stopped);
        }
    }
    if (byHand.empty()) return finish({RunOutcome::Success, {}, {}, {}});
    return finish({RunOutcome::Incomplete, byHand.front(), "reverse by hand: " + join(byHand, ", "),
                   "all commands are undone; people must take back what they did"});
}

}  // namespace tributary::runbooks::detail
