// People in a run: approvals, instructions, stepwise decisions.
#include "harness.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

std::string approved() {
    return runbookOf(makeStep("a", "    approval: Makes a table.\n"));
}
std::string named() {
    return runbookOf(makeStep("a", "    approval: {type-the-name: /t/a}\n"));
}
std::string human() {
    return runbookOf("  - id: move\n    title: Move\n    human: Move the clients.\n" + makeStep("a"));
}

RunResult runAbsent(Harness& harness, const RunOptions& options = {}) {
    AbsentApprover nobody;
    RunJournal journal(std::make_unique<MemorySink>(harness.journalText), harness.clock, "run-1");
    Runner runner(harness.port, harness.clock, nobody, harness.listener, spoken());
    RunResult result = runner.run(harness.runbook, {}, journal, options);
    harness.state = journal.state();
    return result;
}

}  // namespace

class TestApprovals : public QObject {
    Q_OBJECT
private slots:
    void preApprovals_data() {
        QTest::addColumn<bool>("wantsName");
        QTest::addColumn<QString>("given");
        QTest::addColumn<bool>("all");
        QTest::addColumn<int>("exit");
        QTest::newRow("nobody and nothing") << false << QString() << false << 8;
        QTest::newRow("the hash") << false << QStringLiteral("HASH") << false << 0;
        QTest::newRow("another hash") << false << QStringLiteral("0123456789ab") << false << 8;
        QTest::newRow("yes") << false << QStringLiteral("yes") << false << 0;
        QTest::newRow("all") << false << QString() << true << 0;
        QTest::newRow("all is not enough for a name") << true << QString() << true << 8;
        QTest::newRow("yes is not enough for a name") << true << QStringLiteral("yes") << false << 8;
        QTest::newRow("the name") << true << QStringLiteral("/t/a") << false << 0;
        QTest::newRow("the hash for a name") << true << QStringLiteral("HASH") << false << 0;
    }
    void preApprovals() {
        QFETCH(bool, wantsName);
        QFETCH(QString, given);
        QFETCH(bool, all);
        QFETCH(int, exit);
        Harness harness(wantsName ? named() : approved());
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        RunOptions options;
        options.approveAll = all;
        options.user = "ana";
        const std::string hash = stepHash(harness.runbook.steps[0]);
        if (!given.isEmpty()) options.approvals["a"] = given == QStringLiteral("HASH") ? hash : given.toStdString();
        const RunResult result = runAbsent(harness, options);
        QCOMPARE(static_cast<int>(result.exitCode()), exit);
        QCOMPARE(harness.port.executed.size(), std::size_t(exit == 0 ? 1 : 0));
        QCOMPARE(harness.state.approvals.size(), std::size_t(exit == 0 ? 1 : 0));
        if (exit == 0) {
            QCOMPARE(harness.state.approvals[0].who, std::string("ana"));
            QCOMPARE(harness.state.approvals[0].how, std::string("pre-approved"));
        } else {
            const std::string wanted = "--approve a=" + (wantsName ? std::string("/t/a") : hash);
            QVERIFY2(result.fix.find(wanted) != std::string::npos, result.fix.c_str());
            QVERIFY(result.options == std::vector<std::string>{wanted});
            QVERIFY(harness.journalText.empty());  // refused before anything was begun
        }
    }
    void recordsWhoApprovedWhatWasOnTheScreen() {
        Harness harness(approved());
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QCOMPARE(harness.state.approvals.at(0).who, std::string("ana"));
        QCOMPARE(harness.state.approvals.at(0).reason, std::string("reviewed"));
        QCOMPARE(harness.state.approvals.at(0).text, std::string("Makes a table.\nmake /t/a"));
    }
    void aWrongNameStops() {
        Harness harness(named());
        harness.approver.approvals.push_back({Answer::Kind::Yes, "ana", {}, "/t/b"});
        QCOMPARE(harness.run().outcome, RunOutcome::ApprovalNeeded);
        QVERIFY(harness.port.executed.empty());
        QVERIFY(harness.journalText.empty());
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
    }
    void aRefusalLeavesEverythingAsItWas() {
        Harness harness(runbookOf(makeStep("a") + makeStep("b", "    approval: true\n    on-failure: compensate\n")));
        harness.approver.approvals.push_back({Answer::Kind::No, "ana", "not today", {}});
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::Cancelled);
        QVERIFY(result.reason.find("not today") != std::string::npos);
        QCOMPARE(harness.port.stateText(), std::string());
        QVERIFY(harness.journalText.empty());
    }
    void everyApprovalIsAskedBeforeTheFirstStep() {
        Harness harness(runbookOf(makeStep("a") + makeStep("b", "    approval: true\n") +
                                  makeStep("c", "    approval: {type-the-name: /t/c}\n")));
        harness.port.onExecute = [&](const std::string& line) {
            if (line == "make /t/a") QCOMPARE(harness.approver.asked.size(), std::size_t{2});
        };
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        const std::vector<std::string> asked{"approve b", "approve c"};
        QVERIFY(harness.approver.asked == asked);
        Harness absent(runbookOf(makeStep("a") + makeStep("b", "    approval: true\n") +
                                 makeStep("c", "    approval: {type-the-name: /t/c}\n")));
        RunOptions yes;
        yes.approveAll = true;
        const RunResult refused = runAbsent(absent, yes);
        QCOMPARE(refused.outcome, RunOutcome::ApprovalNeeded);
        QVERIFY(refused.options == std::vector<std::string>{"--approve c=/t/c"});
        QVERIFY(absent.port.executed.empty());
    }
    void whatNeedsNoApprovalNowIsNotAskedFor() {
        const std::string steps = makeStep("a") + makeStep("b", "    approval: true\n");
        Harness held(runbookOf(steps));
        held.port.tables = {{"/t/a", {}}, {"/t/b", {}}};
        QCOMPARE(runAbsent(held).outcome, RunOutcome::Success);
        // Something in front of it will act: what holds now may not hold then.
        Harness acting(runbookOf(steps));
        acting.port.tables = {{"/t/b", {}}};
        QCOMPARE(runAbsent(acting).outcome, RunOutcome::ApprovalNeeded);
        Harness upTo(runbookOf(steps));
        RunOptions options;
        options.until = "a";
        QCOMPARE(runAbsent(upTo, options).outcome, RunOutcome::UntilReached);
        Harness unwanted(
            "runbook: test\ntitle: T\nsystem: maprdb\nparameters:\n  mode: {type: text, default: x}\nsteps:\n" +
            makeStep("a") + makeStep("b", "    approval: true\n    when: \"{{mode}} == 'y'\"\n"));
        QVERIFY2(unwanted.problem.empty(), unwanted.problem.c_str());
        QCOMPARE(runAbsent(unwanted).outcome, RunOutcome::Success);
    }
    void aDeedOfPeopleIsRefusedWhenNobodyIsThere() {
        Harness absent(runbookOf(makeStep("a") + "  - id: move\n    title: Move\n    human: Move the clients.\n"));
        const RunResult refused = runAbsent(absent);
        QCOMPARE(refused.outcome, RunOutcome::ApprovalNeeded);
        QVERIFY(absent.port.executed.empty());
        QVERIFY2(refused.reason.find("Move the clients") != std::string::npos, refused.reason.c_str());
    }
    void theTimeThatPeopleTakeIsNotTheSteps() {
        Harness harness(runbookOf("  - id: move\n    title: Move\n    human: Move the clients.\n" + makeStep("a")));
        harness.approver.whileAsked = [&] { harness.clock.passedMs += 90'000; };
        harness.port.commandTakesMs = 700;
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QCOMPARE(harness.state.find("move")->tookMs(), Millis{0});
        QCOMPARE(harness.state.find("move")->personMs, Millis{90'000});
        QCOMPARE(harness.state.find("a")->tookMs(), Millis{700});
        QCOMPARE(harness.state.personMs(), Millis{90'000});
        const auto read = readJournal(harness.journalText, "j");
        QVERIFY_OK(read);
        QCOMPARE(read.value().state.find("move")->personMs, Millis{90'000});
        for (const RunEvent& event : harness.listener.events) {
            if (event.type != EventType::StepFinished || event.stepId != "move") continue;
            QCOMPARE(event.durationMs, Millis{0});
            QCOMPARE(event.personMs, Millis{90'000});
        }
    }
    void timeBetweenTwoAttemptsIsThePersons() {
        Harness harness(runbookOf(makeStep("a", "    on-failure: pause\n")));
        harness.port.faults["make /t/a"] = {"permission-denied", false, 1};
        harness.port.commandTakesMs = 500;
        harness.approver.failures = {{StepChoice::Retry, {}}};
        harness.approver.whileAsked = [&] { harness.clock.passedMs += 60'000; };
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QCOMPARE(harness.state.find("a")->tookMs(), Millis{1'000});
        QCOMPARE(harness.state.find("a")->personMs, Millis{60'000});
    }
    void anApprovalOutlivesACrash() {
        Harness harness(approved());
        harness.crashAt = 3;  // run, session, approval
        QVERIFY_THROWS_EXCEPTION(Crash, harness.run());
        harness.crashAt = 0;
        QCOMPARE(harness.resume().value().outcome, RunOutcome::Success);
        QCOMPARE(harness.approver.asked.size(), std::size_t{1});
    }
    void peopleDoWhatCommandsCannot() {
        Harness harness(human());
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QCOMPARE(harness.state.approvals.at(0).stepId, std::string("move"));
        Harness no(human());
        no.approver.instructions.push_back({Answer::Kind::No, "ana", "the clients are busy", {}});
        const RunResult refused = no.run();
        QCOMPARE(refused.outcome, RunOutcome::VerifyFailed);
        QCOMPARE(refused.reason, std::string("the clients are busy"));
        Harness absent(human());
        QCOMPARE(runAbsent(absent).outcome, RunOutcome::ApprovalNeeded);
    }
    void undoNamesWhatPeopleMustTakeBack() {
        Harness harness(human());
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        const auto plan = planUndo(harness.state, harness.port, {});
        QVERIFY_OK(plan);
        QVERIFY2(undoPlanText(*plan).find("when that is done: --resolve move=done") != std::string::npos,
                 undoPlanText(*plan).c_str());
        UndoOptions yes;
        yes.approveAll = true;
        const RunResult undone = undoAbsent(harness, yes);
        QCOMPARE(undone.outcome, RunOutcome::UndoIncomplete);
        QCOMPARE(undone.reason, std::string("reverse by hand: move"));
        QVERIFY(undone.options == std::vector<std::string>{"--resolve move=done"});
        QVERIFY(undone.fix.find("--resolve move=done") != std::string::npos);
        QCOMPARE(harness.listener.lines.at(harness.listener.lines.size() - 2), std::string("by-hand move"));
        QCOMPARE(harness.port.stateText(), std::string());
        // Said once, it is undone: the same command must not be asked for again and again.
        UndoOptions done;
        done.resolutions["move"] = "done";
        QCOMPARE(undoAbsent(harness, done).outcome, RunOutcome::Undone);
        QCOMPARE(std::string(harness.state.standing()), std::string("undone"));
        QVERIFY(harness.state.find("move")->phase == StepPhase::Undone);
        QCOMPARE(harness.state.approvals.back().text, std::string("taken back: Move the clients."));
    }
    void whatCommandsUndoIsNotResolved() {
        Harness harness(human());
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        UndoOptions wrong;
        wrong.approveAll = true;
        wrong.resolutions["a"] = "done";
        const std::string before = harness.journalText;
        QCOMPARE(undoAbsent(harness, wrong).outcome, RunOutcome::Usage);
        QCOMPARE(harness.journalText, before);
    }
    void whoIsThereIsAskedWhetherItIsTakenBack() {
        Harness yes(human());
        QCOMPARE(yes.run().outcome, RunOutcome::Success);
        QCOMPARE(yes.undo()->outcome, RunOutcome::Undone);
        QCOMPARE(yes.approver.asked.back(), std::string("instruct move"));
        Harness no(human());
        QCOMPARE(no.run().outcome, RunOutcome::Success);
        no.approver.instructions.push_back({Answer::Kind::No, "ana", {}, {}});
        QCOMPARE(no.undo()->outcome, RunOutcome::UndoIncomplete);
    }
    void undoNoneOfADeedLeavesNothingToTakeBack() {
        Harness harness(runbookOf("  - id: move\n    title: Move\n    human: Move the clients.\n    undo: none\n" +
                                  makeStep("a") + "  - id: sure\n    title: Sure\n    ask: Go on?\n    undo: none\n"));
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        UndoOptions yes;
        yes.approveAll = true;
        QCOMPARE(undoAbsent(harness, yes).outcome, RunOutcome::Undone);
    }
    void anAnsweredQuestionIsNothingToTakeBack_data() {
        QTest::addColumn<QString>("end");
        QTest::addColumn<int>("outcome");
        QTest::newRow("undo by request") << QString() << static_cast<int>(RunOutcome::Success);
        QTest::newRow("compensation") << QString::fromStdString(
                                             "  - id: never\n    title: Never\n    requires: dataset-exists /t/none\n"
                                             "    on-failure: compensate\n")
                                      << static_cast<int>(RunOutcome::Compensated);
    }
    void anAnsweredQuestionIsNothingToTakeBack() {
        QFETCH(QString, end);
        QFETCH(int, outcome);
        Harness harness(runbookOf(makeStep("a") + "  - id: sure\n    title: Sure\n    ask: Go on?\n" + makeStep("b") +
                                  end.toStdString()));
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        QCOMPARE(static_cast<int>(harness.run().outcome), outcome);
        QCOMPARE(harness.state.approvals.at(0).stepId, std::string("sure"));
        if (end.isEmpty()) {
            const auto plan = planUndo(harness.state, harness.port, {});
            QVERIFY_OK(plan);
            QVERIFY2(undoPlanText(*plan).find("BY HAND") == std::string::npos, undoPlanText(*plan).c_str());
            const auto undone = harness.undo();
            QVERIFY_OK(undone);
            QCOMPARE(undone->outcome, RunOutcome::Undone);
            QCOMPARE(static_cast<int>(undone->exitCode()), 0);
            QCOMPARE(std::string(harness.state.standing()), std::string("undone"));
        }
        QCOMPARE(harness.port.stateText(), std::string());
    }
    void stepwiseAsksBeforeEachStepThatActs() {
        Harness harness(runbookOf(makeStep("a") + makeStep("b") + makeStep("c") + makeStep("d")));
        harness.port.tables["/t/a"] = {};
        harness.approver.steps = {{StepChoice::Skip, "made elsewhere"}, {StepChoice::Go, {}}, {StepChoice::Stop, {}}};
        RunOptions options;
        options.mode = RunMode::Stepwise;
        const RunResult result = harness.run(options);
        QCOMPARE(result.outcome, RunOutcome::Cancelled);
        const std::vector<std::string> asked{"step b", "step c", "step d"};
        QVERIFY(harness.approver.asked == asked);
        QCOMPARE(harness.state.find("b")->reason, std::string("made elsewhere"));
        QCOMPARE(harness.port.executed.size(), std::size_t{1});
    }
    void aPausedFailureCanBeRetriedOrSkipped() {
        const std::string text = runbookOf(makeStep("a", "    on-failure: pause\n") + makeStep("b"));
        Harness retried(text);
        retried.port.faults["make /t/a"] = {"permission-denied", false, 1};
        retried.approver.failures = {{StepChoice::Retry, {}}};
        QCOMPARE(retried.run().outcome, RunOutcome::Success);
        QCOMPARE(retried.port.stateText(), std::string("table /t/a \ntable /t/b \n"));
        Harness skipped(text);
        skipped.port.faults["make /t/a"] = {"permission-denied", false, 9};
        skipped.approver.failures = {{StepChoice::Skip, "later"}};
        QCOMPARE(skipped.run().outcome, RunOutcome::Success);
        QCOMPARE(skipped.state.find("a")->phase, StepPhase::Skipped);
        Harness stopped(text);
        stopped.port.faults["make /t/a"] = {"permission-denied", false, 1};
        QCOMPARE(stopped.run().outcome, RunOutcome::VerifyFailed);
        QCOMPARE(stopped.resume().value().outcome, RunOutcome::Success);
    }
};
TRIBUTARY_TEST(TestApprovals)
#include "tst_approvals.moc"
