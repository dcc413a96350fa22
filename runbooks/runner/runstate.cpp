// Names and questions of a run's state.
#include "runbooks/runner/runstate.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "runbooks/runner/events.h"

namespace tributary::runbooks {
namespace {

constexpr std::array<std::string_view, 12> kPhaseNames{"pending",      "intended",   "started",  "done",
                                                       "already-done", "not-needed", "disabled", "skipped",
                                                       "failed",       "in-doubt",   "undone",   "stopped"};

}  // namespace

std::string_view stepPhaseName(StepPhase phase) {
    return kPhaseNames[static_cast<std::size_t>(phase)];
}

StepPhase stepPhaseFromName(std::string_view name) {
    const auto at = std::find(kPhaseNames.begin(), kPhaseNames.end(), name);
    return at == kPhaseNames.end() ? StepPhase::InDoubt : static_cast<StepPhase>(at - kPhaseNames.begin());
}

StepPhase phaseAfter(const RunEvent& event) {
    if (event.type != EventType::UndoFinished) return stepPhaseFromName(event.result);
    if (event.reason.empty()) return StepPhase::Undone;
    // What people have to take back stays until they did.
    return event.result == "by-hand" ? StepPhase::Done : StepPhase::Failed;
}

bool isSettled(StepPhase phase) {
    switch (phase) {
        case StepPhase::Done:
        case StepPhase::AlreadyDone:
        case StepPhase::NotNeeded:
        case StepPhase::Disabled:
        case StepPhase::Skipped: return true;
        default: return false;
    }
}

bool LineState::inDoubt() const {
    if (phase == LinePhase::Started) return true;
    return phase == LinePhase::Failed && (errorKind == "timeout" || errorKind == "unavailable");
}

Millis StepState::tookMs() const {
    if (workMs >= 0) return workMs;
    return startedAtMs > 0 && endedAtMs >= startedAtMs ? endedAtMs - startedAtMs : -1;
}

std::string_view RunState::standing() const {
    if (finished) return outcomeName(outcome);
    if (livePid > 0) return undoing ? "undo-running" : "running";
    return undoing ? "undo-unfinished" : "unfinished";
}

Millis RunState::personMs() const {
    return std::accumulate(steps.begin(), steps.end(), Millis{0},
                           [](Millis sum, const StepState& step) { return sum + step.personMs; });
}

void LagSummary::add(const LinkObservation& link) {
    ++samples;
    if (link.lagMs < 0) ++unknownSamples;
    maxLagMs = std::max(maxLagMs, link.lagMs);
    lastLagMs = link.lagMs;
    maxBytesPending = std::max(maxBytesPending, link.bytesPending);
    lastState = link.state;
}

StepState* RunState::find(std::string_view stepId) {
    const auto at = std::find_if(steps.begin(), steps.end(), [&](const StepState& step) { return step.id == stepId; });
    return at == steps.end() ? nullptr : &*at;
}

const StepState* RunState::find(std::string_view stepId) const {
    const auto at = std::find_if(steps.begin(), steps.end(), [&](const StepState& step) { return step.id == stepId; });
    return at == steps.end() ? nullptr : &*at;
}

int RunState::count(StepPhase phase) const {
    return static_cast<int>(
        std::count_if(steps.begin(), steps.end(), [&](const StepState& step) { return step.phase == phase; }));
}

bool RunState::leftChanges() const {
    return std::any_of(steps.begin(), steps.end(), [](const StepState& step) {
        if (step.phase == StepPhase::Undone) return false;
        return std::any_of(step.lines.begin(), step.lines.end(),
                           [](const LineState& line) { return line.phase == LinePhase::Ok || line.inDoubt(); });
    });
}

}  // namespace tributary::runbooks
