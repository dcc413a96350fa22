// Record types: session, run, step-intent, step-started, line-started, line-result, approval, step-result,
// undo-started, undo-result, finish (docs: runbooks/README.md, "Journal").
#include "runbooks/runner/journalrecords.h"

#include <algorithm>

namespace tributary::runbooks::detail {
namespace {

using nlohmann::json;

StepState& stepOf(RunState& state, const json& data) {
    const std::string id = data.at("step").get<std::string>();
    if (StepState* known = state.find(id)) return *known;
    state.steps.push_back(StepState{});
    state.steps.back().id = id;
    return state.steps.back();
}

LineState& lineOf(StepState& step, const json& data) {
    std::vector<LineState>& lines = data.value("undo", false) ? step.undoLines : step.lines;
    const auto index = data.at("line").get<std::size_t>();
    if (index >= lines.size()) lines.resize(std::min<std::size_t>(index + 1, 10'000));
    return lines.at(index);
}

void applyRun(RunState& state, Millis atMs, const json& data) {
    state.runId = data.at("run").get<std::string>();
    state.number = data.value("number", std::int64_t{0});
    state.runbookId = data.at("runbook").get<std::string>();
    state.title = data.at("title").get<std::string>();
    state.system = data.at("system").get<std::string>();
    state.hash = data.at("hash").get<std::string>();
    state.text = data.at("text").get<std::string>();
    state.file = data.value("file", "");
    state.parameters = data.at("parameters").get<ParameterValues>();
    state.fingerprint = data.at("fingerprint").get<std::string>();
    state.startedAtMs = atMs;
    for (const json& step : data.at("steps")) {
        StepState known;
        known.id = step.at("id").get<std::string>();
        known.title = step.at("title").get<std::string>();
        state.steps.push_back(std::move(known));
    }
}

void applyIntent(RunState& state, Millis atMs, const json& data) {
    StepState& step = stepOf(state, data);
    // A resumed step keeps the results of lines that are known to have worked.
    if (step.phase == StepPhase::Pending || step.phase == StepPhase::Intended) step.phase = StepPhase::Intended;
    if (step.startedAtMs == 0) step.startedAtMs = atMs;
    const auto lines = data.at("lines").get<std::vector<std::string>>();
    step.lines.resize(std::max(step.lines.size(), lines.size()));
    for (std::size_t i = 0; i < lines.size(); ++i) step.lines[i].text = lines[i];
}

void applyLineResult(LineState& line, const json& data) {
    line.phase = data.at("ok").get<bool>() ? LinePhase::Ok : LinePhase::Failed;
    line.output = data.value("output", "");
    line.error = data.value("error", "");
    line.errorKind = data.value("kind", "");
    line.fix = data.value("fix", "");
    line.durationMs += data.value("ms", Millis{0});
}

void applyLag(RunState& state, const json& data) {
    for (const auto& [link, entry] : data.items()) {
        LagSummary& summary = state.lag[link];
        summary.maxLagMs = std::max(summary.maxLagMs, entry.at("max_lag_ms").get<Millis>());
        summary.lastLagMs = entry.at("last_lag_ms").get<Millis>();
        summary.maxBytesPending = std::max(summary.maxBytesPending, entry.at("max_bytes").get<std::int64_t>());
        summary.samples += entry.at("samples").get<int>();
        summary.unknownSamples += entry.at("unknown").get<int>();
        summary.lastState = entry.at("state").get<std::string>();
    }
}

void applyStepResult(RunState& state, Millis atMs, const json& data) {
    StepState& step = stepOf(state, data);
    step.phase = stepPhaseFromName(data.at("phase").get<std::string>());
    step.failureClass = data.value("class", "");
    step.reason = data.value("reason", "");
    step.fix = data.value("fix", "");
    if (step.startedAtMs == 0) step.startedAtMs = atMs;
    step.endedAtMs = atMs;
    if (data.contains("work_ms")) step.workMs = std::max<Millis>(0, step.workMs) + data.at("work_ms").get<Millis>();
    step.personMs += data.value("person_ms", Millis{0});
    step.evidence.clear();
    for (const json& item : data.at("evidence")) {
        const auto verdict = item.at("verdict").get<std::string>();
        step.evidence.push_back({item.at("check").get<std::string>(), item.at("phrase").get<std::string>(),
                                 verdict == "true"    ? CheckVerdict::True
                                 : verdict == "false" ? CheckVerdict::False
                                                      : CheckVerdict::Unknown,
                                 item.at("seen").get<std::string>()});
    }
    if (step.phase == StepPhase::Done) {
        state.doneOrder.erase(std::remove(state.doneOrder.begin(), state.doneOrder.end(), step.id),
                              state.doneOrder.end());
        state.doneOrder.push_back(step.id);
    }
    state.fingerprint = data.at("fingerprint").get<std::string>();
    applyLag(state, data.at("lag"));
}

void applyUndoResult(RunState& state, const json& data) {
    StepState& step = stepOf(state, data);
    step.undoProblem = data.value("reason", "");
    if (data.at("ok").get<bool>()) {
        step.phase = StepPhase::Undone;
        state.doneOrder.erase(std::remove(state.doneOrder.begin(), state.doneOrder.end(), step.id),
                              state.doneOrder.end());
    }
    state.fingerprint = data.at("fingerprint").get<std::string>();
}

}  // namespace

void applyRecord(RunState& state, const std::string& type, Millis atMs, const json& data) {
    if (type == "run") {
        applyRun(state, atMs, data);
    } else if (type == "session") {
        ++state.sessions;
        state.finished = false;
        state.undoing = data.value("kind", "") == "undo";
        state.user = data.at("user").get<std::string>();
    } else if (type == "step-intent") {
        applyIntent(state, atMs, data);
    } else if (type == "step-started") {
        StepState& step = stepOf(state, data);
        step.phase = StepPhase::Started;
        ++step.attempts;
    } else if (type == "line-started") {
        LineState& line = lineOf(stepOf(state, data), data);
        line.text = data.at("text").get<std::string>();
        line.phase = LinePhase::Started;
        ++line.tries;
    } else if (type == "line-result") {
        applyLineResult(lineOf(stepOf(state, data), data), data);
    } else if (type == "line-settled") {
        lineOf(stepOf(state, data), data).phase = data.at("done").get<bool>() ? LinePhase::Ok : LinePhase::Pending;
    } else if (type == "approval") {
        state.approvals.push_back({data.at("step").get<std::string>(), data.at("who").get<std::string>(),
                                   data.at("how").get<std::string>(), data.at("text").get<std::string>(),
                                   data.value("reason", ""), atMs});
    } else if (type == "step-result") {
        applyStepResult(state, atMs, data);
    } else if (type == "undo-started") {
        stepOf(state, data).undoStarted = true;
        state.compensated = true;
    } else if (type == "undo-result") {
        applyUndoResult(state, data);
    } else if (type == "finish") {
        state.finished = true;
        state.endedAtMs = atMs;
        state.outcome = outcomeFromName(data.at("outcome").get<std::string>());
        state.reason = data.value("reason", "");
        state.fix = data.value("fix", "");
        state.description = data.value("system", std::vector<std::string>());
    }
    // A type that is not known was written by a later version that only added: it changes nothing here.
}

}  // namespace tributary::runbooks::detail
