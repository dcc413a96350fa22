// Beginning, resuming and undoing runs.
#include "runbooks/runner/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "runbooks/model/load.h"
#include "runbooks/runner/approvals.h"
#include "runbooks/runner/drift.h"
#include "runbooks/runner/execution.h"

namespace tributary::runbooks {
namespace {

RunResult usage(const Error& error) {
    return {RunOutcome::Usage, {}, error.text(), error.fix};
}

RunResult journalProblem(const Error& error) {
    return {RunOutcome::Internal, {}, error.text(), error.fix};
}

/// Parameters alone decide that the step is no part of the run: its lines may make no sense then.
bool leftOut(const Step& step) {
    return std::any_of(step.when.begin(), step.when.end(),
                       [](const Condition& condition) { return condition.isStatic() && !condition.staticValue(); });
}

/// Dialect lines and parameters are looked at before anything is begun.
Status checkLines(const Runbook& rendered, SystemPort& port) {
    for (const Step& step : rendered.steps) {
        if (leftOut(step)) continue;
        for (const std::vector<CommandLine>* lines : {&step.commands, &step.undo}) {
            for (const CommandLine& line : *lines) {
                const Status valid = port.validate(line.text);
                if (valid.ok()) continue;
                Error error = valid.error();
                error.where = "step " + step.id + ", `" + line.text + "`";
                return error;
            }
        }
    }
    return okStatus();
}

std::optional<RunResult> runbookChecks(detail::Session& session) {
    const Step whole;  // evidence of the runbook's own checks belongs to no step
    for (const std::vector<Check>* checks : {&session.runbook.requirements, &session.runbook.invariants}) {
        const detail::Judgement met = session.askAll(*checks, whole);
        if (met.verdict == CheckVerdict::False) {
            return RunResult{RunOutcome::VerifyFailed,
                             {},
                             "a requirement of the runbook is " + met.culprit,
                             "nothing has been changed"};
        }
        if (met.verdict == CheckVerdict::Unknown) {
            return RunResult{RunOutcome::Unknown, {}, met.culprit, "nothing has been changed; bring the system back"};
        }
    }
    session.evidence.clear();
    return {};
}

nlohmann::json sessionJson(const RunOptions& options, const char* kind) {
    return {{"kind", kind},
            {"mode", options.mode == RunMode::Stepwise ? "stepwise" : "auto"},
            {"start_at", options.startAt},
            {"until", options.until},
            {"user", options.user}};
}

RunEvent runEvent(EventType type, const Runbook& runbook) {
    RunEvent event;
    event.type = type;
    event.runbookId = runbook.id;
    event.title = runbook.title;
    event.stepCount = static_cast<int>(runbook.steps.size());
    return event;
}

Status resumable(const RunState& state, const Runbook& current) {
    const Error again{ErrorCode::Conflict, {}, "run " + state.runId, "start a new run"};
    Error refused = again;
    if (state.compensated) refused.what = "its steps were undone: there is nothing to go on with";
    if (state.finished && state.outcome == RunOutcome::Success) refused.what = "it ended well: nothing is left to do";
    if (!refused.what.empty()) return refused;
    if (state.hash == current.hash) return okStatus();
    return Error{ErrorCode::InvalidInput, "runbook " + state.runbookId + " was changed since this run began",
                 "run " + state.runId, "resume with --stored to go on with the text it began with, or start a new run"};
}

/// Whether the system may rightly differ from what the journal last saw.
bool acting(const RunState& state) {
    for (const StepState& step : state.steps) {
        if (step.phase == StepPhase::Started || step.phase == StepPhase::InDoubt) return true;
    }
    return false;
}

/// What is not any more as the run left it, in one line.
std::string driftText(const Runbook& rendered, const RunState& state, SystemPort& port) {
    std::vector<std::string> facts = detail::changedFacts(state, port);
    for (std::string& lost : detail::lostSteps(rendered, state, port)) facts.push_back(std::move(lost));
    return facts.empty() ? std::string("which facts cannot be told, its last session kept none") : join(facts, "; ");
}

}  // namespace

Status checkStepNames(const Runbook& runbook, const RunOptions& options) {
    std::vector<std::string> ids;
    for (const Step& step : runbook.steps) ids.push_back(step.id);
    std::vector<std::pair<std::string, std::string>> named{{"--start-at", options.startAt}, {"--until", options.until}};
    for (const auto& [step, hash] : options.approvals) named.emplace_back("--approve", step);
    for (const auto& [step, answer] : options.resolutions) {
        named.emplace_back("--resolve", step);
        if (answer != "done" && answer != "not-done") {
            return Error{
                ErrorCode::InvalidInput, "`" + answer + "` is neither done nor not-done", "--resolve " + step, {}};
        }
    }
    for (const auto& [option, step] : named) {
        if (step.empty() || runbook.findStep(step) != nullptr) continue;
        const std::string near = nearest(step, ids);
        return Error{ErrorCode::InvalidInput, "runbook " + runbook.id + " has no step `" + step + "`", option,
                     near.empty() ? "its steps: " + join(ids, ", ") : "did you mean `" + near + "`?"};
    }
    const auto from = std::find(ids.begin(), ids.end(), options.startAt);
    const auto to = std::find(ids.begin(), ids.end(), options.until);
    if (from != ids.end() && to < from) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("step `{}` comes before step `{}`, which the run is to start at", options.until,
                                 options.startAt),
                     "--until", "name a step behind it, or leave one of the two out"};
    }
    return okStatus();
}

