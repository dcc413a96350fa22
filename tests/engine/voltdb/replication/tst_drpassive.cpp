// Passive DR: P1 to P46 as far as replication decides them, on two clusters in a simulated world.
#include "passiveworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

class TestDrPassive : public QObject {
    Q_OBJECT
private slots:
    void P02_P04_P05_P07_changesOfAllKindsFlowOneWay() {
        Passive p;
        for (int i = 0; i < 20; ++i) p.insert(i);
        QVERIFY_OK(p.master.store().transact({{DrOperation::Update, "T", memRow(3, "changed")}}));
        QVERIFY_OK(p.master.store().transact({{DrOperation::Delete, "T", memRow(4, {})}}));
        QVERIFY_OK(p.master.store().transact({{DrOperation::Insert, "R", memRow(1, "everywhere")}}));
        QVERIFY(p.settles());
        QCOMPARE(rowsOf(p.replica), std::size_t{19});
        QCOMPARE(rowsOf(p.replica, "R"), std::size_t{1});
        // P4, P6: nothing but the master changes the replica.
        const Status refused = p.replica.store().transact({{DrOperation::Insert, "T", memRow(99, "no")}});
        QVERIFY(!refused && refused.error().what == "replica cluster");
        QVERIFY(p.replica.store().entries().back().produced.empty());
    }

