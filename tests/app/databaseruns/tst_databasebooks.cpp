// The runbooks for VoltDB, run on clusters of a test: what they do, in which order, and what they refuse.
#include "app/databaseruns/databaseport.h"
#include "app/systems/dialects.h"
#include "databasegroup.h"
#include "runbooks/library/library.h"
#include "runbooks/runner/runner.h"
#include "testmain.h"
#include "tests/runbooks/runner/fakes.h"

using namespace tributary;
using namespace tributary::app;
using namespace tributary::runbooks;
using tributary::test::DatabaseGroup;

namespace {

/// Somebody who says yes to everything.
struct Run {
    Run(const char* name, ParameterValues given) : values(std::move(given)) {
        runbook = findRunbook(name, {}, dialects()).value();
    }
    RunResult operator()() {
        RunJournal journal(std::make_unique<runbooks::test::MemorySink>(journalText), clock, "run-1");
        DatabasePort port(group);
        Runner runner(port, clock, approver, listener, dialects());
        RunOptions options;
        options.approvals = approvals;
        options.approveAll = true;
        return runner.run(runbook, values, journal, options);
    }

    DatabaseGroup group;
    runbooks::test::FakeClock clock;
    AbsentApprover approver;
    runbooks::test::LogListener listener;
    Runbook runbook;
    ParameterValues values;
    std::map<std::string, std::string> approvals;
    std::string journalText;
};

std::string outcomeOf(const RunResult& result) {
    return result.outcome == RunOutcome::Success ? "success" : result.stepId + ": " + result.reason;
}

}  // namespace

class TestDatabaseBooks : public QObject {
    Q_OBJECT
private slots:
    void aPassivePairIsSetUpFromNothing() {
        Run run("passive-dr-setup", {{"master", "east"}, {"replica", "west"}, {"schema", "schema.sql"}});
        passivePair(run.group);
        for (const char* name : {"east", "west"}) {
            run.group.at(name).isMade = false;
            run.group.at(name).isRunning = false;
        }
        QCOMPARE(outcomeOf(run()), std::string("success"));
        QCOMPARE(join(run.group.done, "\n"),
                 std::string("voltdb init --config=voltdb/east/deployment.xml --dir=voltdb/east/east1 "
                             "--schema=schema.sql\n"
                             "voltdb start --dir=voltdb/east/east1 --background\n"
                             "voltdb init --config=voltdb/west/deployment.xml --dir=voltdb/west/west1 "
                             "--schema=schema.sql\n"
                             "voltdb start --dir=voltdb/west/west1 --background"));
        // Once more: there is nothing to do.
        run.group.done.clear();
        run.journalText.clear();
        QCOMPARE(outcomeOf(run()), std::string("success"));
        QVERIFY(run.group.done.empty());
    }

    void aReplicaWithRowsIsRefused() {
        Run run("passive-dr-setup", {{"master", "east"}, {"replica", "west"}, {"schema", "schema.sql"}});
        passivePair(run.group);
        run.group.at("west").columns = {"other"};  // the two do not replicate yet
        run.group.at("west").rows = {"7"};
        const RunResult result = run();
        QCOMPARE(result.stepId, std::string("check-empty"));
        QVERIFY(run.group.done.empty());
    }

    void aSwitchoverDrainsBeforeItPromotes() {
        Run run("planned-switchover", {{"master", "east"}, {"replica", "west"}});
        passivePair(run.group);
        run.approvals["promote"] = "west";
        QCOMPARE(outcomeOf(run()), std::string("success"));
        QCOMPARE(join(run.group.done, "\n"), std::string("east @Pause\neast @Quiesce\nwest @Promote\neast stop"));
        QCOMPARE(run.group.at("west").role, std::string("MASTER"));
    }

    void aMasterThatAnswersIsNotPromotedAwayByADisaster() {
        Run run("disaster-decision",
                {{"master", "east"}, {"replica", "west"}, {"replica-id", "2"}, {"decision", "promote"}});
        passivePair(run.group);
        run.approvals["promote"] = "west";
        const RunResult result = run();
        QCOMPARE(result.stepId, std::string("still-away"));
        QVERIFY(run.group.done.empty());
    }

