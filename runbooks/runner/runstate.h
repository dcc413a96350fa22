// What a journal says: the state of a run, as the records built it. Reports are drawn from it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runbooks/model/parameters.h"
#include "runbooks/port/systemport.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::runbooks {

struct RunEvent;

enum class StepPhase {
    Pending,      ///< not reached
    Intended,     ///< intent written; nothing has been done
    Started,      ///< acting; without a later result it is in doubt
    Done,         ///< done by this run and verified
    AlreadyDone,  ///< held before this run touched it
    NotNeeded,    ///< its `when` does not hold
    Disabled,
    Skipped,  ///< by a person, with a reason
    Failed,
    InDoubt,  ///< nobody knows whether it took effect
    Undone,
    Stopped  ///< by request, while it waited: goes on with resume
};
[[nodiscard]] std::string_view stepPhaseName(StepPhase phase);
[[nodiscard]] StepPhase stepPhaseFromName(std::string_view name);
/// What a step is after an event that ends it (StepFinished, UndoFinished).
[[nodiscard]] StepPhase phaseAfter(const RunEvent& event);
/// Nothing is left to do for the step.
[[nodiscard]] bool isSettled(StepPhase phase);

enum class LinePhase { Pending, Started, Ok, Failed };

struct LineState {
    std::string text;
    LinePhase phase = LinePhase::Pending;
    int tries = 0;
    std::string output;
    std::string error;
    std::string errorKind;
    std::string fix;
    Millis durationMs = 0;
    /// Started without a result, or ended without knowing: timeout or unavailable.
    [[nodiscard]] bool inDoubt() const;
};

struct Evidence {
    std::string check;  ///< as written
    std::string phrase;
    CheckVerdict verdict = CheckVerdict::Unknown;
    std::string seen;
};

struct ApprovalRecord {
    std::string stepId;
    std::string who;
    std::string how;   ///< typed, pre-approved, confirmed
    std::string text;  ///< what was on the screen
    std::string reason;
    Millis atMs = 0;
};

struct StepState {
    std::string id;
    std::string title;
    StepPhase phase = StepPhase::Pending;
    std::string failureClass;
    std::string reason;
    std::string fix;
    int attempts = 0;
    Millis startedAtMs = 0;
    Millis endedAtMs = 0;
    Millis workMs = -1;   ///< of all attempts, without the time that people took; -1: not recorded
    Millis personMs = 0;  ///< waiting for a person's answer
    std::vector<LineState> lines;
    std::vector<LineState> undoLines;
    bool undoStarted = false;
    std::string undoProblem;
    std::vector<Evidence> evidence;

    /// workMs, or what the clock says where an earlier release did not record it; -1: not known.
    [[nodiscard]] Millis tookMs() const;
};

/// Lag of one link while the run lasted.
struct LagSummary {
    Millis maxLagMs = -1;   ///< -1: never known
    Millis lastLagMs = -1;  ///< -1: unknown at the last sample
    std::int64_t maxBytesPending = -1;
    int samples = 0;
    int unknownSamples = 0;
    std::string lastState;

    void add(const LinkObservation& link);
};

struct RunState {
    std::string runId;
    std::int64_t number = 0;  ///< place in the workspace's order of runs, from 1; 0: begun by a release without one
    std::string runbookId;
    std::string title;
    std::string system;
    std::string hash;
    std::string text;  ///< the runbook that this run is bound to
    std::string file;  ///< it was read from, absolute; empty: built in, or begun by a release that kept none
    ParameterValues parameters;
    std::string fingerprint;               ///< of the system when last looked at
    std::vector<std::string> description;  ///< of the system at the end of the last session; empty when unknown
    std::string user;
    Millis startedAtMs = 0;
    Millis endedAtMs = 0;
    int sessions = 0;  ///< 1, and one more per resume or undo
    std::vector<StepState> steps;
    std::vector<std::string> doneOrder;  ///< ids in order of completion
    std::vector<ApprovalRecord> approvals;
    std::map<std::string, LagSummary> lag;  ///< "S -> R"
    bool finished = false;                  ///< a finish record closes the last session
    bool compensated = false;               ///< something was undone: the run cannot be resumed
    bool undoing = false;                   ///< the last session is an undo
    int livePid = 0;                        ///< the process that carries it out now; 0: none
    RunOutcome outcome = RunOutcome::Incomplete;
    std::string reason;
    std::string fix;

    [[nodiscard]] StepState* find(std::string_view stepId);
    [[nodiscard]] const StepState* find(std::string_view stepId) const;
    [[nodiscard]] int count(StepPhase phase) const;
    /// Commands of this run had an effect that is not undone.
    [[nodiscard]] bool leftChanges() const;
    /// "success", "undone", ...; when the last session has no end: "running" and "undo-running" while a process carries
    /// it out, else "unfinished" and "undo-unfinished".
    [[nodiscard]] std::string_view standing() const;
    /// Time that people took in all steps.
    [[nodiscard]] Millis personMs() const;
};

}  // namespace tributary::runbooks
