// Records, events, waiting and checks of a run.
#include "runbooks/runner/session.h"

#include <algorithm>

#include "runbooks/model/checks.h"

namespace tributary::runbooks::detail {
namespace {

constexpr Millis kSliceMs = 250;  ///< the longest time until a forced stop is noticed

}  // namespace

std::string culpritText(const Check& check, const CheckOutcome& outcome) {
    const std::string answer = outcome.verdict == CheckVerdict::Unknown ? "not known whether " : "not so: ";
    const std::string seen = outcome.evidence.empty() ? "" : " (" + outcome.evidence + ")";
    return answer + phraseCheck(check) + seen;
}

void Session::record(const char* type, const nlohmann::json& body) {
    const Status written = journal.append(type, body);
    if (!written.ok()) throw JournalFailure{written.error()};
}

void Session::emit(RunEvent event) {
    event.seq = ++eventSeq;
    event.atMs = clock.nowMs();
    event.runId = state().runId;
    listener.onEvent(event);
}

int Session::numberOf(const Step& step) const {
    for (std::size_t i = 0; i < runbook.steps.size(); ++i) {
        if (runbook.steps[i].id == step.id) return static_cast<int>(i) + 1;
    }
    return 0;
}

RunEvent Session::stepEvent(EventType type, const Step& step) const {
    RunEvent event;
    event.type = type;
    event.stepId = step.id;
    event.title = step.title;
    event.stepNumber = numberOf(step);
    event.stepCount = static_cast<int>(runbook.steps.size());
    return event;
}

void Session::throwIfForced() const {
    if (pauseRequests.load() >= 2) throw ForcedStop{};
}

void Session::tellPause() {
    if (pauseTold) return;
    pauseTold = true;
    RunEvent event;
    event.type = EventType::PauseRequested;
    event.reason = mayStopInWaits
                       ? "stopping at the next safe point; a second request stops at once"
                       : "this step is no safe point: stopping after the next one; a second request stops at once";
    emit(event);
}

void Session::takeTimes(nlohmann::json& result) {
    if (workSinceMs >= 0) {
        result["work_ms"] = std::max<Millis>(0, clock.monotonicMs() - workSinceMs - personMs);
        workSinceMs = -1;
    }
    if (personMs > 0) result["person_ms"] = personMs;
    personMs = 0;
}

void Session::wait(Millis durationMs) {
    const Millis endMs = clock.monotonicMs() + durationMs;
    sampleLag();
    while (true) {
        throwIfForced();
        if (pauseRequested()) {
            tellPause();
            if (mayStopInWaits) throw SafeStop{};
        }
        const Millis leftMs = endMs - clock.monotonicMs();
        if (leftMs <= 0) return;
        if (!clock.sleep(std::min(leftMs, kSliceMs))) throw ForcedStop{};
        sampleLag();
    }
}

void Session::sampleLag() {
    const Millis nowMs = clock.monotonicMs();
    if (lastSampleMs >= 0 && nowMs - lastSampleMs < options.lagIntervalMs) return;
    lastSampleMs = nowMs;
    RunEvent event;
    event.type = EventType::LagSample;
    event.links = port.links();
    if (event.links.empty()) return;
    for (const LinkObservation& link : event.links) stepLag[link.from + " -> " + link.to].add(link);
    emit(event);
}

CheckOutcome Session::ask(const Check& check, const Step& step) {
    CheckOutcome outcome = port.check(check.name, check.arguments);
    const std::string text = check.text();
    const std::string verdict(verdictName(outcome.verdict));
    const Evidence now{text, phraseCheck(check), outcome.verdict, outcome.evidence};
    const auto known =
        std::find_if(evidence.begin(), evidence.end(), [&](const Evidence& e) { return e.check == text; });
    if (known == evidence.end()) {
        evidence.push_back(now);
    } else {
        *known = now;
    }
    std::string& last = lastAnswers[step.id + "\n" + text];
    std::string answer = verdict + outcome.evidence;
    if (last != answer) {
        last = std::move(answer);
        RunEvent event = stepEvent(EventType::CheckSeen, step);
        event.text = text;
        event.phrase = now.phrase;
        event.verdict = verdict;
        event.evidence = outcome.evidence;
        emit(event);
    }
    return outcome;
}

Judgement Session::askAll(const std::vector<Check>& checks, const Step& step) {
    Judgement all;
    for (const Check& check : checks) {
        const CheckOutcome outcome = ask(check, step);
        const bool worse = (outcome.verdict == CheckVerdict::False && all.verdict != CheckVerdict::False) ||
                           (outcome.verdict == CheckVerdict::Unknown && all.verdict == CheckVerdict::True);
        if (worse) all = {outcome.verdict, culpritText(check, outcome)};
    }
    return all;
}

Judgement Session::conditions(const Step& step) {
    Judgement all;
    for (const Condition& condition : step.when) {
        if (condition.isStatic()) {
            if (!condition.staticValue()) return {CheckVerdict::False, condition.unmetText({})};
            continue;
        }
        CheckOutcome outcome = ask(condition.check, step);
        if (outcome.verdict == CheckVerdict::Unknown) {
            all = {CheckVerdict::Unknown, culpritText(condition.check, outcome)};
        } else if ((outcome.verdict == CheckVerdict::True) == condition.negated) {
            return {CheckVerdict::False, condition.unmetText(outcome.evidence)};
        }
    }
    return all;
}

Judgement Session::guards(const Step& step) {
    std::vector<Check> checks = runbook.invariants;
    for (const VerifyClause& clause : step.verify) {
        if (clause.kind == VerifyClause::Kind::Stays) checks.push_back(clause.check);
    }
    Judgement seen = askAll(checks, step);
    if (seen.verdict == CheckVerdict::False) seen.culprit = "must stay so while the step lasts, but is " + seen.culprit;
    return seen;
}

Judgement Session::askVerifyOnce(const Step& step) {
    std::vector<Check> checks;
    for (const VerifyClause& clause : step.verify) {
        if (clause.kind == VerifyClause::Kind::Becomes) checks.push_back(clause.check);
    }
    if (checks.empty()) return {CheckVerdict::Unknown, "step " + step.id + " has nothing to verify it by"};
    return askAll(checks, step);
}

Judgement Session::pollVerify(const Step& step) {
    std::vector<const VerifyClause*> open;
    Millis stayMs = 0;
    Millis intervalMs = 500;
    for (const VerifyClause& clause : step.verify) {
        intervalMs = open.empty() && stayMs == 0 ? clause.intervalMs : std::min(intervalMs, clause.intervalMs);
        if (clause.kind == VerifyClause::Kind::Becomes) {
            open.push_back(&clause);
        } else {
            stayMs = std::max(stayMs, clause.withinMs);
        }
    }
    const Millis startMs = clock.monotonicMs();
    Judgement guarded;
    while (true) {
        guarded = guards(step);
        if (guarded.verdict == CheckVerdict::False) return guarded;
        Judgement expired;
        const Millis passedMs = clock.monotonicMs() - startMs;
        std::vector<const VerifyClause*> left;
        for (const VerifyClause* clause : open) {
            const CheckOutcome outcome = ask(clause->check, step);
            if (outcome.verdict == CheckVerdict::True) continue;
            left.push_back(clause);
            const bool worse = expired.verdict == CheckVerdict::True || outcome.verdict == CheckVerdict::False;
            if ((passedMs >= clause->withinMs || outcome.isFinal) && worse) {
                expired = {outcome.verdict,
                           culpritText(clause->check, outcome) + " after " + std::to_string(passedMs) + " ms"};
            }
        }
        if (expired.verdict != CheckVerdict::True) return expired;
        open = std::move(left);
        if (open.empty()) break;
        wait(intervalMs);
    }
    const Millis heldMs = clock.monotonicMs();
    while (clock.monotonicMs() - heldMs < stayMs) {
        wait(std::min(intervalMs, stayMs));
        guarded = guards(step);
        if (guarded.verdict == CheckVerdict::False) return guarded;
    }
    return guarded;  // an invariant nobody could see leaves the verdict unknown
}

nlohmann::json Session::evidenceJson() const {
    nlohmann::json out = nlohmann::json::array();
    for (const Evidence& item : evidence) {
        out.push_back({{"check", item.check},
                       {"phrase", item.phrase},
                       {"verdict", verdictName(item.verdict)},
                       {"seen", item.seen}});
    }
    return out;
}

nlohmann::json Session::takeLagJson() {
    nlohmann::json out = nlohmann::json::object();
    for (const auto& [link, summary] : stepLag) {
        out[link] = {{"max_lag_ms", summary.maxLagMs},       {"last_lag_ms", summary.lastLagMs},
                     {"max_bytes", summary.maxBytesPending}, {"samples", summary.samples},
                     {"unknown", summary.unknownSamples},    {"state", summary.lastState}};
    }
    stepLag.clear();
    return out;
}

}  // namespace tributary::runbooks::detail
