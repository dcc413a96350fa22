// The table of events and their members.
#include "runbooks/runner/eventfields.h"

#include <algorithm>

namespace tributary::runbooks {

const std::vector<EventField>& eventFields() {
    static const std::vector<EventField> kFields{
        {"schema", "integer", "1; a later version only adds members and events"},
        {"seq", "integer", "counts the events of one process from 1"},
        {"at", "time", "UTC, ISO 8601 with milliseconds: 2026-01-31T09:00:00.250Z"},
        {"event", "text", "the kind, one of those above"},
        {"run", "text", "the run's id, as --resume, --undo and report take it"},
        {"runbook", "text", "the runbook's id"},
        {"step", "text", "the step's id"},
        {"title", "text", "of the step, or of the runbook; parameters are put in"},
        {"number", "integer", "the step's place, from 1"},
        {"count", "integer", "how many steps the runbook has"},
        {"attempt", "integer", "from 1: which try of the step or of the command"},
        {"text", "text", "the command line, the check as written, what was approved, or the plan of an undo"},
        {"phrase", "text", "the check as a sentence"},
        {"verdict", "text", "true, false or unknown"},
        {"evidence", "text", "what was seen, in the system's words"},
        {"result", "text",
         "of a command: ok, failed; of a step: done, already-done, not-needed, disabled, skipped, failed, in-doubt, "
         "stopped; of an approval: confirmed, typed, pre-approved; of an undo: undone, failed, by-hand; of the run: a "
         "name as "
         "success or "
         "incomplete, for which exit is the code"},
        {"reason", "text", "why it failed, was skipped or is tried again"},
        {"fix", "text", "what to do next"},
        {"output", "text", "what the command printed; long output is cut"},
        {"duration_ms", "integer", "how long it took, in milliseconds; of a step without the time that people took"},
        {"person_ms", "integer", "how long people took to answer; left out when nobody was asked"},
        {"exit", "integer", "the exit code of the run (tributary help exit-codes)"},
        {"links", "list", "every link, each with the members below"},
    };
    return kFields;
}

const std::vector<EventField>& eventLinkFields() {
    static const std::vector<EventField> kFields{
        {"from", "text", "path of the source"},
        {"to", "text", "path of the replica"},
        {"state", "text", "replicating, paused, copying, scheduled, agreement-missing, unreachable or error"},
        {"error", "text", "left out when there is none"},
        {"lag_ms", "integer or null", "time behind, in milliseconds; null is not known, never 0"},
        {"bytes_pending", "integer or null", "not yet at the replica"},
        {"operations_pending", "integer or null", "not yet at the replica"},
    };
    return kFields;
}

const std::vector<std::string_view>& commonEventKeys() {
    static const std::vector<std::string_view> kKeys{"schema", "seq", "at", "event", "run"};
    return kKeys;
}

const std::vector<EventKind>& eventKinds() {
    using Type = EventType;
    static const std::vector<EventKind> kKinds{
        {Type::RunStarted, "a new run begins", {"runbook", "title", "count"}, {}},
        {Type::RunResumed, "--resume goes on", {"runbook", "title", "count"}, {}},
        {Type::StepStarted,
         "a step begins, before its `when` is asked",
         {"step", "title", "number", "count", "attempt"},
         {}},
        {Type::CheckSeen,
         "the answer of a check, when it is the first or another than before; without a step for the runbook's own",
         {"count", "text", "phrase", "verdict"},
         {"step", "title", "number", "evidence"}},
        {Type::ApprovalGiven,
         "a person, or an option, said that the step may act; or answered `ask` or `human`",
         {"step", "title", "number", "count", "text", "result"},
         {"reason"}},
        {Type::CommandStarted,
         "a command is given to the system",
         {"step", "title", "number", "count", "attempt", "text"},
         {}},
        {Type::CommandFinished,
         "it has answered, or its timeout is over",
         {"step", "title", "number", "count", "attempt", "text", "result", "duration_ms"},
         {"reason", "fix", "output"}},
        {Type::Retrying,
         "a failed command (with text) or step (without) is tried again",
         {"step", "title", "number", "count", "attempt"},
         {"text", "reason"}},
        {Type::LagSample, "every second while something waits", {"links"}, {}},
        {Type::PauseRequested, "Ctrl-C or SIGTERM: the run stops at the next safe point", {"reason"}, {}},
        {Type::StepFinished,
         "a step has ended",
         {"step", "title", "number", "count", "result", "duration_ms"},
         {"reason", "fix", "person_ms"}},
        {Type::UndoPlanned, "an undo begins; its plan was approved", {"runbook", "title", "count", "text"}, {}},
        {Type::UndoStarted,
         "a step is taken back (--undo, or on-failure: compensate)",
         {"step", "title", "number", "count"},
         {}},
        {Type::UndoFinished,
         "it is taken back, or not",
         {"step", "title", "number", "count", "result", "duration_ms"},
         {"reason", "fix"}},
        {Type::RunFinished,
         "the last line of a process",
         {"runbook", "result", "duration_ms", "exit"},
         {"step", "reason", "fix", "person_ms"}},
    };
    return kKinds;
}

std::string eventExample(EventType type) {
    constexpr Millis kBeginMs = 1'769'850'000'000;  // 2026-01-31 09:00 UTC
    const auto& kinds = eventKinds();
    const auto at = std::find_if(kinds.begin(), kinds.end(), [&](const EventKind& kind) { return kind.type == type; });
    const auto has = [&](std::string_view key) {
        return std::find(at->always.begin(), at->always.end(), key) != at->always.end();
    };
    RunEvent event;
    event.type = type;
    event.seq = at - kinds.begin() + 1;
    event.atMs = kBeginMs + 250 * (event.seq - 1);
    event.runId = "20260131T090000-mine";
    if (has("runbook")) event.runbookId = "mine";
    if (has("step")) event.stepId = "pause";
    if (has("title")) event.title = has("step") ? "Pause replication" : "Nothing is sent while the batch runs";
    if (has("number")) event.stepNumber = 1;
    if (has("count")) event.stepCount = 2;
    if (has("attempt")) event.attempt = type == EventType::Retrying ? 2 : 1;
    if (has("phrase")) event.phrase = "replication from /mapr/sf/t to /mapr/ny/t is paused";
    if (has("verdict")) event.verdict = "false";
    if (has("duration_ms")) event.durationMs = 40;
    if (has("exit")) event.exitCode = 0;
    if (has("links")) event.links = {{"/mapr/sf/t", "/mapr/ny/t", "unreachable", {}, -1, -1, -1}};
    if (has("reason")) event.reason = "stopping at the next safe point";
    if (has("text")) event.text = "maprcli table replica pause -path /mapr/sf/t -replica /mapr/ny/t";
    if (type == EventType::CheckSeen) event.text = "replica-paused /mapr/sf/t /mapr/ny/t";
    if (type == EventType::ApprovalGiven) event.text = "Is the batch over?";
    if (type == EventType::UndoPlanned) event.text = "undo of run " + event.runId + ": ...";
    if (has("result")) event.result = "done";
    if (type == EventType::ApprovalGiven) event.result = "confirmed";
    if (type == EventType::CommandFinished) event.result = "ok";
    if (type == EventType::UndoFinished) event.result = "undone";
    if (type == EventType::RunFinished) event.result = "success";
    return toJsonLine(event);
}

}  // namespace tributary::runbooks
