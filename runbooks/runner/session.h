// What all parts of one process' run share: the journal, the events, waiting, and asking checks. Inside the runner
// only.
#pragma once

#include <atomic>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runbooks/runner/runner.h"

namespace tributary::runbooks::detail {

/// Thrown when a record cannot be made durable: nothing further may happen. Caught in Runner.
struct JournalFailure {
    Error error;
};

/// Thrown out of waits by the second stop request. Caught where a step is run.
struct ForcedStop {};

/// Thrown out of waits by the first stop request: nothing is under way while a step waits. Caught where a step is run.
struct SafeStop {};

/// The answers to several checks: False beats Unknown beats True.
struct Judgement {
    CheckVerdict verdict = CheckVerdict::True;
    std::string culprit;  ///< phrase and evidence of the first check that decided
};

struct Session {
    SystemPort& port;
    RunnerClock& clock;
    Approver& approver;
    RunListener& listener;
    RunJournal& journal;
    const RunOptions& options;
    const Runbook& runbook;  ///< rendered
    std::atomic<int>& pauseRequests;

    std::int64_t eventSeq = 0;
    Millis lastSampleMs = -1;
    bool pauseTold = false;
    bool mayStopInWaits = true;                        ///< false: the step under way is no safe point
    Millis workSinceMs = -1;                           ///< monotonic; of the attempt under way, -1 = none
    Millis personMs = 0;                               ///< that people took since the last step result
    std::map<std::string, LagSummary> stepLag{};       ///< since the last step result
    std::map<std::string, std::string> lastAnswers{};  ///< check -> verdict and evidence last emitted
    std::vector<Evidence> evidence{};                  ///< of the present step, last answer per check

    [[nodiscard]] const RunState& state() const { return journal.state(); }
    void record(const char* type, const nlohmann::json& body);
    void emit(RunEvent event);
    [[nodiscard]] RunEvent stepEvent(EventType type, const Step& step) const;
    [[nodiscard]] int numberOf(const Step& step) const;

    /// Sleeps in slices, samples lag; throws SafeStop, or ForcedStop, when asked to stop.
    void wait(Millis durationMs);
    /// Asks a person by `question` and keeps apart how long the answer took.
    template <typename Question>
    auto askPerson(Question question) {
        const Millis sinceMs = clock.monotonicMs();
        auto answer = question();
        personMs += clock.monotonicMs() - sinceMs;
        return answer;
    }
    /// The first stop request is told once, by an event.
    void tellPause();
    void sampleLag();
    void throwIfForced() const;
    [[nodiscard]] bool pauseRequested() const { return pauseRequests.load() > 0; }

    /// Asks one check, keeps its evidence and tells the listener when the answer is new.
    CheckOutcome ask(const Check& check, const Step& step);
    Judgement askAll(const std::vector<Check>& checks, const Step& step);
    /// Each becomes clause once, without waiting.
    Judgement askVerifyOnce(const Step& step);
    /// Waits for every becomes clause within its own window, then for the stays clauses' time. The guards are watched
    /// at every poll.
    Judgement pollVerify(const Step& step);
    /// The runbook's invariants and the step's stays clauses: False as soon as one is false.
    Judgement guards(const Step& step);
    /// The step's `when`.
    Judgement conditions(const Step& step);

    [[nodiscard]] nlohmann::json evidenceJson() const;
    [[nodiscard]] nlohmann::json takeLagJson();
    /// Ends the measuring of an attempt: its work and the time that people took, as members of a step result.
    void takeTimes(nlohmann::json& result);
};

[[nodiscard]] std::string culpritText(const Check& check, const CheckOutcome& outcome);

}  // namespace tributary::runbooks::detail
