// Streams of passive DR: whole transactions, what is held, what is sent again, what ends replication, and figures.
#include "passiveworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

class TestDrStreams : public QObject {
    Q_OBJECT
private slots:
    void P39_transactionsOfSeveralPartitionsAreNeverSeenInHalf() {
        Passive p;
        for (int i = 0; i < 40; ++i) {
            QVERIFY_OK(p.master.store().transact({{DrOperation::Insert, "T", memRow(2 * i, "a")},
                                                  {DrOperation::Insert, "T", memRow(2 * i + 1, "b")},
                                                  {DrOperation::Insert, "R", memRow(i, "c")}}));
        }
        bool isHalf = false;
        QVERIFY(p.world.until([&] {
            isHalf = isHalf || rowsOf(p.replica) != 2 * rowsOf(p.replica, "R");
            return p.isActive() && p.master.cluster().isProducerDrained() && p.isEqual();
        }));
        QVERIFY(!isHalf);
        QVERIFY(p.replica.reached("dr-mp-applied") >= 40);
    }

    void truncationsMeetAtAllPartitions() {
        Passive p(true, 3, 3, 2);
        for (int i = 0; i < 30; ++i) p.insert(i);
        QVERIFY_OK(p.master.store().truncate("T"));
        for (int i = 100; i < 110; ++i) p.insert(i);
        QVERIFY(p.settles());
        QCOMPARE(rowsOf(p.replica), std::size_t{10});
    }

