// Undoing as a plan: what it would take away, what somebody must say, what stops it.
#include "harness.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

std::string twoSteps() {
    return runbookOf(makeStep("a") + makeStep("b"));
}

/// A finished run whose table /t/a holds rows, some of them nowhere else.
void finish(Harness& harness, std::int64_t rows, std::int64_t onlyHere) {
    QCOMPARE(harness.run().outcome, RunOutcome::Success);
    harness.port.rows["/t/a"] = rows;
    harness.port.onlyHere["/t/a"] = onlyHere;
}

}  // namespace

class TestUndo : public QObject {
    Q_OBJECT
private slots:
    void thePlanGoesLastFirstAndCountsWhatGoes() {
        Harness harness(twoSteps());
        finish(harness, 12, 3);
        const auto plan = planUndo(harness.state, harness.port, {});
        QVERIFY_OK(plan);
        QCOMPARE(plan->steps.size(), std::size_t{2});
        QCOMPARE(plan->steps[0].stepId, std::string("b"));
        QCOMPARE(plan->steps[1].onlyHere(), std::int64_t{3});
        QCOMPARE(plan->steps[1].approval.typeTheName, std::string("/t/a"));
        QVERIFY(plan->steps[0].approval.typeTheName.empty());  // an empty table
        const std::vector<std::string> everyApproval{"--yes", "--approve a=/t/a"};
        QVERIFY(approvalOptions(*plan) == everyApproval);
        const std::string text = undoPlanText(*plan);
        QVERIFY2(text.find("LOST: 12 rows in all, 3 rows exist nowhere else: k1, ...") != std::string::npos,
                 text.c_str());
        QVERIFY(text.find("\nLOST for ever: 3 rows (a)\n") != std::string::npos);
        QVERIFY(!plan->hasUnknown());
        QCOMPARE(harness.port.executed.size(), std::size_t{2});  // looking changes nothing
        QVERIFY(!harness.port.relatedAsked.empty());
    }
    void whatAnEarlierStepOfThePlanDeletesIsNoCopy() {
        Harness harness(twoSteps());
        finish(harness, 5, 0);
        harness.port.copies["/t/a"] = "/t/b";  // which the plan deletes first
        const auto plan = planUndo(harness.state, harness.port, {});
        QVERIFY_OK(plan);
        QCOMPARE(plan->steps[1].onlyHere(), std::int64_t{5});
        UndoOptions options;
        options.approvals["a"] = "/t/a";  // just what the plan says
        options.approveAll = true;
        QCOMPARE(undoAbsent(harness, options).outcome, RunOutcome::Undone);
    }
    void whatCannotBeSeenIsUnknownAndNeedsTheName() {
        Harness harness(twoSteps());
        finish(harness, -1, -1);
        const auto plan = planUndo(harness.state, harness.port, {});
        QVERIFY_OK(plan);
        QVERIFY(plan->hasUnknown());
        QCOMPARE(plan->steps[1].approval.typeTheName, std::string("/t/a"));
        const std::string text = undoPlanText(*plan);
        QVERIFY(text.find("is not known (newyork does not answer)") != std::string::npos);
        QVERIFY2(text.find("\nLOST for ever: how many rows is not known (a)\n") != std::string::npos, text.c_str());
    }
    void theFirstLinesSayWhenNothingIsLost() {
        Harness harness(twoSteps());
        finish(harness, 12, 0);
        const auto plan = planUndo(harness.state, harness.port, {});
        QVERIFY_OK(plan);
        QVERIFY(undoPlanText(*plan).find("\nno row is lost\n") != std::string::npos);
    }
    void withoutAnybodyItIsRefusedWithTheOption_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<bool>("yes");
        QTest::addColumn<QString>("named");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QString>("option");
        QTest::newRow("nothing said") << 0 << false << QString() << 8 << QStringLiteral("--yes");
        QTest::newRow("yes, no data") << 0 << true << QString() << 0 << QString();
        QTest::newRow("data") << 5 << false << QString() << 8 << QStringLiteral("--approve a=/t/a");
        QTest::newRow("yes is not enough for data")
            << 5 << true << QString() << 8 << QStringLiteral("--approve a=/t/a");
        QTest::newRow("another name") << 5 << true << QStringLiteral("/t/b") << 8 << QStringLiteral("--approve a=/t/a");
        QTest::newRow("the name alone, where another step wants a yes")
            << 5 << false << QStringLiteral("/t/a") << 8 << QStringLiteral("--yes --approve a=/t/a");
        QTest::newRow("the name and yes") << 5 << true << QStringLiteral("/t/a") << 0 << QString();
        QTest::newRow("the name of what is empty") << 0 << true << QStringLiteral("/t/a") << 0 << QString();
        QTest::newRow("no name of what is empty")
            << 0 << true << QStringLiteral("/t/b") << 8 << QStringLiteral("--yes");
    }
    void withoutAnybodyItIsRefusedWithTheOption() {
        QFETCH(int, rows);
        QFETCH(bool, yes);
        QFETCH(QString, named);
        QFETCH(int, exit);
        QFETCH(QString, option);
        Harness harness(twoSteps());
        finish(harness, rows, 0);
        const std::string before = harness.journalText;
        UndoOptions options;
        options.approveAll = yes;
        if (!named.isEmpty()) options.approvals["a"] = named.toStdString();
        const RunResult result = undoAbsent(harness, options);
        QCOMPARE(static_cast<int>(result.exitCode()), exit);
        if (exit == 0) {
            QCOMPARE(result.outcome, RunOutcome::Undone);
            QCOMPARE(std::string(harness.state.standing()), std::string("undone"));
            QCOMPARE(harness.port.stateText(), std::string());
            return;
        }
        QVERIFY2(result.fix.find(option.toStdString()) != std::string::npos, result.fix.c_str());
        QVERIFY(harness.journalText == before);
        QCOMPARE(harness.port.stateText(), std::string("table /t/a \ntable /t/b \n"));
    }
    void whereEveryApprovalIsANameTheNamesAreEnough() {
        Harness harness(twoSteps());
        finish(harness, 5, 0);
        harness.port.rows["/t/b"] = 2;
        UndoOptions options;
        options.approvals = {{"a", "/t/a"}, {"b", "yes"}};
        const RunResult refused = undoAbsent(harness, options);
        QCOMPARE(refused.outcome, RunOutcome::ApprovalNeeded);
        QVERIFY2(refused.reason.find("`yes` is not what has to be typed: `/t/b`") != std::string::npos,
                 refused.reason.c_str());
        options.approvals["b"] = "/t/b";
        QCOMPARE(undoAbsent(harness, options).outcome, RunOutcome::Undone);
        const auto again = planUndo(harness.state, harness.port, {});
        QVERIFY_OK(again);
        QCOMPARE(again->refusal, std::string("run run-1 is undone already"));
        for (const ApprovalRecord& given : harness.state.approvals) QCOMPARE(given.how, std::string("pre-approved"));
        QCOMPARE(harness.state.approvals.size(), std::size_t{2});
    }
    void aYesOfAStepsOwnIsEnoughForIt() {
        Harness harness(twoSteps());
        finish(harness, 5, 0);
        UndoOptions options;
        options.approvals = {{"a", "/t/a"}, {"b", "yes"}};
        QCOMPARE(undoAbsent(harness, options).outcome, RunOutcome::Undone);
    }
    void anIrreversibleStepIsNoDeadEnd_data() {
        QTest::addColumn<bool>("something");
        QTest::newRow("something came after it") << true;
        QTest::newRow("only a look came after it") << false;
    }
    void anIrreversibleStepIsNoDeadEnd() {
        QFETCH(bool, something);
        const std::string burn =
            "  - id: burn\n    title: Burn\n    do: make /t/ash\n    verify: dataset-exists /t/ash\n"
            "    irreversible: ash stays ash\n";
        const std::string look = "  - id: look\n    title: Look\n    verify: dataset-exists /t/ash\n";
        Harness harness(runbookOf(makeStep("a") + burn + (something ? makeStep("b") : look)));
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        const RunResult refused = undoAbsent(harness);
        QCOMPARE(refused.outcome, RunOutcome::Usage);
        QCOMPARE(refused.reason, std::string("step burn cannot be undone: ash stays ash"));
        const std::vector<std::string> next{something ? "--down-to burn" : "--dry-run"};
        QVERIFY(refused.options == next);
        const auto plan = planUndo(harness.state, harness.port, {});
        QVERIFY_OK(plan);
        const std::string text = undoPlanText(*plan);
        // What stays is named with what takes it back, whatever else there is.
        QVERIFY2(text.find("  a (step 1): Make a\n    $ drop /t/a\n") != std::string::npos, text.c_str());
        QCOMPARE(text.find("--down-to") != std::string::npos, something);
        const auto after = planUndo(harness.state, harness.port, "burn");
        QVERIFY_OK(after);
        QCOMPARE(after->refusal.empty(), something);
        if (!something)
            QCOMPARE(after->refusal, std::string("run run-1 has done nothing after step burn that could be undone"));
    }
    void aPersonSeesThePlanAndTypesTheName() {
        Harness harness(twoSteps());
        finish(harness, 5, 1);
        QCOMPARE(harness.undo()->outcome, RunOutcome::Undone);
        const std::vector<std::string> asked{"plan of 2", "approve a"};
        QVERIFY(harness.approver.asked == asked);
        // The empty table goes with the plan, the other one by its name.
        QCOMPARE(harness.state.approvals.at(0).how, std::string("confirmed"));
        QCOMPARE(harness.state.approvals.at(1).how, std::string("typed"));
        QVERIFY(harness.state.approvals.at(1).text.find("1 row exists nowhere else") != std::string::npos);
    }
    void aRefusedPlanTouchesNothing() {
        Harness harness(twoSteps());
        finish(harness, 0, 0);
        harness.approver.plans.push_back({Answer::Kind::No, "ana", {}, {}});
        QCOMPARE(harness.undo()->outcome, RunOutcome::Cancelled);
        QCOMPARE(harness.port.stateText(), std::string("table /t/a \ntable /t/b \n"));
        QCOMPARE(std::string(harness.state.standing()), std::string("success"));
    }
    void rowsWrittenAfterTheApprovalStopTheDelete() {
        Harness harness(twoSteps());
        finish(harness, 5, 1);
        harness.port.onExecute = [&](const std::string& line) {
            if (line == "drop /t/b") harness.port.onlyHere["/t/a"] = 2;
        };
        const auto stopped = harness.undo();
        QVERIFY_OK(stopped);
        QCOMPARE(stopped->outcome, RunOutcome::UndoIncomplete);
        QVERIFY2(stopped->reason.find("more than was approved") != std::string::npos, stopped->reason.c_str());
        QVERIFY2(stopped->fix.find("changed since the plan") != std::string::npos, stopped->fix.c_str());
        QCOMPARE(harness.port.stateText(), std::string("table /t/a \n"));
        // A new look and a new word: then it goes on where it stopped.
        harness.port.onExecute = {};
        QCOMPARE(harness.undo()->outcome, RunOutcome::Undone);
        QCOMPARE(harness.port.stateText(), std::string());
    }
    void whatIsGoneAlreadyNeedsNoWordAndIsNamed() {
        Harness harness(twoSteps());
        finish(harness, 5, 5);
        harness.port.tables.erase("/t/a");
        const auto plan = planUndo(harness.state, harness.port, {});
        QVERIFY_OK(plan);
        QVERIFY(!plan->steps[1].approval.needed);
        QVERIFY(plan->steps[1].drift.find("not so") != std::string::npos);
        QVERIFY(plan->drift == std::vector<std::string>{"gone: table /t/a "});
        UndoOptions yes;
        yes.approveAll = true;
        QCOMPARE(undoAbsent(harness, yes).outcome, RunOutcome::Undone);
    }
    void whatWasMadeAgainIsNotDeletedUnasked() {
        Harness harness(twoSteps());
        finish(harness, 5, 0);
        harness.port.tables.erase("/t/a");
        harness.port.onExecute = [&](const std::string& line) {
            if (line == "drop /t/b") harness.port.tables["/t/a"] = {};
        };
        UndoOptions yes;
        yes.approveAll = true;
        const RunResult stopped = undoAbsent(harness, yes);
        QCOMPARE(stopped.outcome, RunOutcome::UndoIncomplete);
        QVERIFY2(stopped.reason.find("is there again") != std::string::npos, stopped.reason.c_str());
        QVERIFY(harness.port.tables.count("/t/a") == 1);
    }
    void aStopRequestLeavesAnUndoThatGoesOn() {
        Harness harness(twoSteps());
        finish(harness, 0, 0);
        harness.port.onExecute = [&](const std::string& line) {
            if (line == "drop /t/b") harness.active->requestPause();
        };
        const auto stopped = harness.undo();
        QVERIFY_OK(stopped);
        QCOMPARE(stopped->outcome, RunOutcome::UndoStopped);
        QCOMPARE(static_cast<int>(stopped->exitCode()), 130);
        QVERIFY2(stopped->reason.find("1 of 2") != std::string::npos, stopped->reason.c_str());
        QCOMPARE(std::string(harness.state.standing()), std::string("undo-stopped"));
        harness.port.onExecute = {};
        QCOMPARE(harness.undo()->outcome, RunOutcome::Undone);
    }
    void compensationDoesNotDeleteWhatExistsNowhereElse() {
        const std::string text = runbookOf(makeStep("a") + makeStep("b", "    on-failure: compensate\n"));
        Harness lonely(text);
        lonely.port.faults["make /t/b"] = {"permission-denied", false, 1};
        lonely.port.rows["/t/a"] = 4;
        lonely.port.onlyHere["/t/a"] = 4;
        lonely.approver.approvals.push_back({Answer::Kind::No, "ana", {}, {}});
        const RunResult kept = lonely.run();
        QCOMPARE(kept.outcome, RunOutcome::Incomplete);
        QVERIFY2(kept.reason.find("exist nowhere else") != std::string::npos, kept.reason.c_str());
        QCOMPARE(lonely.port.stateText(), std::string("table /t/a \n"));
        Harness copied(text);
        copied.port.faults["make /t/b"] = {"permission-denied", false, 1};
        copied.port.rows["/t/a"] = 4;
        QCOMPARE(copied.run().outcome, RunOutcome::Compensated);
    }
};
TRIBUTARY_TEST(TestUndo)
#include "tst_undo.moc"
