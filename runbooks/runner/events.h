// What a run tells while it goes: typed events, and their JSON lines (schema 1; later versions only add members).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runbooks/port/systemport.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::runbooks {

enum class EventType {
    RunStarted,
    RunResumed,
    StepStarted,
    CommandStarted,
    CommandFinished,
    CheckSeen,  ///< a check's answer, when it differs from the last one
    Retrying,
    ApprovalGiven,
    LagSample,
    PauseRequested,
    StepFinished,
    UndoPlanned,  ///< an undo begins; `text` is its plan
    UndoStarted,
    UndoFinished,
    RunFinished
};

/// One event. Members that do not belong to a type stay at their defaults and are left out of the JSON.
struct RunEvent {
    EventType type = EventType::RunStarted;
    std::int64_t seq = 0;  ///< from 1, per process
    Millis atMs = 0;
    std::string runId;
    std::string runbookId;
    std::string stepId;
    std::string title;
    int stepNumber = 0;  ///< from 1
    int stepCount = 0;
    int attempt = 0;
    std::string text;     ///< command line, or the check as written
    std::string phrase;   ///< the check as a sentence
    std::string verdict;  ///< true, false, unknown
    std::string evidence;
    std::string result;  ///< of a step or command: done, failed, ...
    std::string reason;
    std::string fix;
    std::string output;
    Millis durationMs = -1;  ///< of a step: its work, without the time that people took
    Millis personMs = 0;     ///< that people took to answer
    int exitCode = -1;
    std::vector<LinkObservation> links;
};

/// "run-started", "step-finished", "lag", ...
[[nodiscard]] std::string_view eventTypeName(EventType type);
[[nodiscard]] std::string_view verdictName(CheckVerdict verdict);
/// One line of JSON without the line break. Unknown lag figures are null, never 0.
[[nodiscard]] std::string toJsonLine(const RunEvent& event);

/// Receives events on the runner's thread.
class RunListener {
public:
    virtual ~RunListener() = default;
    virtual void onEvent(const RunEvent& event) = 0;
};

}  // namespace tributary::runbooks