    void threeDecisions_data() {
        QTest::addColumn<QString>("decision");
        QTest::addColumn<QString>("done");
        QTest::newRow("await") << "await"
                               << "voltdb start --dir=voltdb/east/east1 --background";
        QTest::newRow("promote") << "promote"
                                 << "west @Promote";
        QTest::newRow("restart")
            << "restart"
            << "voltdb start --dir=voltdb/east/east1 --background\nwest stop by force\neast @ResetDR 2 1 0\n"
               "voltdb init --config=voltdb/west/deployment.xml --dir=voltdb/west/west1 "
               "--schema=schema.sql --force\n"
               "voltdb start --dir=voltdb/west/west1 --background";
    }
    void threeDecisions() {
        QFETCH(QString, decision);
        Run run("disaster-decision",
                {{"master", "east"}, {"replica", "west"}, {"replica-id", "2"}, {"decision", decision.toStdString()}});
        passivePair(run.group);
        run.group.at("east").isRunning = false;
        run.group.at("east").keptFor = {2};
        run.group.at("west").hasLostItsLog = decision == QLatin1String("restart");
        run.approvals["promote"] = "west";
        run.approvals["init-loser"] = "west";
        QCOMPARE(outcomeOf(run()), std::string("success"));
        QTEST(QString::fromStdString(join(run.group.done, "\n")), "done");
    }

    /// The order that does not stall: nobody writes, all is drained, both change, then both write again.
    void aSchemaChangesWhileNobodyWrites() {
        Run run("schema-change-without-deadlock", {{"first", "tokyo"},
                                                   {"second", "oslo"},
                                                   {"table", "stock"},
                                                   {"column", "place"},
                                                   {"statement", "ALTER TABLE stock ADD COLUMN place VARCHAR(20)"}});
        activePair(run.group);
        QCOMPARE(outcomeOf(run()), std::string("success"));
        const std::string change = "ALTER TABLE stock ADD COLUMN place VARCHAR(20)";
        QCOMPARE(join(run.group.done, "\n"), "tokyo @Pause\ntokyo @Quiesce\noslo @Pause\noslo @Quiesce\noslo " +
                                                 change + "\ntokyo " + change + "\ntokyo @Resume\noslo @Resume");
        QVERIFY(!run.group.at("tokyo").isPaused && !run.group.at("oslo").isPaused);
    }

    void everySurvivorForgets() {
        Run run("forget-a-lost-cluster", {{"lost", "lima"}, {"lost-id", "3"}, {"first", "tokyo"}, {"second", "oslo"}});
        activePair(run.group);
        run.group.clusters["lima"] = {.id = 3, .role = "XDCR", .isRunning = false};
        run.group.at("tokyo").keptFor = {2, 3};
        run.group.at("oslo").keptFor = {1, 3};
        QCOMPARE(outcomeOf(run()), std::string("success"));
        QCOMPARE(join(run.group.done, "\n"), std::string("tokyo @ResetDR 3 1 0\noslo @ResetDR 3 1 0"));
    }

    void aClusterThatRunsIsNotForgotten() {
        Run run("forget-a-lost-cluster", {{"lost", "oslo"}, {"lost-id", "2"}, {"first", "tokyo"}});
        activePair(run.group);
        QCOMPARE(run().stepId, std::string("check-lost"));
        QVERIFY(run.group.done.empty());
    }

    void aThirdClusterJoinsTwoThatAreWhole() {
        Run run("xdcr-third-cluster",
                {{"first", "tokyo"}, {"second", "oslo"}, {"third", "lima"}, {"schema", "schema.sql"}});
        activePair(run.group);
        run.group.clusters["lima"] = {.id = 3, .role = "XDCR", .isMade = false, .isRunning = false};
        QCOMPARE(outcomeOf(run()), std::string("success"));
        QCOMPARE(run.group.at("lima").rows, run.group.at("tokyo").rows);
        run.group.at("lima").isRunning = false;
        run.group.at("oslo").commandLog = "off";
        run.journalText.clear();
        QCOMPARE(run().stepId, std::string("check-group"));
    }

    void aHostOfAClusterWithoutCopiesIsNotReplaced() {
        Run run("replace-a-host", {{"cluster", "east"}, {"host", "east2"}, {"other", "east1"}});
        passivePair(run.group);
        const RunResult result = run();
        QVERIFY(result.outcome != RunOutcome::Success);
        QVERIFY2(result.reason.find("K-safety") != std::string::npos, result.reason.c_str());
        QVERIFY(run.group.done.empty());
    }

    void replicationBeginsAgainFromTheWinner() {
        Run run("restart-dr-from-scratch",
                {{"winner", "east"}, {"loser", "west"}, {"loser-id", "2"}, {"schema", "schema.sql"}});
        passivePair(run.group);
        run.group.at("west").hasLostItsLog = true;
        run.group.at("west").rows = {"9"};
        run.group.at("east").keptFor = {2};
        run.approvals["init-loser"] = "west";
        QCOMPARE(outcomeOf(run()), std::string("success"));
        QCOMPARE(run.group.at("west").rows, run.group.at("east").rows);
    }
};
TRIBUTARY_TEST(TestDatabaseBooks)
#include "tst_databasebooks.moc"
