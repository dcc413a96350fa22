// One run in memory: runbook text in, journal text, log and end state out.
#pragma once

#include "fakes.h"
#include "runbooks/model/load.h"
#include "runbooks/runner/runner.h"
#include "spokenrunbooks.h"

namespace tributary::runbooks::test {

struct Harness {
    explicit Harness(const std::string& text, ParameterValues given = {}) : values(std::move(given)) {
        Result<Runbook> parsed = parseRunbook(text, "test.yaml");
        if (!parsed.ok()) {
            problem = parsed.error().full();
        } else {
            runbook = std::move(parsed).value();
        }
    }

    /// A new run; the journal text is kept for resume().
    RunResult run(const RunOptions& options = {}) {
        journalText.clear();
        RunJournal journal(std::make_unique<MemorySink>(journalText, crashAt, crashAfterWriting), clock, "run-1");
        Runner runner(port, clock, approver, listener, spoken());
        active = &runner;
        RunResult result = runner.run(runbook, values, journal, options);
        state = journal.state();
        return result;
    }
    /// Reads the journal back, as a new process does, and goes on.
    Result<RunResult> resume(const RunOptions& options = {}) {
        Result<JournalContents> contents = readJournal(journalText, "journal.jsonl");
        if (!contents.ok()) return contents.error();
        journalText.resize(static_cast<std::size_t>(contents->goodBytes));
        RunJournal journal(std::make_unique<MemorySink>(journalText, crashAt, crashAfterWriting), clock,
                           std::move(contents).value());
        Runner runner(port, clock, approver, listener, spoken());
        active = &runner;
        RunResult result = runner.resume(runbook, journal, options);
        state = journal.state();
        return result;
    }
    Result<RunResult> undo(const UndoOptions& options = {}) {
        Result<JournalContents> contents = readJournal(journalText, "journal.jsonl");
        if (!contents.ok()) return contents.error();
        journalText.resize(static_cast<std::size_t>(contents->goodBytes));
        RunJournal journal(std::make_unique<MemorySink>(journalText, crashAt, crashAfterWriting), clock,
                           std::move(contents).value());
        Runner runner(port, clock, approver, listener, spoken());
        active = &runner;
        RunResult result = runner.undo(journal, options);
        state = journal.state();
        return result;
    }

    FakeClock clock;
    FakePort port{clock};
    ScriptedApprover approver;
    LogListener listener;
    Runbook runbook;
    ParameterValues values;
    RunState state;
    Runner* active = nullptr;
    std::string journalText;
    std::string problem;
    int crashAt = 0;
    bool crashAfterWriting = true;
};

/// An undo in a new process, while nobody is there.
inline RunResult undoAbsent(Harness& harness, const UndoOptions& options = {}) {
    AbsentApprover nobody;
    Result<JournalContents> contents = readJournal(harness.journalText, "j");
    RunJournal journal(std::make_unique<MemorySink>(harness.journalText), harness.clock, std::move(contents).value());
    Runner runner(harness.port, harness.clock, nobody, harness.listener, spoken());
    RunResult result = runner.undo(journal, options);
    harness.state = journal.state();
    return result;
}

/// A step list under a fixed head.
inline std::string runbookOf(const std::string& steps) {
    return "runbook: test\ntitle: A test\nsystem: maprdb\nsteps:\n" + steps;
}

/// A step that makes /t/NAME.
inline std::string makeStep(const std::string& name, const std::string& more = {}) {
    return "  - id: " + name + "\n    title: Make " + name + "\n    done-when: dataset-exists /t/" + name +
           "\n    do: make /t/" + name + "\n    verify: {becomes: dataset-exists /t/" + name +
           ", within: 2s}\n    undo: drop /t/" + name + "\n" + more;
}

}  // namespace tributary::runbooks::test
