// A system in memory, a clock that only moves when slept on, and a person who answers from a list.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runbooks/port/systemport.h"
#include "runbooks/runner/runner.h"
#include "runbooks/runner/undoplan.h"

namespace tributary::runbooks::test {

class FakeClock final : public RunnerClock {
public:
    static constexpr Millis kStartMs = 1'769'850'000'000;  // 2026-01-31T09:00:00Z
    [[nodiscard]] Millis nowMs() const override { return kStartMs + passedMs; }
    [[nodiscard]] Millis monotonicMs() const override { return passedMs; }
    bool sleep(Millis durationMs) override {
        passedMs += durationMs;
        ++sleeps;
        if (onSleep) onSleep();
        return !interrupted;
    }
    void interrupt() override { interrupted = true; }

    Millis passedMs = 0;
    int sleeps = 0;
    bool interrupted = false;
    std::function<void()> onSleep;
};

/// How the next execution of a line that contains a text goes wrong.
struct Fault {
    std::string errorKind;
    bool takesEffect = false;  ///< the command worked, only its answer was lost
    int times = 1;
};

/// Tables, families and replication records, with the errors that MapR gives: creating twice fails, so that a blind
/// repetition is seen. `make P`, `drop P` and `note TEXT` are commands of its own.
class FakePort final : public SystemPort {
public:
    explicit FakePort(FakeClock& clock) : clock_(clock) {}

    CommandOutcome execute(const std::string& line, Millis timeoutMs) override;
    Status validate(const std::string& line) override;
    CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override;
    std::vector<LinkObservation> links() override;
    std::string fingerprint() override;
    std::vector<std::string> describe() override;
    /// `drop P` deletes the table at P, with `rows` and `onlyHere` of it.
    LineEffect effectOf(const std::string& line, const LookAround& around) override;

    struct Edge {
        bool paused = false;
        std::string columns;
    };
    using Pair = std::pair<std::string, std::string>;

    std::map<std::string, std::set<std::string>> tables;  ///< path -> families
    std::map<Pair, Edge> replicas;
    std::set<Pair> upstreams;                                 ///< (at, from)
    std::set<Pair> copied;                                    ///< (from, to) of every CopyTable
    std::map<std::string, Fault> faults;                      ///< part of a line -> what goes wrong
    std::map<std::string, std::deque<CheckVerdict>> answers;  ///< check text -> answers; the last one stays
    std::set<std::string> finals{};                           ///< check texts whose "no" stays for good
    std::vector<std::string> executed;                        ///< every line that reached the system
    std::map<std::string, std::int64_t> rows;                 ///< table -> rows in it; none when not named
    std::map<std::string, std::int64_t> onlyHere;             ///< table -> rows found nowhere else; -1: unknown
    std::map<std::string, std::string> copies{};              ///< table -> the only other table with its rows
    std::vector<std::string> relatedAsked;                    ///< of the last effectOf()
    Millis commandTakesMs = 0;
    std::function<void(const std::string&)> onExecute;

    /// What is left when all is done: tables, records.
    [[nodiscard]] std::string stateText() const;

private:
    CommandOutcome apply(const std::vector<std::string>& words);
    CommandOutcome table(const std::vector<std::string>& words, std::map<std::string, std::string>& options);
    CommandOutcome replica(const std::string& verb, std::map<std::string, std::string>& options);
    bool holds(const std::string& name, const std::vector<std::string>& arguments) const;
    bool running(const Pair& edge) const;
    FakeClock& clock_;
};

/// Collects events as short lines (checks and lag left out) and whole.
class LogListener final : public RunListener {
public:
    void onEvent(const RunEvent& event) override;
    std::vector<std::string> lines;
    std::vector<RunEvent> events;
};

/// Answers in the order given; when they are used up, says Go and Yes.
class ScriptedApprover final : public Approver {
public:
    [[nodiscard]] bool present() const override { return true; }
    Answer approveUndo(const UndoPlan& plan) override;
    StepDecision beforeStep(const StepPrompt& prompt) override;
    StepDecision afterFailure(const StepPrompt& prompt) override;
    Answer approve(const StepPrompt& prompt) override;
    Answer instruct(const StepPrompt& prompt) override;

    std::deque<StepDecision> steps;
    std::deque<StepDecision> failures;
    std::deque<Answer> approvals;
    std::deque<Answer> instructions;
    std::deque<Answer> plans;
    std::function<void()> whileAsked;  ///< called by every question: a person takes time
    std::vector<std::string> asked;
};

/// Thrown by CrashSink: the process is gone.
struct Crash {};

/// Keeps a journal in memory. Crashes before (its text is lost) or after writing record number `crashAt` (from 1).
class MemorySink final : public JournalSink {
public:
    explicit MemorySink(std::string& text, int crashAt = 0, bool afterWriting = true)
        : text_(text), crashAt_(crashAt), afterWriting_(afterWriting) {}
    Status append(std::string_view line) override {
        ++count_;
        if (count_ == crashAt_ && !afterWriting_) throw Crash{};
        text_ += std::string(line) + "\n";
        if (count_ == crashAt_) throw Crash{};
        return failWith ? Status(*failWith) : okStatus();
    }
    std::optional<Error> failWith;

private:
    std::string& text_;
    int count_ = 0;
    int crashAt_;
    bool afterWriting_;
};

/// Two clusters with tables that hold data, as seed of most tests.
inline const std::string kSource = "/mapr/sanfrancisco/customers";
inline const std::string kReplica = "/mapr/newyork/customers";

}  // namespace tributary::runbooks::test
