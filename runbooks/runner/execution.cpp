// Steps in order; what a failure means for the run.
#include "runbooks/runner/execution.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/telemetry/humanunits.h"

namespace tributary::runbooks::detail {
namespace {

constexpr std::size_t kFactsMax = 20'000;  ///< of a system that are kept with a run

}  // namespace

std::vector<std::string> Execution::description() {
    // A system that could not be looked at a moment ago is not waited for again.
    if (session_.state().fingerprint.empty()) return {};
    std::vector<std::string> facts = session_.port.describe();
    if (facts.size() > kFactsMax) facts.clear();
    return facts;
}

RunResult Execution::finish(RunResult result) {
    session_.record("finish", {{"outcome", outcomeName(result.outcome)},
                               {"exit", static_cast<int>(result.exitCode())},
                               {"reason", result.reason},
                               {"fix", result.fix},
                               {"system", description()}});
    RunEvent event;
    event.type = EventType::RunFinished;
    event.runbookId = session_.runbook.id;
    event.stepId = result.stepId;
    event.result = outcomeName(result.outcome);
    event.reason = result.reason;
    event.fix = result.fix;
    event.exitCode = static_cast<int>(result.exitCode());
    event.durationMs = std::max<Millis>(0, session_.state().endedAtMs - session_.state().startedAtMs);
    event.personMs = session_.state().personMs();
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
            "stopped after step " + options.until + " as asked; " +
                countText(static_cast<std::uint64_t>(open), "step") + (open == 1 ? " remains" : " remain"),
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

}  // namespace tributary::runbooks::detail