Result<Runbook> storedRunbook(const RunState& state, const Dialects& dialects) {
    return parseRunbook(state.text, "run " + state.runId, dialects);
}

void Runner::requestPause() {
    if (pauseRequests_.fetch_add(1) >= 1) clock_.interrupt();
}

RunResult Runner::run(const Runbook& runbook, const ParameterValues& given, RunJournal& journal,
                      const RunOptions& options) {
    const Result<ParameterValues> values = resolveParameters(runbook, given);
    if (!values.ok()) return usage(values.error());
    const Result<Runbook> rendered = renderRunbook(runbook, *values);
    if (!rendered.ok()) return usage(rendered.error());
    const Status named = checkStepNames(runbook, options);
    if (!named.ok()) return usage(named.error());
    const Status valid = checkLines(*rendered, port_);
    if (!valid.ok()) return usage(valid.error());
    const std::string fingerprint = port_.fingerprint();
    if (!options.expectedFingerprint.empty() && options.expectedFingerprint != fingerprint) {
        return {RunOutcome::StalePlan, {}, "the system is not as it was when the plan was made", "make the plan again"};
    }
    detail::Session session{port_, clock_, approver_, listener_, journal, options, *rendered, pauseRequests_};
    detail::Execution execution(session);
    nlohmann::json steps = nlohmann::json::array();
    for (const Step& step : rendered->steps) steps.push_back({{"id", step.id}, {"title", step.title}});
    std::vector<detail::GivenApproval> approved;
    if (std::optional<RunResult> refused = detail::askInAdvance(session, approved)) return *refused;
    session.personMs = 0;  // nobody's step
    try {
        session.record("run", {{"version", 1},
                               {"run", journal.state().runId},
                               {"number", journal.state().number},
                               {"runbook", runbook.id},
                               {"title", rendered->title},
                               {"system", runbook.system},
                               {"hash", runbook.hash},
                               {"text", runbook.text},
                               {"file", runbook.file},
                               {"parameters", *values},
                               {"fingerprint", fingerprint},
                               {"steps", steps}});
        session.record("session", sessionJson(options, "run"));
        session.emit(runEvent(EventType::RunStarted, *rendered));
        for (const detail::GivenApproval& approval : approved) detail::recordApproval(session, approval);
        if (std::optional<RunResult> refused = runbookChecks(session)) return execution.finish(*refused);
        return execution.go();
    } catch (const detail::JournalFailure& failure) {
        return journalProblem(failure.error);
    }
}

