// Runs as event logs: what is done, in which order, under which faults.
#include "core/base/text.h"
#include "harness.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

struct Row {
    const char* name;
    std::string steps;
    std::map<std::string, Fault> faults;
    std::map<std::string, std::deque<CheckVerdict>> answers;
    const char* log;
    const char* endState;
    int exit;
};

constexpr CheckVerdict kTrue = CheckVerdict::True;
constexpr CheckVerdict kFalse = CheckVerdict::False;
constexpr CheckVerdict kUnknown = CheckVerdict::Unknown;

std::vector<Row> rows() {
    const std::string retry = "    retry: {attempts: 3, on: [transient, unreachable], delay: 1s}\n";
    return {
        {"does the steps in order",
         makeStep("a") + makeStep("b"),
         {},
         {},
         "run|> a|$ make /t/a|= ok|< a done|> b|$ make /t/b|= ok|< b done|end success",
         "table /t/a \ntable /t/b \n",
         0},
        {"leaves alone what holds already",
         makeStep("a") + makeStep("b"),
         {},
         {{"dataset-exists /t/a", {kTrue}}},
         "run|> a|< a already-done|> b|$ make /t/b|= ok|< b done|end success",
         "table /t/b \n",
         0},
        {"does not read the lines of a step that its parameters leave out",
         "  - id: x\n    title: Not this time\n    when: \"not true\"\n    do: nonsense\n    verify: dataset-exists "
         "/t/x\n    undo: none\n" +
             makeStep("a"),
         {},
         {},
         "run|> x|< x not-needed|> a|$ make /t/a|= ok|< a done|end success",
         "table /t/a \n",
         0},
        {"retries what is transient",
         makeStep("a", retry),
         {{"make", {"conflict", false, 2}}},
         {},
         "run|> a|$ make /t/a|= failed|retry 2|$ make /t/a|= failed|retry 3|$ make /t/a|= ok|< a done|end success",
         "table /t/a \n",
         0},
        {"gives up after the last attempt",
         makeStep("a", retry),
         {{"make", {"conflict", false, 9}}},
         {},
         "run|> a|$ make /t/a|= failed|retry 2|$ make /t/a|= failed|retry 3|$ make /t/a|= failed|< a failed|"
         "end verify-failed",
         "",
         1},
        {"does not retry a refusal",
         makeStep("a", retry),
         {{"make", {"permission-denied", false, 1}}},
         {},
         "run|> a|$ make /t/a|= failed|< a failed|end verify-failed",
         "",
         1},
        {"looks before it retries what it could not reach",
         makeStep("a", retry),
         {{"make", {"unavailable", true, 1}}},
         {},
         "run|> a|$ make /t/a|= failed|< a done|end success",
         "table /t/a \n",
         0},
        {"takes a lost answer as done when the effect is there",
         makeStep("a"),
         {{"make", {"timeout", true, 1}}},
         {},
         "run|> a|$ make /t/a|= failed|< a done|end success",
         "table /t/a \n",
         0},
        {"a timeout without effect stays in doubt",
         makeStep("a"),
         {{"make", {"timeout", false, 1}}},
         {},
         "run|> a|$ make /t/a|= failed|< a in-doubt|end timeout-in-doubt",
         "",
         9},
        {"never repeats blindly when nobody can tell",
         makeStep("a", retry),
         {{"make", {"unavailable", true, 1}}},
         {{"dataset-exists /t/a", {kFalse, kUnknown}}},
         "run|> a|$ make /t/a|= failed|< a in-doubt|end unknown",
         "table /t/a \n",
         3},
        {"stops part-way and says so",
         makeStep("a") + makeStep("b") + makeStep("c"),
         {{"make /t/b", {"permission-denied", false, 1}}},
         {},
         "run|> a|$ make /t/a|= ok|< a done|> b|$ make /t/b|= failed|< b failed|end incomplete",
         "table /t/a \n",
         7},
        {"goes on after a failure that may be",
         makeStep("a", "    on-failure: continue\n") + makeStep("b"),
         {{"make /t/a", {"permission-denied", false, 1}}},
         {},
         "run|> a|$ make /t/a|= failed|< a failed|> b|$ make /t/b|= ok|< b done|end verify-failed",
         "table /t/b \n",
         1},
        {"compensates last first",
         makeStep("a") + makeStep("b") + makeStep("c", "    on-failure: compensate\n"),
         {{"make /t/c", {"permission-denied", false, 1}}},
         {},
         "run|> a|$ make /t/a|= ok|< a done|> b|$ make /t/b|= ok|< b done|> c|$ make /t/c|= failed|< c failed|"
         "undo b|$ drop /t/b|= ok|undone b|undo a|$ drop /t/a|= ok|undone a|end compensated",
         "",
         6},
        {"compensates the failed step when it had an effect",
         makeStep("a") + "  - id: b\n    title: B\n    do: make /t/b\n    verify: {becomes: dataset-exists /t/never, "
                         "within: 1s}\n    undo: drop /t/b\n    on-failure: compensate\n",
         {},
         {},
         "run|> a|$ make /t/a|= ok|< a done|> b|$ make /t/b|= ok|< b failed|undo b|$ drop /t/b|= ok|undone b|"
         "undo a|$ drop /t/a|= ok|undone a|end compensated",
         "",
         6},
        {"does not undo what it found done",
         makeStep("a") + makeStep("b", "    on-failure: compensate\n"),
         {{"make /t/b", {"permission-denied", false, 1}}},
         {{"dataset-exists /t/a", {kTrue}}},
         "run|> a|< a already-done|> b|$ make /t/b|= failed|< b failed|end compensated",
         "",
         6},
        {"compensation stops at what cannot be undone",
         makeStep("a") +
             "  - id: gone\n    title: Gone\n    do: note x\n    verify: dataset-exists /t/a\n"
             "    irreversible: it is gone\n" +
             makeStep("b", "    on-failure: compensate\n"),
         {{"make /t/b", {"permission-denied", false, 1}}},
         {},
         "run|> a|$ make /t/a|= ok|< a done|> gone|$ note x|= ok|< gone done|> b|$ make /t/b|= failed|< b failed|"
         "end incomplete",
         "table /t/a \n",
         7},
        {"a requirement that fails changes nothing",
         makeStep("a", "    requires: dataset-exists /t/z\n"),
         {},
         {},
         "run|> a|< a failed|end verify-failed",
         "",
         1},
        {"a requirement nobody can see is unknown",
         makeStep("a", "    requires: dataset-exists /t/z\n"),
         {},
         {{"dataset-exists /t/z", {kUnknown}}},
         "run|> a|< a failed|end unknown",
         "",
         3},
        {"a final check that fails is no half-done run",
         makeStep("a") + "  - id: look\n    title: Look\n    verify: {becomes: dataset-exists /t/z, within: 1s}\n",
         {},
         {},
         "run|> a|$ make /t/a|= ok|< a done|> look|< look failed|end verify-failed",
         "table /t/a \n",
         1},
        {"waits until a check becomes true",
         "  - id: look\n    title: Look\n    verify: dataset-exists /t/z\n",
         {},
         {{"dataset-exists /t/z", {kFalse, kUnknown, kFalse, kTrue}}},
         "run|> look|< look done|end success",
         "",
         0},
        {"what must stay true ends the step when it does not",
         "  - id: look\n    title: Look\n    verify:\n      - dataset-exists /t/z\n      - stays: readable /t/y\n",
         {},
         {{"dataset-exists /t/z", {kFalse}}, {"readable /t/y", {kTrue, kTrue, kFalse}}},
         "run|> look|< look failed|end verify-failed",
         "",
         1},
        {"skips the branch that is not wanted",
         makeStep("a", "    when: dataset-exists /t/z\n") + makeStep("b", "    when: not dataset-exists /t/z\n"),
         {},
         {},
         "run|> a|< a not-needed|> b|$ make /t/b|= ok|< b done|end success",
         "table /t/b \n",
         0},
        {"says which step is disabled",
         makeStep("a", "    enabled: false\n    disabled-because: not here\n"),
         {},
         {},
         "run|< a disabled|end success",
         "",
         0},
        {"a wait passes time",
         "  - id: w\n    title: W\n    wait: 5m\n",
         {},
         {},
         "run|> w|< w done|end success",
         "",
         0},
    };
}

}  // namespace

