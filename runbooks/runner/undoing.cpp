// Taking back what a run did: by request, or because a step failed.
#include "runbooks/runner/undoing.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "runbooks/runner/approvals.h"
#include "runbooks/runner/execution.h"

namespace tributary::runbooks::detail {
namespace {

std::vector<std::string> takenBackOptions(const std::vector<std::string>& stepIds) {
    std::vector<std::string> out;
    out.reserve(stepIds.size());
    for (const std::string& id : stepIds) out.push_back(takenBackOption(id));
    return out;
}

/// The end of an undo, or of a compensation, that did all but what people must take back.
RunResult leftByHand(RunOutcome outcome, const std::string& stepId, const std::string& why,
                     const std::vector<std::string>& byHand) {
    const std::vector<std::string> options = takenBackOptions(byHand);
    return {
        outcome, stepId, why + "reverse by hand: " + join(byHand, ", "),
        "all commands are undone; people must take back what they did, then undo the run with " + join(options, " "),
        options};
}

}  // namespace

bool reversedByHand(const Step& step) {
    return step.kind == StepKind::Human && step.undo.empty() && !step.nothingToUndo;
}

std::vector<const Step*> undoList(const Runbook& rendered, const RunState& state, const std::string& downTo) {
    std::vector<const Step*> out;
    // A failed step that had an effect goes first: it was the last to act.
    for (const StepState& step : state.steps) {
        const bool acted = std::any_of(step.lines.begin(), step.lines.end(), [](const LineState& line) {
            return line.phase == LinePhase::Ok || line.inDoubt();
        });
        const bool open = step.phase == StepPhase::Failed || step.phase == StepPhase::InDoubt ||
                          step.phase == StepPhase::Started || step.phase == StepPhase::Stopped;
        if (acted && open) out.push_back(rendered.findStep(step.id));
    }
    for (auto id = state.doneOrder.rbegin(); id != state.doneOrder.rend(); ++id) out.push_back(rendered.findStep(*id));
    out.erase(std::remove(out.begin(), out.end(), nullptr), out.end());
    out.erase(std::find_if(out.begin(), out.end(), [&](const Step* step) { return step->id == downTo; }), out.end());
    return out;
}

Status Execution::undoOne(const UndoPlan& plan, const UndoPlanStep& planned, std::vector<std::string>& byHand) {
    const Step* step = session_.runbook.findStep(planned.stepId);
    if (step == nullptr) return okStatus();  // the plan was made of this very runbook
    if (reversedByHand(*step)) {
        if (!takenBack(*step)) byHand.push_back(step->id);
        return okStatus();
    }
    return StepRunner(session_, *step).undo(planned, plan.related);
}

bool Execution::takenBack(const Step& step) {
    RunEvent event = session_.stepEvent(EventType::UndoStarted, step);
    session_.emit(event);
    const auto told = session_.options.resolutions.find(step.id);
    Answer answer;
    // What was resolved of a run that compensates was said of the deed, not of its undo.
    if (session_.state().undoing && told != session_.options.resolutions.end()) {
        answer.kind = told->second == "done" ? Answer::Kind::Yes : Answer::Kind::No;
    } else if (session_.approver.present()) {
        StepPrompt prompt;
        prompt.step = &step;
        prompt.number = session_.numberOf(step);
        prompt.count = static_cast<int>(session_.runbook.steps.size());
        prompt.undoing = true;
        prompt.reason = "BY HAND, take back: " + step.instruction;
        answer = session_.askPerson([&] { return session_.approver.instruct(prompt); });
    }
    event.type = EventType::UndoFinished;
    const bool done = answer.kind == Answer::Kind::Yes;
    event.result = done ? "undone" : "by-hand";
    if (done) {
        recordApproval(session_, {&step, answer.who, "confirmed", "taken back: " + step.instruction, answer.reason});
        session_.record("undo-started", {{"step", step.id}});
        session_.record(
            "undo-result",
            {{"step", step.id}, {"ok", true}, {"reason", ""}, {"fingerprint", session_.port.fingerprint()}});
    } else {
        event.reason = "BY HAND, take back: " + step.instruction;
        event.fix = "when that is done, undo the run with " + takenBackOption(step.id);
    }
    session_.emit(event);
    return done;
}

std::optional<RunResult> Execution::compensationNeeds(const UndoPlan& plan, const Step& failed, const StepEnd& end) {
    for (const UndoPlanStep& planned : plan.steps) {
        if (!planned.destroysData() || planned.onlyHere() == 0) continue;
        const std::string& name = planned.approval.typeTheName;
        const auto told = session_.options.approvals.find(planned.stepId);
        if (told != session_.options.approvals.end() && told->second == name) continue;
        const Step* step = session_.runbook.findStep(planned.stepId);
        StepPrompt prompt;
        prompt.step = step;
        prompt.number = planned.number;
        prompt.count = static_cast<int>(session_.runbook.steps.size());
        prompt.undoing = true;
        prompt.reason = end.reason;
        prompt.approval = planned.approval;
        const Answer answer = session_.askPerson([&] { return session_.approver.approve(prompt); });
        if (answer.kind == Answer::Kind::Yes && answer.typedName == name) {
            recordApproval(session_, {step, answer.who, "typed", planned.approval.text, answer.reason});
            continue;
        }
        return RunResult{RunOutcome::Incomplete,
                         failed.id,
                         end.reason + "; nothing was taken back, because it would delete what exists nowhere else: " +
                             planned.approval.text,
                         "look at --undo --dry-run, then undo the run, or remove the cause and --resume",
                         {}};
    }
    return {};
}

RunResult Execution::compensate(const Step& failed, const StepEnd& end) {
    const Result<UndoPlan> made = planUndo(session_.state(), session_.runbook.dialects, session_.port, {});
    if (!made.ok()) return {RunOutcome::Incomplete, failed.id, end.reason + "; " + made.error().text(), {}};
    UndoPlan plan = *made;
    // What came after a point of no return is still taken back: that is the best that can be done.
    const std::string barrier = plan.refusedAt;
    if (!barrier.empty()) {
        const Result<UndoPlan> partial = planUndo(session_.state(), session_.runbook.dialects, session_.port, barrier);
        if (!partial.ok()) return {RunOutcome::Incomplete, failed.id, end.reason, {}};
        plan = *partial;
    }
    if (std::optional<RunResult> needs = compensationNeeds(plan, failed, end)) return *needs;
    session_.mayStopInWaits = false;  // half a compensation is worse than a late stop; a second request still stops
    std::vector<std::string> byHand;
    for (const UndoPlanStep& planned : plan.steps) {
        try {
            const Status undone = undoOne(plan, planned, byHand);
            if (!undone.ok()) {
                return {RunOutcome::Incomplete, failed.id, end.reason + "; " + undone.error().what, undone.error().fix};
            }
        } catch (const ForcedStop&) {
            return {RunOutcome::Incomplete,
                    failed.id,
                    end.reason + "; compensation was stopped by request",
                    "undo the run",
                    {}};
        }
    }
    if (!barrier.empty()) {
        const Step* step = session_.runbook.findStep(barrier);
        return {
            RunOutcome::Incomplete,
            failed.id,
            end.reason + "; compensation stopped at the irreversible step " + barrier + " (" + step->irreversible + ")",
            "look at the system, then --resume",
            {}};
    }
    if (!byHand.empty()) {
        return leftByHand(RunOutcome::Incomplete, failed.id, end.reason + "; ", byHand);
    }
    return {RunOutcome::Compensated, failed.id, end.reason, "remove the cause and start a new run"};
}

bool Execution::goesOnStepwise(const UndoPlanStep& planned) {
    if (session_.options.mode != RunMode::Stepwise) return true;
    const Step* step = session_.runbook.findStep(planned.stepId);
    StepPrompt prompt;
    prompt.step = step;
    prompt.number = planned.number;
    prompt.count = static_cast<int>(session_.runbook.steps.size());
    prompt.hash = stepHash(*step);
    prompt.undoing = true;
    prompt.approval = planned.approval;
    // Going on below a step that stays would undo what it stands on: a skip is a stop.
    return session_.approver.beforeStep(prompt).choice == StepChoice::Go;
}

RunResult Execution::undoAll(const UndoPlan& plan) {
    std::vector<std::string> byHand;
    std::size_t undone = 0;
    for (const UndoPlanStep& planned : plan.steps) {
        const auto stopped = [&](const std::string& when) {
            return RunResult{RunOutcome::UndoStopped,
                             planned.stepId,
                             "the undo was stopped " + when + " by request; " + std::to_string(undone) + " of " +
                                 countText(plan.steps.size(), "step") + (undone == 1 ? " is undone" : " are undone"),
                             "undo the run again: it goes on where it stopped",
                             {}};
        };
        if (session_.pauseRequested()) return finish(stopped("before step " + planned.stepId));
        if (!goesOnStepwise(planned)) return finish(stopped("before step " + planned.stepId));
        session_.mayStopInWaits = true;
        try {
            const Status done = undoOne(plan, planned, byHand);
            if (!done.ok()) {
                return finish({RunOutcome::UndoIncomplete, planned.stepId, done.error().what, done.error().fix});
            }
        } catch (const SafeStop&) {
            return finish(stopped("at step " + planned.stepId));
        } catch (const ForcedStop&) {
            return finish(stopped("at step " + planned.stepId));
        }
        ++undone;
    }
    if (!byHand.empty()) {
        return finish(leftByHand(RunOutcome::UndoIncomplete, byHand.front(), {}, byHand));
    }
    const std::string stays =
        plan.downTo.empty() ? std::string() : "down to " + plan.downTo + ", which stays with the steps before it";
    return finish({RunOutcome::Undone, {}, stays, {}});
}

}  // namespace tributary::runbooks::detail
