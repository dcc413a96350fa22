// Command lines of a step: execution, retries, doubt, undo.
#include <algorithm>

#include "runbooks/runner/steprunner.h"

#include <fmt/format.h>

namespace tributary::runbooks::detail {
namespace {

constexpr std::size_t kOutputMax = 16'384;  ///< of a command's output kept in the journal
constexpr Millis kUndoWindowMs = 30'000;
constexpr Millis kUndoIntervalMs = 500;

std::string clipped(const std::string& text) {
    if (text.size() <= kOutputMax) return text;
    return fmt::format("{}\n[cut]", std::string_view(text).substr(0, kOutputMax));
}

bool leavesDoubt(FailureClass failure) {
    return failure == FailureClass::Timeout || failure == FailureClass::Unreachable;
}

}  // namespace

CommandOutcome StepRunner::execute(const CommandLine& line, std::size_t index, bool undoing, int attemptNumber) {
    session_.record("line-started", {{"step", step_.id}, {"line", index}, {"undo", undoing}, {"text", line.text}});
    RunEvent event = session_.stepEvent(EventType::CommandStarted, step_);
    event.text = line.text;
    event.attempt = attemptNumber;
    session_.emit(event);
    const Millis startMs = session_.clock.monotonicMs();
    CommandOutcome outcome = session_.port.execute(line.text, step_.timeoutMs);
    const Millis tookMs = session_.clock.monotonicMs() - startMs;
    if (!outcome.ok && outcome.errorKind.empty()) outcome.errorKind = "internal";
    session_.record("line-result", {{"step", step_.id},
                                    {"line", index},
                                    {"undo", undoing},
                                    {"ok", outcome.ok},
                                    {"output", clipped(outcome.output)},
                                    {"error", clipped(outcome.error)},
                                    {"kind", outcome.ok ? std::string() : outcome.errorKind},
                                    {"fix", outcome.fix},
                                    {"ms", tookMs}});
    event.type = EventType::CommandFinished;
    event.result = outcome.ok ? "ok" : "failed";
    event.output = clipped(outcome.output);
    event.reason = outcome.error;
    event.fix = outcome.fix;
    event.durationMs = tookMs;
    session_.emit(event);
    return outcome;
}

void StepRunner::settleLine(std::size_t index, bool done) {
    session_.record("line-settled", {{"step", step_.id}, {"line", index}, {"done", done}});
}

CheckVerdict StepRunner::lineVerdict(std::size_t index) {
    const CommandLine& line = step_.commands[index];
    if (line.doneWhen) return session_.ask(*line.doneWhen, step_).verdict;
    // Checks of the whole step speak for its last line only: an earlier one may have worked without making them true.
    if (index + 1 != step_.commands.size()) return CheckVerdict::Unknown;
    if (!step_.doneWhen.empty()) {
        const CheckVerdict verdict = session_.askAll(step_.doneWhen, step_).verdict;
        if (verdict == CheckVerdict::True || step_.repeatable) return verdict;
    }
    if (step_.repeatable) return CheckVerdict::False;  // harmless to run again, whatever happened
    return session_.askVerifyOnce(step_).verdict;
}

StepEnd StepRunner::runLines() {
    bool executed = false;
    for (std::size_t i = 0; i < step_.commands.size(); ++i) {
        if (session_.state().find(step_.id)->lines.at(i).phase == LinePhase::Ok) continue;
        session_.throwIfForced();
        executed = true;
        const CommandLine& line = step_.commands[i];
        for (int attempt = 1;; ++attempt) {
            const CommandOutcome outcome = execute(line, i, false, attempt);
            if (outcome.ok) break;
            const FailureClass failure = failureClassOf(outcome.errorKind);
            CheckVerdict took = CheckVerdict::False;
            if (leavesDoubt(failure)) took = lineVerdict(i);
            if (took == CheckVerdict::True) {
                settleLine(i, true);
                break;
            }
            const bool decided = took == CheckVerdict::False || step_.repeatable;
            if (!decided || attempt >= step_.retry.attempts || !step_.retry.covers(failure)) {
                return lineFailed(i, outcome);
            }
            RunEvent event = session_.stepEvent(EventType::Retrying, step_);
            event.text = line.text;
            event.attempt = attempt + 1;
            event.reason = outcome.error;
            session_.emit(event);
            session_.wait(step_.retry.delayMs << std::min(attempt - 1, 10));
        }
        const Judgement guarded = session_.guards(step_);
        if (guarded.verdict == CheckVerdict::False) {
            return {StepPhase::Failed, FailureClass::Verify, guarded.culprit, {}, {}};
        }
    }
    const StepEnd end = verified();
    const bool effectMissing = !executed && end.failure == FailureClass::Verify && !step_.doneWhen.empty();
    if (!effectMissing || session_.askAll(step_.doneWhen, step_).verdict != CheckVerdict::False) return end;
    // All lines worked in an earlier session, but somebody took their effect away: this is not a blind repetition.
    for (std::size_t i = 0; i < step_.commands.size(); ++i) settleLine(i, false);
    return runLines();
}

StepEnd StepRunner::lineFailed(std::size_t index, const CommandOutcome& outcome) {
    const FailureClass failure = failureClassOf(outcome.errorKind);
    const bool last = index + 1 == step_.commands.size();
    if (!leavesDoubt(failure)) return {StepPhase::Failed, failure, outcome.error, outcome.fix, {}};
    if (last && !step_.repeatable) return verifyAfterDoubt(failure, outcome.error);
    const RunOutcome stop = failure == FailureClass::Timeout ? RunOutcome::TimeoutInDoubt : RunOutcome::Unknown;
    return {StepPhase::InDoubt, failure, "no answer: " + outcome.error, "look at the system, then --resume", stop};
}

StepEnd StepRunner::verifyAfterDoubt(FailureClass failure, const std::string& reason) {
    const Judgement seen = session_.pollVerify(step_);
    const std::size_t last = step_.commands.size() - 1;
    if (seen.verdict == CheckVerdict::True) {
        settleLine(last, true);
        return {StepPhase::Done, FailureClass::None, "no answer (" + reason + "), but verified", {}, {}};
    }
    if (failure == FailureClass::Timeout) {
        return {StepPhase::InDoubt, failure, reason + "; " + seen.culprit,
                "it may still be under way: look at the system, then --resume", RunOutcome::TimeoutInDoubt};
    }
    if (seen.verdict == CheckVerdict::Unknown) {
        return {StepPhase::InDoubt, failure, reason + "; " + seen.culprit, "bring the system back, then --resume",
                RunOutcome::Unknown};
    }
    settleLine(last, false);
    return {StepPhase::Failed, failure, reason + "; " + seen.culprit, {}, {}};
}

std::optional<StepEnd> StepRunner::settleDoubt() {
    if (step_.kind != StepKind::Commands) return {};
    const std::vector<LineState>& lines = session_.state().find(step_.id)->lines;
    const auto doubtful =
        std::find_if(lines.begin(), lines.end(), [](const LineState& line) { return line.inDoubt(); });
    if (doubtful == lines.end()) return {};  // what ran is known; the rest follows
    const auto index = static_cast<std::size_t>(doubtful - lines.begin());
    const auto told = session_.options.resolutions.find(step_.id);
    if (told != session_.options.resolutions.end()) {
        settleLine(index, told->second == "done");
        return {};
    }
    return decideLine(index);
}

std::optional<StepEnd> StepRunner::decideLine(std::size_t index) {
    const CommandLine& line = step_.commands[index];
    const bool last = index + 1 == step_.commands.size();
    Judgement seen{CheckVerdict::Unknown, "line " + std::to_string(index + 1) + " has no check of its own"};
    if (line.doneWhen) {
        const CheckOutcome outcome = session_.ask(*line.doneWhen, step_);
        seen = {outcome.verdict, culpritText(*line.doneWhen, outcome)};
    } else if (step_.repeatable) {
        seen = {CheckVerdict::False, {}};
    } else if (last) {
        seen = session_.pollVerify(step_);
    } else if (session_.askVerifyOnce(step_).verdict == CheckVerdict::True) {
        return StepEnd{StepPhase::Done, FailureClass::None, "done before the interruption", {}, {}};
    }
    if (seen.verdict == CheckVerdict::Unknown) {
        return StepEnd{StepPhase::InDoubt, FailureClass::Unreachable,
                       "nobody can tell whether `" + line.text + "` took effect: " + seen.culprit,
                       "look at the system, then --resume with --resolve " + step_.id + "=done or =not-done",
                       RunOutcome::Unknown};
    }
    const bool done = seen.verdict == CheckVerdict::True;
    settleLine(index, done);
    if (done && last && !line.doneWhen) {
        return StepEnd{StepPhase::Done, FailureClass::None, "done before the interruption", {}, {}};
    }
    return {};
}

std::string StepRunner::grownLoss(const UndoPlanStep& planned, std::size_t index,
                                  const std::vector<std::string>& related) {
    if (index >= planned.effects.size() || !planned.effects[index].destroysData) return {};
    const LineEffect& then = planned.effects[index];
    const LineEffect now = session_.port.effectOf(step_.undo[index].text, {related});
    if (!now.present) return {};
    if (!then.present) return "what its undo would delete was gone, and is there again: " + lossText(now);
    if (then.onlyHere < 0) return {};  // approved without knowing
    if (now.onlyHere >= 0 && now.onlyHere <= then.onlyHere) return {};
    return "its undo would delete more than was approved (then " + lossText(then) + "; now " + lossText(now) + ")";
}

bool StepRunner::wasBrokenOff() const {
    const StepState* known = session_.state().find(step_.id);
    if (known == nullptr) return false;
    const auto inDoubt = [](const LineState& line) { return line.inDoubt(); };
    const bool undo = known->undoStarted && known->undoProblem.empty();
    return undo || std::any_of(known->lines.begin(), known->lines.end(), inDoubt);
}

Status StepRunner::undo(const UndoPlanStep& planned, const std::vector<std::string>& related) {
    session_.evidence.clear();
    RunEvent event = session_.stepEvent(EventType::UndoStarted, step_);
    session_.emit(event);
    const bool brokenOff = wasBrokenOff();
    session_.record("undo-started", {{"step", step_.id}});
    const Millis undoSinceMs = session_.clock.monotonicMs();
    std::string problem;
    std::string fix;
    for (std::size_t i = 0; i < step_.undo.size() && problem.empty(); ++i) {
        problem = grownLoss(planned, i, related);
        if (!problem.empty()) {
            fix = "something changed since the plan was made: look at the new one, --undo --dry-run, and approve that";
            break;
        }
        const CommandOutcome outcome = execute(step_.undo[i], i, true, 1);
        // A step undone twice, or one that only half happened: what is gone, or is back, needs no undo. That it is back
        // must be seen: by the step's own check below, or since this undo, or the step, was broken off before.
        const bool seen = !step_.doneWhen.empty() || brokenOff;
        const bool alreadySo = outcome.errorKind == "not-found" || (outcome.errorKind == "already-exists" && seen);
        if (!outcome.ok && !alreadySo) {
            problem = outcome.error;
            fix = outcome.fix;
        }
    }
    const Millis startMs = session_.clock.monotonicMs();
    while (problem.empty() && !step_.undo.empty() && !step_.doneWhen.empty()) {
        const Judgement still = session_.askAll(step_.doneWhen, step_);
        if (still.verdict == CheckVerdict::False) break;
        if (session_.clock.monotonicMs() - startMs >= kUndoWindowMs) {
            problem = still.verdict == CheckVerdict::True ? "the step still holds after its undo" : still.culprit;
            break;
        }
        session_.wait(kUndoIntervalMs);
    }
    session_.record("undo-result", {{"step", step_.id},
                                    {"ok", problem.empty()},
                                    {"reason", problem},
                                    {"fingerprint", session_.port.fingerprint()}});
    event.type = EventType::UndoFinished;
    event.durationMs = session_.clock.monotonicMs() - undoSinceMs;
    event.result = problem.empty() ? "undone" : "failed";
    event.reason = problem;
    event.fix = fix;
    session_.emit(event);
    if (problem.empty()) return okStatus();
    return Error{ErrorCode::Conflict, "the undo of step " + step_.id + " failed: " + problem, "step " + step_.id, fix};
}

}  // namespace tributary::runbooks::detail