    void P10_P37_commitsGoOnWhileTheLinkIsCut() {
        Passive p;
        p.world.network.cut(0, 1, true);
        p.world.network.cut(1, 0, true);
        int committed = 0;
        for (int i = 0; i < 10; ++i) {
            QVERIFY_OK(p.master.store().transact({{DrOperation::Insert, "T", memRow(i, "v")}}, [&] { ++committed; }));
        }
        QVERIFY(p.world.until([&] { return committed == 10; }, 1'000));
        QCOMPARE(rowsOf(p.replica), std::size_t{0});
        QVERIFY(!p.master.cluster().isProducerDrained());
        p.world.network.healAll();
        QVERIFY(p.settles());
    }

    void P12_P25_P38_partitionsGoOnIndependently() {
        Passive p;
        p.replica.store().setStalledPartition(1);
        for (int i = 0; i < 10; ++i) p.insert(i);  // odd ones lie in partition 1
        QVERIFY(p.world.until([&] { return rowsOf(p.replica) == 5; }));
        p.world.runMs(500);
        QCOMPARE(rowsOf(p.replica), std::size_t{5});
        p.replica.store().releaseStalled();
        QVERIFY(p.settles());
    }

    void P14_idsDiffer() {
        DrWorld world;
        DrHostSim& master = world.add(DrRole::Master, {});
        DrHostSim& replica = world.add(DrRole::Replica, {1});
        replica.settings.cluster = 1;
        QVERIFY_OK(master.start());
        QVERIFY_OK(replica.start());
        QVERIFY(world.until([&] { return replica.roles() == "REPLICA STOPPED -1"; }));
        QVERIFY(replica.failures().find("Both clusters have the DR cluster id 1") != std::string::npos);
        for (const int id : {-1, 128}) {
            DrHostSim& wrong = world.add(DrRole::Master, {});
            wrong.settings.cluster = id;
            const Status refused = wrong.start();
            QVERIFY(!refused);
            QCOMPARE(refused.error().what, std::string("The specified cluster ID must be in the range of 0 to 127."));
        }
    }

    void P16_aReplicaHasASource() {
        DrWorld world;
        DrHostSim& replica = world.add(DrRole::Replica, {});
        QVERIFY(!replica.start());
    }

    void P19_rolesStay() {
        DrWorld world;
        DrHostSim& master = world.add(DrRole::Master, {});
        QVERIFY_OK(master.start());
        master.kill();
        master.settings.role = DrRole::Xdcr;
        const Status refused = master.start();
        QVERIFY(!refused);
        QVERIFY(refused.error().what.starts_with("The XDCR role cannot be changed on an existing database."));
    }

    void P20_rolesAreNotMixed() {
        DrWorld world;
        DrHostSim& active = world.add(DrRole::Xdcr, {2});
        DrHostSim& replica = world.add(DrRole::Replica, {1});
        QVERIFY_OK(active.start());
        QVERIFY_OK(replica.start());
        QVERIFY(world.until([&] { return replica.roles() == "REPLICA STOPPED -1"; }));
        QVERIFY(replica.failures().find("Incompatible DR modes between two clusters") != std::string::npos);
    }

    void P22_itBeginsByItselfOnceSchemasMatch() {
        Passive p(false);
        QVERIFY_OK(p.started);
        p.master.store().setTables({memTable("T")});
        p.world.runMs(5'000);
        QCOMPARE(p.replica.roles(), std::string("REPLICA PENDING 1"));
        QVERIFY(p.replica.failures().find("Missing DR table T on local cluster") != std::string::npos);
        p.replica.store().setTables({memTable("T")});
        QVERIFY(p.world.until([&] { return p.isActive(); }));
    }

    void P23_oneStreamForEachPartitionAndOneForAll() {
        Passive p;
        const auto figures = p.master.cluster().statistics("DRPRODUCER", false);
        QVERIFY_OK(figures);
        QCOMPARE((*figures)[0].rows.size(), std::size_t{3});
        const std::size_t partition = 5;
        QVERIFY((*figures)[0].rows[2][partition] == DrFigure(std::int64_t{kMpPartition}));
        for (const DrFigures& each : *figures) {
            for (const auto& row : each.rows) QCOMPARE(row.size(), each.table.columns.size());
        }
    }

    void P27_P28_existingDataComesAsASnapshotThenTheLogs() {
        Passive p(false);
        const std::vector<DrTable> tables{memTable("T")};
        p.master.store().setTables(tables);
        for (int i = 0; i < 200; ++i) p.insert(i);
        p.world.runMs(1'000);
        int next = 200;
        p.replica.store().setTables(tables);
        const auto write = [&] {
            if (next < 300) p.insert(next++);
            return p.isActive() && next == 300;
        };
        QVERIFY(p.world.until(write));
        QVERIFY(p.settles());
        QCOMPARE(rowsOf(p.replica), std::size_t{300});
        const auto nodes = p.master.cluster().statistics("DRPRODUCERNODE", false);
        QVERIFY((*nodes)[0].rows[0][8] == DrFigure(std::int64_t{200}) ||
                std::get<std::int64_t>((*nodes)[0].rows[0][8]) >= 200);
        QVERIFY((*nodes)[0].rows[0][7] == (*nodes)[0].rows[0][8]);  // rows, and rows acknowledged
    }

    void P29_theReplicasTablesAreEmpty() {
        Passive p(false);
        const std::vector<DrTable> tables{memTable("T")};
        p.master.store().setTables(tables);
        p.replica.store().setTables(tables);
        p.replica.store().readOnly.clear();
        QVERIFY_OK(p.replica.store().transact({{DrOperation::Insert, "T", memRow(1, "mine")}}));
        p.world.runMs(5'000);
        QVERIFY(!p.isActive());
        QVERIFY(p.replica.failures().find("are not empty: DR cannot start") != std::string::npos);
        QVERIFY_OK(p.replica.store().transact({{DrOperation::Delete, "T", memRow(1, {})}}));
        p.replica.store().readOnly = "replica cluster";
        QVERIFY(p.world.until([&] { return p.isActive(); }));
    }

    void P31_P34_bothResumeWhereTheyWere_data() {
        QTest::addColumn<bool>("master");
        QTest::addColumn<bool>("replica");
        QTest::addColumn<bool>("isClean");
        QTest::newRow("the master stops") << true << false << true;
        QTest::newRow("the replica stops") << false << true << true;
        QTest::newRow("both stop") << true << true << true;
        QTest::newRow("the master is killed") << true << false << false;
        QTest::newRow("the replica is killed") << false << true << false;
        QTest::newRow("both are killed") << true << true << false;
    }
    void P31_P34_bothResumeWhereTheyWere() {
        QFETCH(bool, master);
        QFETCH(bool, replica);
        QFETCH(bool, isClean);
        Passive p;
        for (int i = 0; i < 50; ++i) p.insert(i);
        p.world.runMs(150);
        for (int i = 50; i < 60; ++i) p.insert(i);
        p.world.runMs(10);
        const auto end = [&](DrHostSim& host) { isClean ? host.stopCleanly() : host.kill(); };
        if (master) end(p.master);
        if (replica) end(p.replica);
        p.world.runMs(3'000);
        if (master) QVERIFY_OK(p.master.start());
        if (replica) QVERIFY_OK(p.replica.start());
        QVERIFY2(p.settles(), p.shown().c_str());
        QCOMPARE(rowsOf(p.replica), std::size_t{60});
        std::size_t loads = 0;
        for (const MemEntry& entry : p.replica.store().entries()) loads += entry.effects.empty() ? 1 : 0;
        QCOMPARE(loads, std::size_t{0});
    }

    void P34_withoutCommandLogItDoesNotResume() {
        Passive p;
        p.insert(1);
        QVERIFY(p.settles());
        p.replica.settings.commandLog = CommandLog::Off;
        p.replica.kill();
        QVERIFY_OK(p.replica.start());
        QCOMPARE(p.replica.roles(), std::string("REPLICA STOPPED 1"));
        QVERIFY(p.replica.failures().find("from scratch") != std::string::npos);
    }

    void P36_P42_promotion() {
        Passive p;
        for (int i = 0; i < 5; ++i) p.insert(i);
        QVERIFY(p.settles());
        p.master.kill();
        std::string answer;
        const auto keep = [&](const Result<std::string>& said) { answer = said ? *said : said.error().what; };
        p.replica.cluster().promote(true, keep);
        QCOMPARE(answer, std::string("Server is paused and is available in read-only mode - please try again later."));
        p.replica.cluster().promote(false, keep);
        QVERIFY(p.world.until([&] { return answer == "The cluster is promoted to normal operation."; }));
        QCOMPARE(p.replica.roles(), std::string("MASTER PENDING -1"));
        QVERIFY_OK(p.replica.store().transact({{DrOperation::Insert, "T", memRow(77, "mine")}}));
        p.replica.cluster().promote(false, keep);
        QCOMPARE(answer, std::string("@Promote issued on non-replica cluster. No action taken."));
        QVERIFY(p.replica.store().trackers()->size() == 0);
        // It stays one, whatever its deployment file says.
        p.world.runMs(100);
        p.replica.kill();
        QVERIFY_OK(p.replica.start());
        QCOMPARE(p.replica.roles(), std::string("MASTER PENDING -1"));
        QCOMPARE(rowsOf(p.replica), std::size_t{6});
    }
};
TRIBUTARY_TEST(TestDrPassive)
#include "tst_drpassive.moc"
