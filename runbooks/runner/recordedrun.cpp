// From records to events.
#include "runbooks/runner/recordedrun.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runbooks/runner/journalrecords.h"

namespace tributary::runbooks {
namespace {

using nlohmann::json;

class Reading {
public:
    /// Throws nlohmann::json::exception when a member is missing or of another type.
    void take(const std::string& type, Millis atMs, const json& data) {
        // Evidence stands with the result, and was there before it.
        if (type == "step-result") tellEvidence(atMs, data);
        if (type == "run" && !data.contains("parameters")) {
            json whole = data;  // bundles of earlier releases left an empty one out
            whole["parameters"] = json::object();
            detail::applyRecord(run_.state, type, atMs, whole);
        } else {
            detail::applyRecord(run_.state, type, atMs, data);
        }
        tell(type, atMs, data);
    }
    RecordedRun finished(std::string problem) {
        run_.problem = std::move(problem);
        return std::move(run_);
    }

private:
    void tell(const std::string& type, Millis atMs, const json& data) {
        if (type == "session") {
            const std::string kind = data.value("kind", "");
            emit(kind == "undo"     ? EventType::UndoPlanned
                 : kind == "resume" ? EventType::RunResumed
                                    : EventType::RunStarted,
                 atMs);
        } else if (type == "step-started") {
            stepEvent(EventType::StepStarted, atMs, data).attempt = run_.state.find(text(data, "step"))->attempts;
        } else if (type == "line-started") {
            stepEvent(EventType::CommandStarted, atMs, data).text = text(data, "text");
        } else if (type == "line-result") {
            RunEvent& event = stepEvent(EventType::CommandFinished, atMs, data);
            event.result = data.at("ok").get<bool>() ? "ok" : "failed";
            event.output = data.value("output", "");
            event.reason = data.value("error", "");
            event.fix = data.value("fix", "");
            event.durationMs = data.value("ms", Millis{-1});
        } else if (type == "approval") {
            stepEvent(EventType::ApprovalGiven, atMs, data).text = data.value("how", "");
        } else if (type == "step-result") {
            stepResult(atMs, data);
        } else if (type == "undo-started") {
            stepEvent(EventType::UndoStarted, atMs, data);
        } else if (type == "undo-result") {
            RunEvent& event = stepEvent(EventType::UndoFinished, atMs, data);
            event.result = data.at("ok").get<bool>() ? "undone" : "failed";
            event.reason = data.value("reason", "");
        } else if (type == "finish") {
            RunEvent& event = emit(EventType::RunFinished, atMs);
            event.result = data.at("outcome").get<std::string>();
            event.reason = run_.state.reason;
            event.fix = run_.state.fix;
            event.exitCode = data.value("exit", -1);
            event.durationMs = std::max<Millis>(0, atMs - run_.state.startedAtMs);
            event.personMs = run_.state.personMs();
        }
    }

    void stepResult(Millis atMs, const json& data) {
        // A step that held already has a result and no beginning of its own; so has one that nobody needed.
        RunEvent& event = stepEvent(EventType::StepFinished, atMs, data);
        const StepState* step = run_.state.find(event.stepId);
        event.result = stepPhaseName(step->phase);
        event.reason = step->reason;
        event.fix = step->fix;
        event.durationMs = step->tookMs();
        event.personMs = step->personMs;
    }

    void tellEvidence(Millis atMs, const json& data) {
        for (const json& item : data.at("evidence")) {
            RunEvent& event = stepEvent(EventType::CheckSeen, atMs, data);
            event.text = item.at("check").get<std::string>();
            event.phrase = item.at("phrase").get<std::string>();
            event.verdict = item.at("verdict").get<std::string>();
            event.evidence = item.at("seen").get<std::string>();
        }
    }

    RunEvent& stepEvent(EventType type, Millis atMs, const json& data) {
        RunEvent& event = emit(type, atMs);
        event.stepId = text(data, "step");
        const auto& steps = run_.state.steps;
        const auto found =
            std::find_if(steps.begin(), steps.end(), [&](const StepState& each) { return each.id == event.stepId; });
        if (found != steps.end()) {
            event.title = found->title;
            event.stepNumber = static_cast<int>(found - steps.begin()) + 1;
        }
        event.stepCount = static_cast<int>(steps.size());
        return event;
    }

    RunEvent& emit(EventType type, Millis atMs) {
        RunEvent& event = run_.events.emplace_back();
        event.type = type;
        event.seq = static_cast<std::int64_t>(run_.events.size());
        event.atMs = atMs;
        event.runId = run_.state.runId;
        event.runbookId = run_.state.runbookId;
        return event;
    }

    static std::string text(const json& data, const char* key) { return data.at(key).get<std::string>(); }

    RecordedRun run_;
};

}  // namespace

Result<RecordedRun> readRecordedRun(std::string_view text, const std::string& fileName) {
    if (text.size() > kRecordedBytesMax) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the journal has {} bytes, more than {} are not read", text.size(), kRecordedBytesMax),
                     fileName, "tributary report shows what it says"};
    }
    Reading reading;
    std::string problem;
    int line = 0;
    for (std::size_t at = 0; at < text.size() && problem.empty();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view record = text.substr(at, end - at);
        at = end + 1;
        ++line;
        if (record.empty()) continue;
        const json read = json::parse(record.begin(), record.end(), nullptr, false);
        try {
            const auto type = read.at("type").get<std::string>();
            if (line == 1 && type != "run") throw std::out_of_range("no run");
            reading.take(type, read.at("at").get<Millis>(), read.at("data"));
        } catch (const std::exception&) {
            // nlohmann's, of a member that is missing or of another type, and of damage that is no JSON at all.
            problem = fmt::format("line {} of the journal is no record: what came after it is unknown", line);
        }
    }
    if (line == 0 || (line == 1 && !problem.empty())) {
        return Error{ErrorCode::Corrupt, "this is no journal of a run", fileName + ":1",
                     "choose a file of .tributary/runs, or a support bundle"};
    }
    return reading.finished(std::move(problem));
}

}  // namespace tributary::runbooks
