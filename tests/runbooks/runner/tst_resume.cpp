// Crashes at every record of the journal, resuming, starting in the middle, undoing.
#include "harness.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

std::string threeSteps() {
    return runbookOf(
        makeStep("a") + makeStep("b") +
        "  - id: several\n    title: Several\n    do:\n"
        "      - {run: make /t/c, done-when: dataset-exists /t/c}\n      - note hello\n"
        "      - make /t/d\n    repeatable: false\n    verify: {becomes: dataset-exists /t/d, within: 1s}\n"
        "    undo: [drop /t/d, drop /t/c]\n" +
        makeStep("e"));
}

const std::string kAllMade = "table /t/a \ntable /t/b \ntable /t/c \ntable /t/d \ntable /t/e \n";

}  // namespace

class TestResume : public QObject {
    Q_OBJECT
private slots:
    void crashBefore_data() { boundaries(); }
    void crashBefore() { crashAndResume(false); }
    void crashAfter_data() { boundaries(); }
    void crashAfter() { crashAndResume(true); }

    void undoSurvivesACrashAtEveryRecord() {
        int crashes = 0;
        for (const bool after : {false, true}) {
            for (int at = 1;; ++at) {
                Harness harness(threeSteps());
                QCOMPARE(harness.run().outcome, RunOutcome::Success);
                harness.crashAt = at;
                harness.crashAfterWriting = after;
                bool crashed = false;
                try {
                    QVERIFY_OK(harness.undo());
                } catch (const Crash&) {
                    crashed = true;
                    ++crashes;
                }
                harness.crashAt = 0;
                if (crashed && harness.state.count(StepPhase::Undone) < 4) {
                    const auto again = harness.undo();
                    QVERIFY_OK(again);
                    const bool over = again.value().outcome == RunOutcome::Usage;  // all undone, finish not written
                    QVERIFY2(over || again.value().outcome == RunOutcome::Undone, again.value().reason.c_str());
                }
                QCOMPARE(harness.port.stateText(), std::string());
                if (!crashed) break;
            }
        }
        QVERIFY(crashes > 30);
    }
    void refusesAChangedRunbook() {
        Harness harness(threeSteps());
        RunOptions options;
        options.until = "a";
        QCOMPARE(harness.run(options).outcome, RunOutcome::UntilReached);
        harness.runbook.hash = contentHash("another text");
        const auto resumed = harness.resume();
        QVERIFY_OK(resumed);
        QCOMPARE(static_cast<int>(resumed.value().exitCode()), 5);
        QVERIFY(resumed.value().fix.find("--stored") != std::string::npos);
        const auto stored = storedRunbook(harness.state);
        QVERIFY_OK(stored);
        harness.runbook = stored.value();
        QCOMPARE(harness.resume().value().outcome, RunOutcome::Success);
        QCOMPARE(harness.port.stateText(), kAllMade);
    }
    void refusesASystemThatSomebodyElseChanged() {
        Harness harness(threeSteps());
        RunOptions options;
        options.until = "a";
        QCOMPARE(harness.run(options).exitCode(), ExitCode::Ok);
        harness.port.tables["/t/other"] = {};
        harness.port.tables.erase("/t/a");
        const auto refused = harness.resume();
        QCOMPARE(refused.value().outcome, RunOutcome::StalePlan);
        // It says what: facts that came and went, and the step that does not hold any more.
        for (const char* named : {"new: table /t/other", "gone: table /t/a", "step a: "}) {
            QVERIFY2(refused.value().reason.find(named) != std::string::npos, refused.value().reason.c_str());
        }
        harness.port.tables["/t/a"] = {};
        RunOptions accept;
        accept.acceptDrift = true;
        QCOMPARE(harness.resume(accept).value().outcome, RunOutcome::Success);
    }
    void asksAPersonWhenNoCheckCanTell() {
        // The first of two lines has no check of its own: after a crash inside it nothing can tell.
        Harness harness(
            runbookOf("  - id: two\n    title: Two\n    do: [make /t/a, make /t/b]\n"
                      "    verify: {becomes: dataset-exists /t/b, within: 1s}\n    undo: none\n"));
        harness.crashAt = 6;  // run, session, intent, started, line-started; its result is lost
        harness.crashAfterWriting = false;
        QVERIFY_THROWS_EXCEPTION(Crash, harness.run());
        harness.crashAt = 0;
        const auto stuck = harness.resume();
        QVERIFY_OK(stuck);
        QCOMPARE(stuck.value().outcome, RunOutcome::Unknown);
        QVERIFY(stuck.value().fix.find("--resolve two=done") != std::string::npos);
        QCOMPARE(harness.port.executed.size(), std::size_t{1});
        RunOptions told;
        told.resolutions["two"] = "done";
        QCOMPARE(harness.resume(told).value().outcome, RunOutcome::Success);
        QCOMPARE(harness.port.executed.size(), std::size_t{2});
    }
    void repeatsWhatIsHarmless() {
        Harness harness(
            runbookOf("  - id: copy\n    title: Copy\n    do: note copy\n    repeatable: true\n"
                      "    verify: readable /t/x\n    undo: none\n"));
        harness.port.answers["readable /t/x"] = {CheckVerdict::True};
        harness.crashAt = 6;
        harness.crashAfterWriting = false;
        QVERIFY_THROWS_EXCEPTION(Crash, harness.run());
        harness.crashAt = 0;
        QCOMPARE(harness.resume().value().outcome, RunOutcome::Success);
        QCOMPARE(harness.port.executed.size(), std::size_t{2});  // `readable` says nothing about a half copy
    }
    void doesAgainWhatSomebodyTookAway() {
        Harness harness(runbookOf(makeStep("a", "    requires: dataset-absent /t/a\n")));
        harness.port.answers["dataset-exists /t/a"] = {CheckVerdict::False};
        QCOMPARE(harness.run().outcome, RunOutcome::VerifyFailed);
        harness.port.answers.clear();
        harness.port.tables.clear();
        RunOptions accept;
        accept.acceptDrift = true;
        QCOMPARE(harness.resume(accept).value().outcome, RunOutcome::Success);
        QCOMPARE(harness.port.stateText(), std::string("table /t/a \n"));
    }
    void startsInTheMiddleWhenEarlierStepsHold() {
        Harness harness(threeSteps());
        harness.port.tables["/t/a"] = {};
        RunOptions options;
        options.startAt = "b";
        options.until = "b";
        QCOMPARE(harness.run(options).outcome, RunOutcome::UntilReached);
        QCOMPARE(harness.state.find("a")->phase, StepPhase::AlreadyDone);
        QCOMPARE(harness.port.stateText(), std::string("table /t/a \ntable /t/b \n"));
    }
    void doesNotStartInTheMiddleOtherwise() {
        Harness harness(threeSteps());
        RunOptions options;
        options.startAt = "e";
        const RunResult result = harness.run(options);
        QCOMPARE(result.outcome, RunOutcome::VerifyFailed);
        QCOMPARE(result.stepId, std::string("a"));
        QCOMPARE(result.fix, std::string("begin with --start-at a"));
        QVERIFY(harness.port.executed.empty());
        harness.port.answers["dataset-exists /t/a"] = {CheckVerdict::Unknown};
        QCOMPARE(harness.run(options).outcome, RunOutcome::Unknown);
    }
    void undoesLastFirstAndDownToAStep() {
        Harness harness(threeSteps());
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        UndoOptions some;
        some.downTo = "b";
        QCOMPARE(harness.undo(some).value().outcome, RunOutcome::Undone);
        QCOMPARE(harness.port.stateText(), std::string("table /t/a \ntable /t/b \n"));
        QCOMPARE(harness.resume().value().outcome, RunOutcome::Usage);  // undone runs are not gone on with
        QCOMPARE(harness.undo().value().outcome, RunOutcome::Undone);
        QCOMPARE(harness.port.stateText(), std::string());
        QCOMPARE(harness.undo().value().outcome, RunOutcome::Usage);
    }
    void refusesToUndoPastWhatIsGone() {
        Harness harness(runbookOf(makeStep("a") +
                                  "  - id: gone\n    title: G\n    do: note x\n    verify: readable /t/a\n"
                                  "    irreversible: the rows are gone\n" +
                                  makeStep("b")));
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        const auto refused = harness.undo();
        QVERIFY_OK(refused);
        QCOMPARE(refused.value().outcome, RunOutcome::Usage);
        QCOMPARE(refused.value().reason, std::string("step gone cannot be undone: the rows are gone"));
        QVERIFY(harness.port.tables.count("/t/b") == 1);  // refused before anything was undone
        UndoOptions after;
        after.downTo = "gone";
        QCOMPARE(harness.undo(after).value().outcome, RunOutcome::Undone);
        QVERIFY(harness.port.tables.count("/t/b") == 0);
    }
    void saysWhenAnUndoDidNotTake() {
        Harness harness(runbookOf(makeStep("a")));
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        harness.port.answers["dataset-exists /t/a"] = {CheckVerdict::True};
        const auto undone = harness.undo();
        QVERIFY_OK(undone);
        QCOMPARE(undone.value().outcome, RunOutcome::UndoIncomplete);
        QVERIFY(undone.value().reason.find("still holds") != std::string::npos);
        QCOMPARE(harness.clock.passedMs, Millis{30'000});
    }

private:
    static void boundaries() {
        QTest::addColumn<int>("at");
        Harness harness(threeSteps());
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        const int records = static_cast<int>(std::count(harness.journalText.begin(), harness.journalText.end(), '\n'));
        QVERIFY(records > 20);
        for (int at = 1; at <= records; ++at) QTest::newRow(std::to_string(at).c_str()) << at;
    }
    static void crashAndResume(bool afterWriting) {
        QFETCH(int, at);
        Harness harness(threeSteps());
        harness.crashAt = at;
        harness.crashAfterWriting = afterWriting;
        QVERIFY_THROWS_EXCEPTION(Crash, harness.run());
        harness.crashAt = 0;
        if (at == 1 && !afterWriting) {
            QVERIFY(!harness.resume().ok());  // not even the first record: nothing was begun
            QVERIFY(harness.port.executed.empty());
            return;
        }
        harness.port.executed.push_back("---");
        const auto resumed = harness.resume();
        QVERIFY_OK(resumed);
        if (resumed.value().outcome == RunOutcome::Unknown) {
            // Only the middle line, which has no check of its own, may need a person; and it was not repeated.
            QVERIFY(resumed.value().reason.find("`note hello`") != std::string::npos);
            QCOMPARE(harness.port.executed.back(), std::string("---"));
            RunOptions told;
            told.resolutions["several"] = "not-done";
            QCOMPARE(harness.resume(told).value().outcome, RunOutcome::Success);
        } else if (resumed.value().outcome == RunOutcome::Usage) {
            QVERIFY(harness.state.outcome == RunOutcome::Success);  // the finish record was the last one
        } else {
            QVERIFY2(resumed.value().outcome == RunOutcome::Success, resumed.value().reason.c_str());
        }
        QCOMPARE(harness.port.stateText(), kAllMade);
        for (const char* line : {"make /t/a", "make /t/b", "make /t/c", "make /t/d", "make /t/e"}) {
            QCOMPARE(std::count(harness.port.executed.begin(), harness.port.executed.end(), line), 1);
        }
    }
};
TRIBUTARY_TEST(TestResume)
#include "tst_resume.moc"
