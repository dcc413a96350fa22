// People in a run: approvals, instructions, stepwise decisions.
#include "harness.h"
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
    Runner runner(harness.port, harness.clock, nobody, harness.listener);
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
            QVERIFY(result.fix.find("--approve a=" + hash) != std::string::npos);
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
        QCOMPARE(harness.resume().value().outcome, RunOutcome::Success);
    }
    void aRefusalStopsWithoutCompensation() {
        Harness harness(runbookOf(makeStep("a") + makeStep("b", "    approval: true\n    on-failure: compensate\n")));
        harness.approver.approvals.push_back({Answer::Kind::No, "ana", "not today", {}});
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::Cancelled);
        QVERIFY(result.reason.find("not today") != std::string::npos);
        QCOMPARE(harness.port.stateText(), std::string("table /t/a \n"));
    }
    void anApprovalOutlivesACrash() {
        Harness harness(approved());
        harness.crashAt = 4;  // run, session, intent, approval
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
        const auto undone = harness.undo();
        QVERIFY_OK(undone);
        QCOMPARE(undone.value().outcome, RunOutcome::Incomplete);
        QCOMPARE(undone.value().reason, std::string("reverse by hand: move"));
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
