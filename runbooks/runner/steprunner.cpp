// The course of one step: intent, done-when, requires, asking, acting, verifying, result.
#include "runbooks/runner/steprunner.h"

#include <algorithm>

#include "runbooks/runner/approvals.h"

namespace tributary::runbooks::detail {
namespace {

StepEnd stopped(RunOutcome outcome, std::string reason, std::string fix) {
    return {StepPhase::Failed, FailureClass::None, std::move(reason), std::move(fix), outcome};
}

}  // namespace

StepPrompt StepRunner::prompt() const {
    StepPrompt out;
    out.step = &step_;
    out.number = session_.numberOf(step_);
    out.count = static_cast<int>(session_.runbook.steps.size());
    out.hash = stepHash(step_);
    out.approval = step_.approval;
    return out;
}

bool StepRunner::anyLineStarted() const {
    const StepState* state = session_.state().find(step_.id);
    return state != nullptr && std::any_of(state->lines.begin(), state->lines.end(), [](const LineState& line) {
               return line.phase == LinePhase::Ok || line.inDoubt();
           });
}

StepEnd StepRunner::finish(StepEnd end) {
    nlohmann::json result{{"step", step_.id},
                          {"phase", stepPhaseName(end.phase)},
                          {"class", failureClassName(end.failure)},
                          {"reason", end.reason},
                          {"fix", end.fix},
                          {"evidence", session_.evidenceJson()},
                          {"fingerprint", session_.port.fingerprint()},
                          {"lag", session_.takeLagJson()}};
    session_.takeTimes(result);
    session_.record("step-result", result);
    RunEvent event = session_.stepEvent(EventType::StepFinished, step_);
    event.result = stepPhaseName(end.phase);
    event.reason = end.reason;
    event.fix = end.fix;
    const StepState* state = session_.state().find(step_.id);
    event.durationMs = std::max<Millis>(0, state->tookMs());
    event.personMs = state->personMs;
    session_.emit(event);
    session_.evidence.clear();
    return end;
}

StepEnd StepRunner::run() {
    bool again = true;
    StepEnd end;
    while (again) {
        ++runs_;
        session_.evidence.clear();
        session_.workSinceMs = session_.clock.monotonicMs() - session_.personMs;  // what came before is not its work
        session_.mayStopInWaits = step_.safeToStop;
        try {
            end = finish(attempt());
        } catch (const SafeStop&) {
            return finish({StepPhase::Stopped, FailureClass::None, "stopped by request while it waited",
                           "go on with --resume", RunOutcome::Cancelled});
        } catch (const ForcedStop&) {
            const StepState* state = session_.state().find(step_.id);
            const bool acting = state != nullptr && state->phase == StepPhase::Started && anyLineStarted();
            return finish({acting ? StepPhase::InDoubt : StepPhase::Failed, FailureClass::None,
                           "stopped at once by request", "go on with --resume", RunOutcome::Cancelled});
        }
        end = afterFailure(std::move(end), again);
    }
    return end;
}

StepEnd StepRunner::afterFailure(StepEnd end, bool& again) {
    again = false;
    const bool asks = session_.options.mode == RunMode::Stepwise || step_.onFailure == OnFailure::Pause;
    const bool failed = end.phase == StepPhase::Failed || end.phase == StepPhase::InDoubt;
    const bool wantsPerson = end.outcome == RunOutcome::ApprovalNeeded || end.outcome == RunOutcome::Cancelled;
    if (!failed || !asks || wantsPerson) return end;
    StepPrompt question = prompt();
    question.reason = end.reason;
    question.fix = end.fix;
    const StepDecision decision = session_.askPerson([&] { return session_.approver.afterFailure(question); });
    if (decision.choice == StepChoice::Retry || decision.choice == StepChoice::Go) {
        again = true;
        RunEvent event = session_.stepEvent(EventType::Retrying, step_);
        event.attempt = runs_ + 1;
        event.reason = "asked to try again after: " + end.reason;
        session_.emit(event);
        return end;
    }
    if (decision.choice == StepChoice::Skip) {
        return finish(
            {StepPhase::Skipped, FailureClass::None, decision.reason + " (after: " + end.reason + ")", {}, {}});
    }
    return end;
}

StepEnd StepRunner::attempt() {
    if (!step_.enabled) return {StepPhase::Disabled, FailureClass::None, step_.disabledBecause, {}, {}};
    RunEvent event = session_.stepEvent(EventType::StepStarted, step_);
    event.attempt = runs_;
    session_.emit(event);
    const bool resumedActing = anyLineStarted();
    // A step that has begun belongs to the run, even if its own effect made `when` false.
    const Judgement wanted = resumedActing ? Judgement{} : session_.conditions(step_);
    if (wanted.verdict == CheckVerdict::False)
        return {StepPhase::NotNeeded, FailureClass::None, wanted.culprit, {}, {}};
    if (wanted.verdict == CheckVerdict::Unknown) {
        return {StepPhase::Failed, FailureClass::Unreachable,
                "cannot tell whether the step is needed: " + wanted.culprit, "bring the system back, then --resume",
                RunOutcome::Unknown};
    }
    nlohmann::json lines = nlohmann::json::array();
    for (const CommandLine& line : step_.commands) lines.push_back(line.text);
    session_.record("step-intent", {{"step", step_.id}, {"hash", stepHash(step_)}, {"lines", lines}});
    return begin(resumedActing);
}

StepEnd StepRunner::begin(bool resumedActing) {
    if (!step_.doneWhen.empty()) {
        const Judgement done = session_.askAll(step_.doneWhen, step_);
        if (done.verdict == CheckVerdict::True) {
            if (resumedActing) return {StepPhase::Done, FailureClass::None, "done before the interruption", {}, {}};
            return {StepPhase::AlreadyDone, FailureClass::None, "held already", {}, {}};
        }
        if (done.verdict == CheckVerdict::Unknown && !resumedActing) {
            return {StepPhase::Failed, FailureClass::Unreachable, done.culprit, "bring the system back, then --resume",
                    RunOutcome::Unknown};
        }
    }
    if (resumedActing) {
        if (std::optional<StepEnd> decided = settleDoubt()) return *decided;
    }
    if (!anyLineStarted()) {
        const Judgement met = session_.askAll(step_.requirements, step_);
        if (met.verdict != CheckVerdict::True) {
            StepEnd end{
                StepPhase::Failed, FailureClass::Precondition, "a requirement is " + met.culprit, step_.docs, {}};
            if (met.verdict == CheckVerdict::Unknown) end.outcome = RunOutcome::Unknown;
            return end;
        }
    }
    if (std::optional<StepEnd> end = ask()) return *end;
    if (std::optional<StepEnd> end = approve()) return *end;
    const Judgement guarded = session_.guards(step_);
    if (guarded.verdict == CheckVerdict::False) {
        return {StepPhase::Failed, FailureClass::Precondition, guarded.culprit, {}, {}};
    }
    session_.record("step-started", {{"step", step_.id}});
    return act();
}

std::optional<StepEnd> StepRunner::ask() {
    if (session_.options.mode != RunMode::Stepwise || runs_ > 1) return {};
    const StepDecision decision = session_.askPerson([&] { return session_.approver.beforeStep(prompt()); });
    if (decision.choice == StepChoice::Skip) {
        return StepEnd{StepPhase::Skipped, FailureClass::None, decision.reason, {}, {}};
    }
    if (decision.choice == StepChoice::Stop) {
        return stopped(RunOutcome::Cancelled, "stopped before the step", "go on with --resume");
    }
    return {};
}

std::optional<StepEnd> StepRunner::approve() {
    if (!step_.approval.needed || approvedBefore(session_.state(), step_)) return {};
    const std::string text = screenText(step_);
    if (preApproved(session_.options, step_)) {
        recordApproval(session_, {&step_, {}, "pre-approved", text, {}});
        return {};
    }
    const std::string hash = stepHash(step_);
    const std::string fix = "look at --dry-run, then add --approve " + step_.id + "=" + hash;
    if (session_.options.approvals.count(step_.id) > 0) {
        return stopped(RunOutcome::ApprovalNeeded, "what was approved is not what would run now", fix);
    }
    const Answer answer = session_.askPerson([&] { return session_.approver.approve(prompt()); });
    if (answer.kind == Answer::Kind::NotAsked) {
        if (session_.pauseRequested()) return stoppedAsking();
        return stopped(RunOutcome::ApprovalNeeded, "the step needs an approval", fix);
    }
    const std::string& name = step_.approval.typeTheName;
    if (!name.empty() && answer.typedName != name && !answer.typedName.empty()) {
        return stopped(RunOutcome::ApprovalNeeded, "the name typed is not `" + name + "`", "type it exactly");
    }
    if (answer.kind == Answer::Kind::No || (!name.empty() && answer.typedName != name)) {
        return stopped(RunOutcome::Cancelled, "the approval was refused: " + answer.reason, "go on with --resume");
    }
    recordApproval(session_, {&step_, answer.who, name.empty() ? "confirmed" : "typed", text, answer.reason});
    return {};
}

StepEnd StepRunner::stoppedAsking() const {
    return {StepPhase::Stopped, FailureClass::None, "stopped by request while it waited for a person",
            "go on with --resume", RunOutcome::Cancelled};
}

StepEnd StepRunner::instruct() {
    const std::string text = screenText(step_);
    if (preApproved(session_.options, step_)) {
        recordApproval(session_, {&step_, {}, "pre-approved", text, {}});
        return verified();
    }
    const Answer answer = session_.askPerson([&] { return session_.approver.instruct(prompt()); });
    if (answer.kind == Answer::Kind::NotAsked) {
        if (session_.pauseRequested()) return stoppedAsking();
        return stopped(RunOutcome::ApprovalNeeded, "the step is for a person: " + step_.instruction,
                       "do it, then add --approve " + step_.id + "=" + stepHash(step_));
    }
    if (answer.kind == Answer::Kind::No) {
        const std::string reason = answer.reason.empty() ? std::string("the answer was no") : answer.reason;
        return {StepPhase::Failed, FailureClass::Semantic, reason, {}, {}};
    }
    recordApproval(session_, {&step_, answer.who, "confirmed", text, answer.reason});
    return verified();
}

StepEnd StepRunner::act() {
    switch (step_.kind) {
        case StepKind::Commands: return runLines();
        case StepKind::Human:
        case StepKind::Ask: return instruct();
        case StepKind::Wait: session_.wait(step_.waitMs); return verified();
        case StepKind::CheckOnly: return verified();
    }
    return verified();
}

StepEnd StepRunner::verified() {
    const Judgement seen = session_.pollVerify(step_);
    if (seen.verdict == CheckVerdict::True) return {StepPhase::Done, FailureClass::None, {}, {}, {}};
    if (seen.verdict == CheckVerdict::Unknown) {
        return {anyLineStarted() ? StepPhase::InDoubt : StepPhase::Failed, FailureClass::Unreachable, seen.culprit,
                "bring the system back, then --resume", RunOutcome::Unknown};
    }
    return {StepPhase::Failed, FailureClass::Verify, seen.culprit, {}, {}};
}

StepEnd StepRunner::verifyEarlier() {
    session_.evidence.clear();
    session_.workSinceMs = session_.clock.monotonicMs();
    if (!step_.enabled) return finish({StepPhase::Disabled, FailureClass::None, step_.disabledBecause, {}, {}});
    Judgement seen = session_.conditions(step_);
    if (seen.verdict == CheckVerdict::False) {
        return finish({StepPhase::NotNeeded, FailureClass::None, seen.culprit, {}, {}});
    }
    const bool checkable = !step_.doneWhen.empty() || !step_.verify.empty();
    if (seen.verdict == CheckVerdict::True) {
        if (!checkable) {
            return finish(
                {StepPhase::Skipped, FailureClass::None, "NOT VERIFIED: before --start-at, has no check", {}, {}});
        }
        // What later steps undo again (a pause) is told by done-when alone.
        seen = step_.doneWhen.empty() ? session_.askVerifyOnce(step_) : session_.askAll(step_.doneWhen, step_);
    }
    if (seen.verdict == CheckVerdict::True) {
        return finish({StepPhase::AlreadyDone, FailureClass::None, "checked for --start-at", {}, {}});
    }
    const bool unknown = seen.verdict == CheckVerdict::Unknown;
    return finish({StepPhase::Failed, FailureClass::Precondition, "cannot start at a later step: " + seen.culprit,
                   "begin with --start-at " + step_.id, unknown ? RunOutcome::Unknown : RunOutcome::VerifyFailed});
}

}  // namespace tributary::runbooks::detail
