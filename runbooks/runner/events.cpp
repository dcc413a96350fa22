// Events as JSON lines.
#include "runbooks/runner/events.h"

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

using Json = nlohmann::ordered_json;

Json figure(std::int64_t value) {
    return value < 0 ? Json(nullptr) : Json(value);
}

Json linkJson(const LinkObservation& link) {
    Json out{{"from", link.from}, {"to", link.to}, {"state", link.state}};
    if (!link.error.empty()) out["error"] = link.error;
    out["lag_ms"] = figure(link.lagMs);
    out["bytes_pending"] = figure(link.bytesPending);
    out["operations_pending"] = figure(link.operationsPending);
    return out;
}

void addText(Json& out, const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
}

}  // namespace

std::string_view eventTypeName(EventType type) {
    switch (type) {
        case EventType::RunStarted: return "run-started";
        case EventType::RunResumed: return "run-resumed";
        case EventType::StepStarted: return "step-started";
        case EventType::CommandStarted: return "command-started";
        case EventType::CommandFinished: return "command-finished";
        case EventType::CheckSeen: return "check";
        case EventType::Retrying: return "retrying";
        case EventType::ApprovalGiven: return "approval";
        case EventType::LagSample: return "lag";
        case EventType::PauseRequested: return "pause-requested";
        case EventType::StepFinished: return "step-finished";
        case EventType::UndoPlanned: return "undo-planned";
        case EventType::UndoStarted: return "undo-started";
        case EventType::UndoFinished: return "undo-finished";
        case EventType::RunFinished: return "run-finished";
    }
    return "run-finished";
}

std::string_view verdictName(CheckVerdict verdict) {
    switch (verdict) {
        case CheckVerdict::True: return "true";
        case CheckVerdict::False: return "false";
        case CheckVerdict::Unknown: return "unknown";
    }
    return "unknown";
}

std::string toJsonLine(const RunEvent& event) {
    Json out{{"schema", 1},
             {"seq", event.seq},
             {"at", isoTime(event.atMs)},
             {"event", eventTypeName(event.type)},
             {"run", event.runId}};
    addText(out, "runbook", event.runbookId);
    addText(out, "step", event.stepId);
    addText(out, "title", event.title);
    if (event.stepNumber > 0) out["number"] = event.stepNumber;
    if (event.stepCount > 0) out["count"] = event.stepCount;
    if (event.attempt > 0) out["attempt"] = event.attempt;
    addText(out, "text", event.text);
    addText(out, "phrase", event.phrase);
    addText(out, "verdict", event.verdict);
    addText(out, "evidence", event.evidence);
    addText(out, "result", event.result);
    addText(out, "reason", event.reason);
    addText(out, "fix", event.fix);
    addText(out, "output", event.output);
    if (event.durationMs >= 0) out["duration_ms"] = event.durationMs;
    if (event.personMs > 0) out["person_ms"] = event.personMs;
    if (event.exitCode >= 0) out["exit"] = event.exitCode;
    if (event.type == EventType::LagSample) {
        out["links"] = Json::array();
        for (const LinkObservation& link : event.links) out["links"].push_back(linkJson(link));
    }
    // Output of a command may hold any bytes; a bad sequence becomes U+FFFD instead of an exception.
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tributary::runbooks