class TestRuns : public QObject {
    Q_OBJECT
private slots:
    void followsTheRecipe_data() {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Row& row : rows()) QTest::newRow(row.name) << index++;
    }
    void followsTheRecipe() {
        QFETCH(int, index);
        const Row row = rows()[static_cast<std::size_t>(index)];
        Harness harness(runbookOf(row.steps));
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        harness.port.faults = row.faults;
        harness.port.answers = row.answers;
        const RunResult result = harness.run();
        QCOMPARE(join(harness.listener.lines, "|"), std::string(row.log));
        QCOMPARE(harness.port.stateText(), std::string(row.endState));
        QCOMPARE(static_cast<int>(result.exitCode()), row.exit);
        QCOMPARE(harness.listener.events.back().exitCode, row.exit);
        QVERIFY(harness.state.finished);
        QCOMPARE(harness.state.outcome, result.outcome);
        // The journal says the same as the live state.
        const auto read = readJournal(harness.journalText, "j");
        QVERIFY_OK(read);
        QCOMPARE(read.value().state.outcome, result.outcome);
        QCOMPARE(read.value().state.reason, result.reason);
    }
    void backsOffLongerEachTime() {
        Harness harness(runbookOf(makeStep("a", "    retry: {attempts: 4, delay: 1s}\n")));
        harness.port.faults["make"] = {"conflict", false, 3};
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QCOMPARE(harness.clock.passedMs, Millis{1000 + 2000 + 4000});
    }
    void samplesLagAtMostOncePerInterval() {
        Harness harness(runbookOf("  - id: w\n    title: W\n    wait: 10s\n"));
        harness.port.replicas[{kSource, kReplica}] = {};
        RunOptions options;
        options.lagIntervalMs = 2000;
        QCOMPARE(harness.run(options).outcome, RunOutcome::Success);
        const auto samples = std::count_if(harness.listener.events.begin(), harness.listener.events.end(),
                                           [](const RunEvent& e) { return e.type == EventType::LagSample; });
        QCOMPARE(static_cast<int>(samples), 6);  // at 0, 2, 4, 6, 8 and 10 s
        const LagSummary& lag = harness.state.lag.at(kSource + " -> " + kReplica);
        QCOMPARE(lag.samples, 6);
        QCOMPARE(lag.unknownSamples, 6);  // half an agreement has no lag: unknown, not 0
        QCOMPARE(lag.maxLagMs, Millis{-1});
    }
    void stopsAtTheNextSafePoint() {
        Harness harness(runbookOf(makeStep("a", "    safe-to-stop: false\n") + makeStep("b") + makeStep("c")));
        harness.port.onExecute = [&](const std::string& line) {
            if (line == "make /t/a") harness.active->requestPause();
        };
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::Cancelled);
        QCOMPARE(static_cast<int>(result.exitCode()), 130);
        QCOMPARE(result.stepId, std::string("c"));
        QCOMPARE(harness.port.stateText(), std::string("table /t/a \ntable /t/b \n"));
        const auto resumed = harness.resume();
        QVERIFY_OK(resumed);
        QCOMPARE(resumed.value().outcome, RunOutcome::Success);
        QCOMPARE(harness.port.executed.size(), std::size_t{3});
    }
    void aWaitIsASafePoint_data() {
        QTest::addColumn<QString>("step");
        QTest::newRow("wait") << QStringLiteral("  - id: w\n    title: W\n    wait: 10m\n");
        QTest::newRow("verify") << QStringLiteral(
            "  - id: w\n    title: W\n    verify: {becomes: readable /t/w, within: 12h}\n");
        QTest::newRow("verify after a command") << QStringLiteral(
            "  - id: w\n    title: W\n    do: make /t/w\n    undo: drop /t/w\n"
            "    verify: {becomes: readable /t/w, within: 12h}\n");
        QTest::newRow("stays") << QStringLiteral(
            "  - id: w\n    title: W\n    verify: {stays: dataset-absent /t/x, for: 12h}\n");
        QTest::newRow("back-off") << QStringLiteral(
            "  - id: w\n    title: W\n    do: make /t/busy\n    undo: drop /t/busy\n    verify: dataset-exists "
            "/t/busy\n"
            "    retry: {attempts: 9, delay: 10m}\n");
    }
    void aWaitIsASafePoint() {
        QFETCH(QString, step);
        Harness harness(runbookOf(step.toStdString()));
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        harness.port.answers["readable /t/w"] = {kFalse};
        harness.port.faults["make /t/busy"] = {"conflict", false, 1};
        Millis askedMs = 0;
        harness.clock.onSleep = [&] {
            if (harness.clock.sleeps != 3) return;
            askedMs = harness.clock.passedMs;
            harness.active->requestPause();
        };
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::Cancelled);
        QCOMPARE(static_cast<int>(result.exitCode()), 130);
        QCOMPARE(harness.state.find("w")->phase, StepPhase::Stopped);
        QVERIFY(harness.clock.passedMs - askedMs <= 1'000);
        harness.clock.onSleep = {};
        harness.port.answers["readable /t/w"] = {kTrue};
        const std::size_t before = harness.port.executed.size();
        const auto resumed = harness.resume();
        QVERIFY_OK(resumed);
        QCOMPARE(resumed.value().outcome, RunOutcome::Success);
        // What worked before the stop is not done again; what was refused is.
        QVERIFY(harness.port.executed.size() - before <= 1);
    }
    void whatNobodyButAPersonChangesIsNotWaitedFor() {
        Harness harness(runbookOf("  - id: w\n    title: W\n    verify: {becomes: readable /t/w, within: 12h}\n"));
        harness.port.answers["readable /t/w"] = {kUnknown, kFalse};
        harness.port.finals.insert("readable /t/w");
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::VerifyFailed);
        QVERIFY2(harness.clock.passedMs < 60'000, fmt::format("{} ms", harness.clock.passedMs).c_str());
    }
    void secondRequestLeavesTheStepInDoubt() {
        Harness harness(
            runbookOf("  - id: a\n    title: A\n    do: make /t/a\n    undo: none\n    safe-to-stop: false\n"
                      "    verify: {becomes: readable /t/a, within: 1h}\n"));
        harness.port.answers["readable /t/a"] = {kFalse};
        harness.clock.onSleep = [&] {
            if (harness.clock.sleeps == 2) harness.active->requestPause();
            if (harness.clock.sleeps == 5) harness.active->requestPause();
        };
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::Cancelled);
        QCOMPARE(harness.state.find("a")->phase, StepPhase::InDoubt);
        QVERIFY(std::count(harness.listener.lines.begin(), harness.listener.lines.end(), "pausing") == 1);
        harness.clock.onSleep = {};
        harness.clock.interrupted = false;
        harness.port.answers.clear();
        const auto resumed = harness.resume();
        QVERIFY_OK(resumed);
        QCOMPARE(resumed.value().outcome, RunOutcome::Success);
        QCOMPARE(harness.port.executed.size(), std::size_t{1});  // verified, not done again
    }
    void refusesBadLinesBeforeItBegins() {
        Harness harness(runbookOf(makeStep("a") + makeStep("b", "    requires: dataset-exists /t/a\n")));
        harness.runbook.steps[1].commands[0].text = "mapcli table list";
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::Usage);
        QVERIFY(result.reason.find("step b") != std::string::npos);
        QVERIFY(harness.journalText.empty());
        QVERIFY(harness.port.executed.empty());
    }
    void refusesUnknownStepNames() {
        Harness harness(runbookOf(makeStep("first") + makeStep("second")));
        RunOptions options;
        options.startAt = "secnd";
        const RunResult result = harness.run(options);
        QCOMPARE(result.outcome, RunOutcome::Usage);
        QCOMPARE(result.fix, std::string("did you mean `second`?"));
    }
    void refusesAnEndBeforeTheStart() {
        Harness harness(runbookOf(makeStep("first") + makeStep("second")));
        RunOptions options;
        options.startAt = "second";
        options.until = "first";
        const RunResult result = harness.run(options);
        QCOMPARE(result.outcome, RunOutcome::Usage);
        QVERIFY2(result.reason.find("step `first` comes before step `second`") != std::string::npos,
                 result.reason.c_str());
        QVERIFY(harness.journalText.empty());
    }
    void refusesAStalePlan() {
        Harness harness(runbookOf(makeStep("a")));
        RunOptions options;
        options.expectedFingerprint = "0000";
        QCOMPARE(static_cast<int>(harness.run(options).exitCode()), 5);
        QVERIFY(harness.port.executed.empty());
    }
    void stopsWhenTheJournalCannotBeWritten() {
        Harness harness(runbookOf(makeStep("a")));
        auto sink = std::make_unique<MemorySink>(harness.journalText);
        sink->failWith = Error{ErrorCode::DiskFull, "no space left", "journal", {}};
        RunJournal journal(std::move(sink), harness.clock, "run-1");
        Runner runner(harness.port, harness.clock, harness.approver, harness.listener, spoken());
        const RunResult result = runner.run(harness.runbook, {}, journal, {});
        QCOMPARE(result.outcome, RunOutcome::Internal);
        QVERIFY(harness.port.executed.empty());
    }
    void watchesInvariants() {
        Harness harness("runbook: test\ntitle: T\nsystem: maprdb\ninvariants: readable /t/keep\nsteps:\n" +
                        makeStep("a") + makeStep("b"));
        harness.port.answers["readable /t/keep"] = {kTrue, kTrue, kTrue, kTrue, kTrue, kFalse};
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::Incomplete);
        QCOMPARE(result.stepId, std::string("b"));
        QVERIFY(result.reason.find("must stay so") != std::string::npos);
    }
};
TRIBUTARY_TEST(TestRuns)
#include "tst_runs.moc"