RunResult Runner::resume(const Runbook& current, RunJournal& journal, const RunOptions& options) {
    const RunState& state = journal.state();
    const Status may = resumable(state, current);
    if (!may.ok()) {
        const bool changed = may.error().code == ErrorCode::InvalidInput;
        return {changed ? RunOutcome::StalePlan : RunOutcome::Usage, {}, may.error().text(), may.error().fix};
    }
    const Status named = checkStepNames(current, options);
    if (!named.ok()) return usage(named.error());
    const Result<Runbook> rendered = renderRunbook(current, state.parameters);
    if (!rendered.ok()) return usage(rendered.error());
    const std::string now = port_.fingerprint();
    const bool comparable = !now.empty() && !state.fingerprint.empty() && !acting(state);
    if (comparable && now != state.fingerprint && !options.acceptDrift) {
        return {RunOutcome::StalePlan,
                {},
                "the system was changed by somebody else since this run stopped: " + driftText(*rendered, state, port_),
                "look at what changed, then resume with --accept-drift",
                {}};
    }
    detail::Session session{port_, clock_, approver_, listener_, journal, options, *rendered, pauseRequests_};
    std::vector<detail::GivenApproval> approved;
    if (std::optional<RunResult> refused = detail::askInAdvance(session, approved)) return *refused;
    session.personMs = 0;
    try {
        session.record("session", sessionJson(options, "resume"));
        session.emit(runEvent(EventType::RunResumed, *rendered));
        for (const detail::GivenApproval& approval : approved) detail::recordApproval(session, approval);
        return detail::Execution(session).go();
    } catch (const detail::JournalFailure& failure) {
        return journalProblem(failure.error);
    }
}

RunResult Runner::undo(RunJournal& journal, const UndoOptions& options) {
    const Result<Runbook> stored = storedRunbook(journal.state(), dialects_);
    if (!stored.ok()) return usage(stored.error());
    const Result<Runbook> rendered = renderRunbook(*stored, journal.state().parameters);
    if (!rendered.ok()) return usage(rendered.error());
    RunOptions runOptions;
    runOptions.mode = options.mode;
    runOptions.user = options.user;
    runOptions.lagIntervalMs = options.lagIntervalMs;
    runOptions.approvals = options.approvals;
    runOptions.approveAll = options.approveAll;
    runOptions.resolutions = options.resolutions;
    const Status named = checkStepNames(*stored, runOptions);
    if (!named.ok()) return usage(named.error());
    const Result<UndoPlan> plan = planUndo(journal.state(), dialects_, port_, options.downTo);
    if (!plan.ok()) return usage(plan.error());
    if (!plan->refusal.empty()) {
        return {RunOutcome::Usage, plan->refusedAt, plan->refusal, plan->refusalFix, plan->refusalOptions};
    }
    for (const auto& [step, answer] : options.resolutions) {
        const UndoPlanStep* planned = plan->find(step);
        if (planned != nullptr && !planned->byHand.empty()) continue;
        return {RunOutcome::Usage,
                {},
                "step " + step + " is not one that is left BY HAND: nothing of it is resolved",
                "look at --undo --dry-run",
                {}};
    }
    detail::Session session{port_, clock_, approver_, listener_, journal, runOptions, *rendered, pauseRequests_};
    std::vector<detail::GivenApproval> approved;
    if (std::optional<RunResult> refused = detail::approveUndo(session, *plan, approved)) return *refused;
    try {
        session.record("session", sessionJson(runOptions, "undo"));
        RunEvent event = runEvent(EventType::UndoPlanned, *rendered);
        event.text = undoPlanText(*plan);
        session.emit(event);
        for (const detail::GivenApproval& approval : approved) detail::recordApproval(session, approval);
        return detail::Execution(session).undoAll(*plan);
    } catch (const detail::JournalFailure& failure) {
        return journalProblem(failure.error);
    }
}

}  // namespace tributary::runbooks