    void P40_P41_P43_whatWasNotShippedComesFromTheDisk() {
        Passive p;
        for (int i = 0; i < 5; ++i) p.insert(i);
        QVERIFY(p.settles());
        p.world.network.cut(0, 1, true);
        constexpr int kUnshipped = 7;
        for (int i = 100; i < 100 + kUnshipped; ++i) p.insert(i);
        p.world.runMs(500);
        // The loss bound of each partition is what is queued and not acknowledged.
        const auto figures = p.master.cluster().statistics("DRPRODUCERPARTITION", false);
        std::int64_t atRisk = 0;
        for (const auto& row : (*figures)[0].rows) atRisk += std::get<std::int64_t>(row[9]);
        QCOMPARE(atRisk, std::int64_t{kUnshipped});
        p.master.powerCut();
        p.world.network.healAll();
        p.world.runMs(3'000);
        QCOMPARE(rowsOf(p.replica), std::size_t{5});
        QVERIFY_OK(p.master.start());
        QVERIFY(p.settles());
        QCOMPARE(rowsOf(p.replica), std::size_t{5 + kUnshipped});
    }

    void P44_anAcknowledgementThatOutranTheLogEndsDr() {
        Passive p(false);
        p.replica.kill();
        p.replica.settings.commandLog = CommandLog::Asynchronous;
        QVERIFY_OK(p.replica.start());
        p.master.store().setTables({memTable("T")});
        p.replica.store().setTables({memTable("T")});
        QVERIFY(p.world.until([&] { return p.isActive(); }));
        p.world.runMs(1'000);
        p.replica.store().holdSync(true);  // the window, forced
        for (int i = 0; i < 10; ++i) p.insert(i);
        QVERIFY(p.settles());
        p.world.runMs(3'000);  // acknowledged, and the master has written it down
        p.replica.kill();
        QVERIFY_OK(p.replica.start());
        QVERIFY(p.world.until([&] { return p.replica.roles() == "REPLICA STOPPED 1"; }));
        QVERIFY(p.replica.failures().find("DR can only be restarted from scratch") != std::string::npos);
        QCOMPARE(p.master.roles(), std::string("MASTER STOPPED 2"));
        QVERIFY(p.master.reached("dr-cannot-resume") > 0);
        // From scratch: dr reset, init --force, start, DDL.
        std::string answer;
        p.master.cluster().reset(2, false, false,
                                 [&](const Result<std::string>& said) { answer = said ? *said : said.error().what; });
        QVERIFY(p.world.until([&] { return !answer.empty(); }));
        p.replica.init();
        QVERIFY_OK(p.replica.start());
        p.replica.store().setTables({memTable("T")});
        QVERIFY(p.settles());
        QCOMPARE(rowsOf(p.replica), std::size_t{10});
    }

    void aSnapshotThatDidNotEndIsOfNoUse() {
        Passive p(false);
        p.master.store().setTables({memTable("T")});
        for (int i = 0; i < 500; ++i) p.insert(i);
        p.world.runMs(1'000);
        p.replica.store().setTables({memTable("T")});
        QVERIFY(p.world.until([&] { return rowsOf(p.replica) > 20; }));
        p.replica.kill();
        p.world.runMs(1'000);
        QVERIFY_OK(p.replica.start());
        QVERIFY(p.replica.roles().find("STOPPED") != std::string::npos);
        QVERIFY(p.replica.failures().find("Sync Snapshot did not complete successfully") != std::string::npos);
        QCOMPARE(p.master.roles(), std::string("MASTER STOPPED 2"));
        p.replica.init();
        QVERIFY_OK(p.replica.start());
        p.replica.store().setTables({memTable("T")});
        QVERIFY(p.world.until([&] { return p.replica.roles().find("STOPPED") != std::string::npos; }));
        // The survivor is told to forget it first.
        std::string answer;
        p.master.cluster().reset(std::nullopt, false, true,
                                 [&](const Result<std::string>& said) { answer = said ? *said : said.error().what; });
        p.replica.init();
        QVERIFY_OK(p.replica.start());
        p.replica.store().setTables({memTable("T")});
        QVERIFY(p.settles());
    }

    void aSecondReplicaIsRefused() {
        Passive p;
        DrHostSim& second = p.world.add(DrRole::Replica, {1});
        QVERIFY_OK(second.start());
        second.store().setTables({memTable("T")});
        QVERIFY(p.world.until([&] { return second.roles() == "REPLICA STOPPED -1"; }));
        QVERIFY(second.failures().find("has a replica already") != std::string::npos);
    }

    void aStreamWaitsForItsTable() {
        Passive p;
        DrTable wider = memTable("T");
        wider.columns.push_back({{"X", ColumnType::Bigint}, 0, true});
        p.master.store().setTables({wider, memTable("R", false)});
        RowImage row = memRow(1, "x");
        row.emplace_back(std::int64_t{5});
        QVERIFY_OK(p.master.store().transact({{DrOperation::Insert, "T", row}}));
        QVERIFY_OK(p.master.store().transact({{DrOperation::Insert, "R", memRow(1, "goes on")}}));
        QVERIFY(p.world.until([&] { return rowsOf(p.replica, "R") == 1; }));
        QVERIFY(p.world.until([&] { return p.replica.reached("dr-stream-paused") > 0; }));
        QCOMPARE(rowsOf(p.replica), std::size_t{0});
        QVERIFY(p.replica.failures().find("Unable to find table hash") != std::string::npos);
        const auto figures = p.replica.cluster().statistics("DRCONSUMERPARTITION", false);
        int paused = 0;
        for (const auto& each : (*figures)[0].rows) paused += each[10] == DrFigure(std::string("true")) ? 1 : 0;
        QCOMPARE(paused, 1);
        p.replica.store().setTables({wider, memTable("R", false)});
        QVERIFY(p.settles());
    }

    void aRowThatIsNotAsTheMasterHadItStopsItsStream() {
        Passive p;
        p.insert(2);
        QVERIFY(p.settles());
        p.replica.store().readOnly.clear();
        QVERIFY_OK(p.replica.store().transact({{DrOperation::Delete, "T", memRow(2, {})}}));
        p.world.runMs(100);
        QVERIFY_OK(p.master.store().transact({{DrOperation::Delete, "T", memRow(2, {})}}));
        QVERIFY(p.world.until([&] { return p.replica.roles() == "REPLICA STOPPED 1"; }));
        QVERIFY(p.replica.failures().find("Unable to find tuple for deletion: binary log type (1), DR ID (1)") !=
                std::string::npos);
    }

    void whatOverflowsMemoryIsReadFromTheDisk() {
        Passive p(false);
        p.master.kill();
        p.master.settings.memoryBytesMax = 500;
        QVERIFY_OK(p.master.start());
        p.master.store().setTables({memTable("T")});
        p.replica.store().setTables({memTable("T")});
        QVERIFY(p.world.until([&] { return p.isActive(); }));
        p.insert(1'000);
        QVERIFY(p.settles());
        p.replica.kill();
        for (int i = 0; i < 200; ++i) p.insert(i);
        p.world.runMs(4'000);
        const auto figures = p.master.cluster().statistics("DRPRODUCERPARTITION", false);
        const auto& row = (*figures)[0].rows[0];
        QVERIFY(std::get<std::int64_t>(row[7]) > std::get<std::int64_t>(row[8]));
        QVERIFY(std::get<std::int64_t>(row[8]) > 0);
        QVERIFY(row[17] == DrFigure(std::string("DOWN")));
        QVERIFY_OK(p.replica.start());
        QVERIFY2(p.settles(), p.shown().c_str());
        QVERIFY(p.master.reached("dr-read-from-disk") > 0);
        QCOMPARE(rowsOf(p.replica), std::size_t{201});
    }

    void aFullQueueIgnoresBuffersAndGetsThemAgain_data() {
        QTest::addColumn<bool>("withBug");
        QTest::newRow("sound") << false;
        QTest::newRow("bug-dr-asks-for-ever") << true;
    }
    void aFullQueueIgnoresBuffersAndGetsThemAgain() {
        QFETCH(bool, withBug);
        Passive p(false);
        p.replica.kill();
        p.replica.settings.consumerBytesMax = 400;
        QVERIFY_OK(p.replica.start());
        p.master.store().setTables({memTable("T")});
        p.replica.store().setTables({memTable("T")});
        QVERIFY(p.world.until([&] { return p.isActive(); }));
        p.replica.store().setStalledPartition(0);
        if (withBug) p.replica.faults.arm("bug-dr-asks-for-ever");
        // Some are larger than the room that half a queue leaves.
        for (int i = 0; i < 100; ++i) p.insert(2 * i, i % 7 == 0 ? std::string(300, 'x') : "v");
        p.world.runMs(2'000);
        QVERIFY(p.replica.reached("dr-buffer-ignored") > 0);
        p.replica.store().releaseStalled();
        QVERIFY(p.settles());
        QCOMPARE(rowsOf(p.replica), std::size_t{100});
        // Once all of it has come, nothing is asked for again.
        const std::uint64_t resent = p.master.reached("dr-resend");
        for (int i = 100; i < 110; ++i) {
            p.insert(2 * i);
            QVERIFY(p.settles());
        }
        QCOMPARE(p.master.reached("dr-resend") == resent, !withBug);
    }

    void theLogIsHeldUntilItIsAcknowledged() {
        Passive p;
        for (int i = 0; i < 5; ++i) p.insert(i);
        QVERIFY(p.settles());
        p.replica.kill();
        const Lsn before = p.master.store().entries().size();
        for (int i = 5; i < 25; ++i) p.insert(i);
        p.world.runMs(5'000);
        QVERIFY(p.master.cluster().neededFrom() <= before + 1);
        QVERIFY_OK(p.replica.start());
        QVERIFY(p.settles());
        p.world.runMs(3'000);
        QCOMPARE(p.master.cluster().neededFrom(), Lsn{p.master.store().entries().size() + 1});
    }

    void resetsAreChecked_data() {
        QTest::addColumn<int>("cluster");  // -2: none
        QTest::addColumn<bool>("isForced");
        QTest::addColumn<bool>("isAll");
        QTest::addColumn<QString>("text");
        QTest::newRow("force and all") << -2 << true << true
                                       << QStringLiteral("You cannot specify both --force and --all options.");
        QTest::newRow("cluster and all") << 2 << false << true
                                         << QStringLiteral("You cannot specify both --cluster and --all options.");
        QTest::newRow("out of range") << 128 << false << false
                                      << QStringLiteral("The specified cluster ID must be in the range of 0 to 127.");
        QTest::newRow("itself") << 1 << false << false
                                << QStringLiteral(
                                       "You cannot specify the current cluster ID in the DR RESET command. "
                                       "You must specify the ID of a different cluster.");
        QTest::newRow("a stranger") << 9 << false << false
                                    << QStringLiteral(
                                           "The specified cluster ID 9 is not recognized as a member of the "
                                           "current DR environment.");
    }
    void resetsAreChecked() {
        QFETCH(int, cluster);
        QFETCH(bool, isForced);
        QFETCH(bool, isAll);
        Passive p;
        std::string answer;
        p.master.cluster().reset(cluster == -2 ? std::nullopt : std::optional(cluster), isForced, isAll,
                                 [&](const Result<std::string>& said) { answer = said ? *said : said.error().what; });
        QTEST(QString::fromStdString(answer), "text");
    }

    void figuresSayWhatIsUnknown() {
        Passive p;
        const auto figures = p.replica.cluster().statistics("DRCONSUMER", false);
        QVERIFY_OK(figures);
        QVERIFY(std::holds_alternative<std::monostate>((*figures)[0].rows[0][6]));  // no rate was seen yet
        p.insert(1);
        QVERIFY(p.settles());
        p.world.runMs(6'000);
        const auto later = p.replica.cluster().statistics("DRCONSUMER", false);
        QVERIFY(std::holds_alternative<std::int64_t>((*later)[0].rows[0][6]));
        for (const std::string& selector : statisticSelectors()) {
            const auto each = p.replica.cluster().statistics(selector, true);
            QVERIFY_OK(each);
            for (const DrFigures& table : *each) {
                for (const auto& row : table.rows) QCOMPARE(row.size(), table.table.columns.size());
            }
        }
    }
};
TRIBUTARY_TEST(TestDrStreams)
#include "tst_drstreams.moc"
