// What voltadmin and sqlcmd do and print, on clusters in memory.
#include "app/databaseruns/databaseport.h"
#include "app/databaseruns/databasewords.h"
#include "app/systems/dialects.h"
#include "databasegroup.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using tributary::test::DatabaseGroup;

namespace {

/// What a line prints, or "ERROR: why".
std::string said(DatabaseGroup& group, const std::string& line) {
    const auto parsed = dialects().parseLine(line);
    if (!parsed) return "UNREAD: " + parsed.error().full();
    const auto done = executeOnDatabases(group, parsed->op, 1'000);
    return done ? join(done->lines, "\n") : "ERROR: " + done.error().what;
}

}  // namespace

class TestDatabaseWords : public QObject {
    Q_OBJECT
private slots:
    void wordsSayWhatIsDocumented_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char* line, const char* printed) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(printed);
        };
        row("voltadmin promote --host=west", "The cluster is promoted to normal operation.");
        row("voltadmin promote --host=west1", "The cluster is promoted to normal operation.");
        row("voltadmin promote --host=east", "ERROR: @Promote issued on non-replica cluster. No action taken.");
        row("voltadmin pause --host=east", "The cluster is paused.");
        row("voltadmin pause --host=east --wait",
            "The cluster is paused.\nCompleting outstanding DR producer transactions...\nAll DR producer transactions "
            "have been processed.");
        row("voltadmin dr reset --host=east --cluster=1 --force",
            "ERROR: You cannot specify the current cluster ID in the DR RESET command. You must specify the ID of a "
            "different cluster.");
        row("voltadmin status --host=east",
            "Cluster 1, version as documented, hostcount 1, kfactor 0\n       Cluster 2 (ACTIVE)\neast1  0.000 s");
        row("sqlcmd --servers=east --query=\"select * from stock\"",
            "ITEM\n----\n1   \n2   \n\n(Returned 2 rows in 0.00s)");
        row("sqlcmd --servers=east --output-format=csv --output-skip-metadata --query=\"select * from stock\"", "1\n2");
        row("sqlcmd --servers=east --query=\"insert into stock values (3)\"", "(Returned 1 rows in 0.00s)");
        row("sqlcmd --servers=east --query=\"alter table stock ADD COLUMN place bigint\"", "Command succeeded.");
        row("sqlcmd --servers=east --query=\"exec @Statistics DRROLE 0\"",
            "ROLE   STATE  REMOTE_CLUSTER_ID\n------ ------ -----------------\nMASTER ACTIVE 2                \n\n"
            "(Returned 1 rows in 0.00s)");
        row("sqlcmd --servers=east --query=\"show tables\"", "--- User Tables ---\nSTOCK (DR)\nLOCAL\n");
        row("sqlcmd --servers=east --query=\"describe nope\"", "ERROR: there is no table nope");
        row("voltadmin dr drop --host=east",
            "Completing outstanding DR producer transactions...\nAll DR producer transactions have been processed.\n"
            "All connected clusters have been successfully reset. Safe to shutdown the cluster.");
        row("voltadmin shutdown --host=east --save --force",
            "ERROR: You cannot specify both --save and --force options.");
        row("sqlcmd --servers=lima --query=\"show tables\"", "ERROR: there is no cluster or host 'lima'");
        row("voltadmin shutdown --host=east", "Cluster shutdown in progress.");
    }
    void wordsSayWhatIsDocumented() {
        QFETCH(QString, line);
        DatabaseGroup group;
        passivePair(group);
        QTEST(QString::fromStdString(said(group, line.toStdString())), "printed");
    }

    void answersBeforeAStatementThatFailsAreTold() {
        DatabaseGroup group;
        passivePair(group);
        const auto parsed =
            dialects().parseLine("sqlcmd --servers=east --query=\"show tables; describe nope; show tables\"");
        QVERIFY_OK(parsed);
        std::vector<std::string> told;
        const Status done = runSql(group, parsed->op, [&](const std::vector<std::string>& lines) {
            told.insert(told.end(), lines.begin(), lines.end());
        });
        QVERIFY(!done.ok() && done.error().code == ErrorCode::NotFound);
        QCOMPARE(join(told, "\n"), std::string("--- User Tables ---\nSTOCK (DR)\nLOCAL\n"));
    }

    void aDropThatDoesNotDrainLeavesTheGroupAsItIs() {
        DatabaseGroup group;
        passivePair(group);
        (void)said(group, "voltadmin status --host=east");
        group.isCut = true;
        group.at("east").behind = 2;
        const std::string text = said(group, "voltadmin dr drop --host=east --timeout=3");
        QVERIFY2(text.find("in last 3 seconds") != std::string::npos, text.c_str());
        QCOMPARE(join(group.done, "\n"), std::string("east @Quiesce"));
    }

    void aForcedShutdownWaitsForNobody() {
        DatabaseGroup group;
        passivePair(group);
        QCOMPARE(said(group, "voltadmin shutdown --host=east --force"), std::string("Cluster shutdown in progress."));
        QCOMPARE(join(group.done, "\n"), std::string("east stop by force"));
    }

    void aPauseThatDoesNotDrainGivesUp() {
        DatabaseGroup group;
        passivePair(group);
        (void)said(group, "voltadmin status --host=east");  // the two have met
        group.isCut = true;
        group.at("east").behind = 2;
        const std::string text = said(group, "voltadmin pause --host=east --wait --timeout=5");
        QVERIFY2(text.find("The cluster has not drained any transactions for DRPRODUCER in last 5 seconds.") !=
                     std::string::npos,
                 text.c_str());
        QVERIFY(text.find("needs acknowledgement for drIds 8 to 9") != std::string::npos);
        QVERIFY(group.nowMs >= 5'000);
        QVERIFY(group.at("east").isPaused);
    }

    void aWaitThatNobodyAnswersIsNoSuccess_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("dies");
        QTest::addColumn<QString>("why");
        const char* silent = "ERROR: host east does not answer";
        const char* untold = "ERROR: partition 0 does not tell how far it is";
        QTest::newRow("pause, it dies") << "voltadmin pause --host=east --wait" << true << silent;
        QTest::newRow("shutdown, it dies") << "voltadmin shutdown --host=east --save" << true << silent;
        QTest::newRow("pause, it does not tell") << "voltadmin pause --host=east --wait" << false << untold;
        QTest::newRow("shutdown, it does not tell") << "voltadmin shutdown --host=east --save" << false << untold;
    }
    void aWaitThatNobodyAnswersIsNoSuccess() {
        QFETCH(QString, line);
        QFETCH(bool, dies);
        DatabaseGroup group;
        passivePair(group);
        (void)said(group, "voltadmin status --host=east");  // the two have met
        group.isCut = true;
        group.at("east").behind = 2;
        group.isMuteAfterAWait = dies;
        group.tellsNoIds = !dies;
        QTEST(QString::fromStdString(said(group, line.toStdString())), "why");
        QVERIFY(group.at("east").isRunning);
    }

    void aPauseOfAClusterThatNobodyFetchesFromSaysSo() {
        DatabaseGroup group;
        passivePair(group);
        group.at("west").isRunning = false;
        const std::string text = said(group, "voltadmin pause --host=east --wait");
        QVERIFY2(text.ends_with("No cluster fetches from this one."), text.c_str());
    }

    void unknownDelaysAreNotZero() {
        DatabaseGroup group;
        passivePair(group);
        (void)said(group, "voltadmin status --host=east");
        group.isCut = true;
        group.at("east").behind = 2;
        QVERIFY(said(group, "voltadmin status --host=east").find("1.500 s") != std::string::npos);
        group.at("east").keptFor.clear();
        group.at("west").isRunning = false;
        const std::string text = said(group, "voltadmin status --host=east");
        QVERIFY2(text.find("Cluster 2 (PENDING)\neast1  ?") != std::string::npos, text.c_str());
    }

    void theRemoteClustersAreShownToo() {
        DatabaseGroup group;
        passivePair(group);
        const std::string text = said(group, "voltadmin status --host=east --dr");
        QVERIFY(text.find("Cluster 1,") != std::string::npos && text.find("Cluster 2,") != std::string::npos);
        const std::string json = said(group, "voltadmin status --host=east --json");
        QVERIFY(json.find("\"remoteClusters\"") != std::string::npos);
    }

    void theStateOfARunIsNamedByLineAndLink() {
        DatabaseGroup group;
        passivePair(group);
        DatabasePort port(group);
        QCOMPARE(port.describe(), (std::vector<std::string>{"host east/east1", "host west/west1"}));
        const auto links = port.links();
        QCOMPARE(links.size(), std::size_t(1));
        QCOMPARE(links[0].from, std::string("east"));
        QCOMPARE(links[0].to, std::string("west"));
        QCOMPARE(links[0].state, std::string("active"));
        QVERIFY(links[0].lagMs == 0 && links[0].operationsPending == 0);
        group.isCut = true;
        group.at("east").behind = 2;
        const auto late = port.links();
        QVERIFY(late[0].lagMs == 1'500 && late[0].operationsPending == 2);
        group.tellsNoIds = true;
        const auto untold = port.links();
        QVERIFY(untold[0].lagMs == -1 && untold[0].operationsPending == -1);
        const auto effect = port.effectOf("voltdb init --dir=voltdb/west/west1 --force", {});
        QVERIFY(effect.destroysData);
        QCOMPARE(effect.target, std::string("west1"));
        QVERIFY(!port.effectOf("voltdb init --dir=voltdb/west/west1", {}).destroysData);
        const auto outcome = port.execute("voltadmin promote --host=east", 1'000);
        QVERIFY(!outcome.ok && outcome.errorKind == "conflict");
    }
};
TRIBUTARY_TEST(TestDatabaseWords)
#include "tst_databasewords.moc"
