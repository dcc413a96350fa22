// One host: statements, rows, restarts, reads that wait, pauses.
#include "engine/systems/voltdb/dr/drid.h"
#include "testmain.h"
#include "tests/core/db/verifyonce.h"
#include "voltworld.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

class TestVoltHost : public QObject {
    Q_OBJECT

private slots:
    void init() {
        world_ = std::make_unique<VoltWorld>();
        world_->must(
            "CREATE TABLE votes (phone BIGINT NOT NULL, state VARCHAR(2) NOT NULL, n INTEGER, PRIMARY KEY (phone));"
            "PARTITION TABLE votes ON COLUMN phone; DR TABLE votes;"
            "CREATE TABLE states (state VARCHAR(2) NOT NULL PRIMARY KEY, name VARCHAR(20)); DR TABLE states;"
            "CREATE TABLE scratch (a INTEGER, b FLOAT, c DECIMAL, d TIMESTAMP, e VARBINARY(4), f VARCHAR(5))");
    }
    void cleanup() { world_.reset(); }

    void statementsChangeRows() {
        QCOMPARE(world_->sql("INSERT INTO votes VALUES (1, 'MA', 5)"), std::string("modified_tuples:1"));
        QCOMPARE(world_->sql("INSERT INTO votes (state, phone) VALUES (?, ?)", {std::string("NY"), std::int64_t{2}}),
                 std::string("modified_tuples:1"));
        QCOMPARE(world_->sql("SELECT * FROM votes ORDER BY phone"), std::string("PHONE,STATE,N:1,'MA',5;2,'NY',null"));
        QCOMPARE(world_->sql("UPDATE votes SET n = phone * 10 WHERE state = 'NY'"), std::string("modified_tuples:1"));
        QCOMPARE(world_->sql("UPDATE votes AS v SET n = (SELECT max(n) FROM votes WHERE phone = v.phone)"),
                 std::string("modified_tuples:2"));
        QCOMPARE(world_->sql("UPSERT INTO votes VALUES (1, 'CT', 6)"), std::string("modified_tuples:1"));
        QCOMPARE(world_->sql("UPSERT INTO votes (phone, state) VALUES (3, 'ME')"), std::string("modified_tuples:1"));
        QCOMPARE(world_->sql("SELECT state, sum(n), count(*) FROM votes GROUP BY state ORDER BY state"),
                 std::string("STATE,sum(n),count(*):'CT',6,1;'ME',null,1;'NY',20,1"));
        QCOMPARE(world_->sql("DELETE FROM votes WHERE phone > 1"), std::string("modified_tuples:2"));
        QCOMPARE(world_->sql("TRUNCATE TABLE votes"), std::string("modified_tuples:1"));
        QCOMPARE(world_->sql("SELECT count(*) FROM votes"), std::string("count(*):0"));
    }
    void typesAreKept() {
        world_->must("INSERT INTO scratch VALUES (7, 1, 12.5, '2026-11-27 22:45:36.000123', 'c0ffee', 'äöüßx')");
        QCOMPARE(world_->sql("SELECT * FROM scratch"),
                 std::string("A,B,C,D,E,F:7,1f,12.500000000000,1795819536000123,'\xc0\xff\xee','äöüßx'"));
        const auto answer = world_->call("@AdHoc", {std::string("SELECT * FROM scratch")});
        QCOMPARE(answer.tables[0].columns[2].type, vt::ColumnType::Decimal);
        QCOMPARE(answer.tables[0].columns[3].type, vt::ColumnType::Timestamp);
        QCOMPARE(vt::timestampText(1795819536000123), std::string("2026-11-27 22:45:36.000123"));
    }
    void manyStatementsAreOneTransaction() {
        const std::string failed =
            world_->sql("INSERT INTO votes VALUES (1,'MA',1); INSERT INTO votes VALUES (1,'MA',2)");
        QVERIFY2(failed.find("UNIQUE") != std::string::npos, failed.c_str());
        QCOMPARE(world_->sql("SELECT count(*) FROM votes"), std::string("count(*):0"));
        QCOMPARE(world_->sql("INSERT INTO votes VALUES (1,'MA',1); SELECT n FROM votes; TRUNCATE TABLE votes"),
                 std::string("modified_tuples:1 | N:1 | modified_tuples:1"));
    }
    void proceduresRun() {
        world_->must(
            "CREATE PROCEDURE vote PARTITION ON TABLE votes COLUMN phone PARAMETER 0 AS BEGIN "
            "INSERT INTO votes VALUES (?, ?, 1); SELECT CASE WHEN n = 1 THEN 'new' ELSE 'old' END AS x FROM votes; END;"
            "CREATE PROCEDURE results AS SELECT state, count(*) AS votes FROM votes GROUP BY state");
        QCOMPARE(shown(world_->call("Vote", {std::int64_t{5}, std::string("MA")})),
                 std::string("modified_tuples:1 | x:'new'"));
        QCOMPARE(shown(world_->call("results")), std::string("STATE,votes:'MA',1"));
        QCOMPARE(shown(world_->call("vote", {std::int64_t{5}})),
                 std::string("-2: PROCEDURE EXPECTS 2 PARAMS, BUT RECEIVED 1"));
        QCOMPARE(shown(world_->call("nothing")), std::string("-2: Procedure nothing was not found"));
        QCOMPARE(shown(world_->call("VOTES.upsert", {std::int64_t{5}, std::string("NY"), {}})),
                 std::string("modified_tuples:1"));
        QCOMPARE(shown(world_->call("VOTES.select", {std::int64_t{5}})), std::string("PHONE,STATE,N:5,'NY',null"));
        QCOMPARE(
            shown(world_->call("VOTES.update", {std::int64_t{5}, std::string("CT"), std::int64_t{9}, std::int64_t{5}})),
            std::string("modified_tuples:1"));
        QCOMPARE(shown(world_->call("VOTES.delete", {std::int64_t{5}})), std::string("modified_tuples:1"));
        vt::ResultTable rows{
            {{"PHONE", vt::ColumnType::Bigint}, {"STATE", vt::ColumnType::Varchar}, {"N", vt::ColumnType::Bigint}}, {}};
        for (std::int64_t i = 0; i < 100; ++i) rows.rows.push_back({i, std::string("MA"), i});
        Bytes encoded;
        vt::appendTable(encoded, rows);
        QCOMPARE(shown(world_->call("@LoadMultipartitionTable", {std::string("votes"), std::int64_t{0}, encoded})),
                 std::string("modified_tuples:100"));
        QCOMPARE(world_->sql("SELECT sum(n) FROM votes"), std::string("sum(n):4950"));
        const auto again = world_->call("@LoadMultipartitionTable", {std::string("votes"), std::int64_t{0}, encoded});
        QVERIFY(!again.ok());
        QCOMPARE(shown(world_->call("@LoadMultipartitionTable", {std::string("votes"), std::int64_t{1}, encoded})),
                 std::string("modified_tuples:100"));
    }
    void rowsSurvive_data() {
        QTest::addColumn<int>("how");
        QTest::newRow("stop") << 0;
        QTest::newRow("kill") << 1;
        QTest::newRow("power cut") << 2;
        QTest::newRow("kill, and an old snapshot") << 3;
        QTest::newRow("power cut, and an old snapshot") << 4;
    }
    void rowsSurvive() {
        QFETCH(int, how);
        if (how > 2) world_->host().config().snapshotEveryMs = 3'600'000;
        if (how > 2) world_->kill();
        for (int round = 0; round < 6; ++round) {
            world_->must(
                fmt::format("INSERT INTO votes SELECT phone + {}, state, n FROM votes; INSERT INTO votes VALUES "
                            "({}, 'MA', {}); UPSERT INTO states VALUES ('MA', 'round {}')",
                            1000 << round, round, round, round));
            if (round == 2) world_->must("TRUNCATE TABLE votes; INSERT INTO votes VALUES (2, 'MA', 2)");
            if (round == 3) world_->must("ALTER TABLE votes ADD COLUMN note VARCHAR(9) DEFAULT 'none' BEFORE n");
            if (round == 3) world_->must("ALTER TABLE votes DROP COLUMN note");
            if (round % 2 == 1) world_->pass(2'500);
            const std::string votes = world_->sql("SELECT * FROM votes ORDER BY phone");
            const auto sequences = world_->control().nextSequences();
            if (how == 0) world_->stop();
            if (how == 1 || how == 3) world_->kill();
            if (how == 2 || how == 4) world_->powerCut();
            QCOMPARE(world_->sql("SELECT * FROM votes ORDER BY phone"), votes);
            QCOMPARE(world_->sql("SELECT name FROM states"), fmt::format("NAME:'round {}'", round));
            QCOMPARE(world_->control().nextSequences() == sequences, true);
        }
        QCOMPARE(world_->node().checkInvariants(), std::string());
    }
    void theTimeOfTheStartDoesNotMove() {
        const auto told = [&] {
            const auto overview = world_->call("@SystemInformation", {std::string("OVERVIEW")});
            for (const auto& row : overview.tables.front().rows) {
                if (row[1] == vt::ColumnValue(std::string("STARTTIME"))) return shown(row[2]);
            }
            return std::string();
        };
        const std::string first = told();
        QVERIFY(first.size() > 2);
        for (int i = 0; i < 3; ++i) {
            world_->pass(700);
            QCOMPARE(told(), first);
        }
    }
    void readsWaitForWhatTheySaw_data() {
        QTest::addColumn<bool>("withBug");
        QTest::newRow("sound") << false;
        QTest::newRow("bug-read-before-published") << true;
    }
    void readsWaitForWhatTheySaw() {
        QFETCH(bool, withBug);
        if (withBug) world_->faults().arm("bug-read-before-published");
        std::vector<std::string> order;
        world_->control().call({"@AdHoc", {std::string("INSERT INTO votes VALUES (1, 'MA', 1)")}},
                               [&](const vt::VoltAnswer&) { order.emplace_back("write"); });
        world_->control().call({"@AdHoc", {std::string("SELECT n FROM votes")}},
                               [&](const vt::VoltAnswer& answer) { order.push_back(shown(answer)); });
        QCOMPARE(order.empty(), !withBug);
        QVERIFY(world_->run([&] { return order.size() == 2; }));
        QCOMPARE(order.back() == "N:1", !withBug);
    }
    void readsDoNotFailByWritesOfOthers() {
        std::vector<std::string> order;
        world_->control().call({"@AdHoc", {std::string("INSERT INTO votes VALUES (1, 'MA', 1)")}},
                               [&](const vt::VoltAnswer& answer) { order.push_back(shown(answer)); });
        world_->control().call({"@AdHoc", {std::string("SELECT n FROM votes")}},
                               [&](const vt::VoltAnswer& answer) { order.push_back(shown(answer)); });
        QVERIFY(order.empty());
        // It is refused at once, and the log knows nothing of it.
        world_->control().applyDr("no body",
                                  [&](Result<Bytes> reply) { order.insert(order.begin(), reply ? "" : "-"); });
        QVERIFY(world_->run([&] { return order.size() == 3; }));
        QCOMPARE(order, (std::vector<std::string>{"-", "modified_tuples:1", "N:1"}));
    }
    void aFullDiskRefusesReadsOfTables() {
        world_->pass(3'000);
        world_->host().disk().setCapacityBytes(world_->host().disk().usedBytes());
        constexpr int kTables = 20;
        std::vector<std::string> tables;
        std::vector<std::string> reads;
        for (int i = 0; i < kTables; ++i) {
            const std::string name = fmt::format("t{}{}", i, std::string(400'000, 'x'));
            world_->control().call({"@AdHoc", {fmt::format("CREATE TABLE {} (a INTEGER)", name)}},
                                   [&](const vt::VoltAnswer& answer) { tables.push_back(shown(answer)); });
            world_->control().call({"@AdHoc", {std::string("SELECT count(*) FROM votes")}},
                                   [&](const vt::VoltAnswer& answer) { reads.push_back(shown(answer)); });
        }
        QVERIFY(world_->run([&] { return tables.size() == kTables && reads.size() == kTables; }, 20'000));
        QVERIFY2(tables.back().find("no space") != std::string::npos, tables.back().substr(0, 300).c_str());
        QVERIFY2(reads.front().starts_with("-"), reads.front().c_str());
        QCOMPARE(world_->sql("SELECT count(*) FROM votes"), std::string("count(*):0"));
    }
    void aFullDiskRefusesWhole() {
        world_->must("INSERT INTO votes VALUES (1, 'MA', 1)");
        world_->pass(3'000);
        world_->host().disk().setCapacityBytes(world_->host().disk().usedBytes());
        std::size_t refused = 0;
        std::size_t taken = 0;
        std::vector<std::string> reads;
        for (std::int64_t i = 2; i < 400; ++i) {
            world_->control().call({"VOTES.insert", {i, std::string("NY"), {}}},
                                   [&](const vt::VoltAnswer& answer) { ++(answer.ok() ? taken : refused); });
            world_->control().call({"@AdHoc", {std::string("SELECT count(*) FROM votes")}},
                                   [&](const vt::VoltAnswer& answer) { reads.push_back(shown(answer)); });
        }
        QVERIFY(world_->run([&] { return refused + taken == 398 && reads.size() == 398; }, 10'000));
        QVERIFY(refused > 0);
        QVERIFY(std::any_of(reads.begin(), reads.end(), [](const std::string& read) { return read.starts_with("-"); }));
        world_->host().disk().setCapacityBytes(UINT64_MAX);
        QCOMPARE(world_->sql("SELECT count(*) FROM votes"), fmt::format("count(*):{}", taken + 1));
        world_->pass(3'000);
        world_->must("UPSERT INTO votes VALUES (2, 'CT', 1)");
        world_->powerCut();
        QCOMPARE(world_->sql("SELECT state FROM votes WHERE phone = 2"), std::string("STATE:'CT'"));
    }
    void pausesAndReplicasRefuseWrites() {
        QCOMPARE(shown(world_->call("@Pause")), std::string("STATUS:0"));
        QCOMPARE(world_->sql("INSERT INTO votes VALUES (1, 'MA', 1)"),
                 std::string("-5: Server is paused and is available in read-only mode - please try again later."));
        QCOMPARE(world_->sql("SELECT count(*) FROM votes"), std::string("count(*):0"));
        QCOMPARE(shown(world_->call("@Resume")), std::string("STATUS:0"));
        world_->control().setReplicaReadOnly(true);
        QCOMPARE(shown(world_->call("VOTES.insert", {std::int64_t{1}, std::string("MA"), {}})),
                 std::string("-2: Write procedure VOTES.insert is not allowed in replica cluster"));
        world_->control().setReplicaReadOnly(false);
        QCOMPARE(shown(world_->call("@Quiesce")), std::string("STATUS:0"));
    }
    /// What is acknowledged before it is in the log goes with the process, and no more than that.
    void anAsynchronousLogHasAWindow_data() {
        QTest::addColumn<Millis>("afterMs");
        QTest::addColumn<bool>("isHeld");
        QTest::addColumn<bool>("isThere");
        QTest::newRow("at once") << Millis{0} << false << false;
        QTest::newRow("written") << Millis{300} << false << true;
        QTest::newRow("window held open") << Millis{2'500} << true << false;
    }
    void anAsynchronousLogHasAWindow() {
        QFETCH(Millis, afterMs);
        QFETCH(bool, isHeld);
        QFETCH(bool, isThere);
        world_ = std::make_unique<VoltWorld>(
            [](vt::VoltSettings& settings, NodeConfig&) { settings.commandLog = "asynchronous"; });
        world_->must("CREATE TABLE t (a INTEGER NOT NULL, PRIMARY KEY (a)); DR TABLE t");
        world_->must("INSERT INTO t VALUES (1)");
        world_->pass(1'000);
        if (isHeld) world_->faults().arm("log-window-held");
        world_->must("INSERT INTO t VALUES (2)");
        QCOMPARE(world_->control().nextSequences().at(vt::kMpPartition), std::uint64_t{2});
        QCOMPARE(world_->sql("SELECT count(*) FROM t"), std::string("count(*):2"));
        if (afterMs > 0) world_->pass(afterMs);
        world_->faults().disarm("log-window-held");
        world_->kill();
        QCOMPARE(world_->sql("SELECT count(*) FROM t"), std::string(isThere ? "count(*):2" : "count(*):1"));
        QCOMPARE(world_->control().nextSequences().at(vt::kMpPartition), std::uint64_t{isThere ? 2U : 1U});
        world_->must("INSERT INTO t VALUES (3)");
        world_->stop();  // loses nothing
        QCOMPARE(world_->sql("SELECT max(a) FROM t"), std::string("max(a):3"));
        QCOMPARE(world_->node().checkInvariants(), std::string());
    }
    /// What node.json says must be in the log: of entries that are acknowledged and not written it says nothing.
    void aSnapshotWaitsForTheWindow_data() {
        QTest::addColumn<bool>("withBug");
        QTest::newRow("sound") << false;
        QTest::newRow("bug-snapshot-ahead") << true;
    }
    void aSnapshotWaitsForTheWindow() {
        QFETCH(bool, withBug);
        world_ = std::make_unique<VoltWorld>(
            [](vt::VoltSettings& settings, NodeConfig&) { settings.commandLog = "asynchronous"; });
        world_->must("CREATE TABLE t (a INTEGER NOT NULL, PRIMARY KEY (a)); DR TABLE t");
        const auto snapshotLsn = [&] {
            const CrashDisk::Image files = world_->host().disk().imageOf("");
            const auto at = std::find_if(files.begin(), files.end(),
                                         [](const auto& file) { return file.first.ends_with("/node.json"); });
            if (at == files.end()) return Lsn{0};
            const Json json = Json::parse(at->second, nullptr, false);
            return json.is_object() ? json.value("lsn", Lsn{0}) : Lsn{0};
        };
        QVERIFY(world_->run([&] { return snapshotLsn() > 0 && snapshotLsn() == world_->node().log().durableLsn(); }));
        world_->faults().arm("log-window-held");
        if (withBug) world_->faults().arm("bug-snapshot-ahead");
        const Lsn synced = world_->node().log().syncedLsn();
        for (int i = 0; i < 5; ++i) {
            world_->must(fmt::format("INSERT INTO t VALUES ({})", i));
            world_->pass(1'500);  // each longer than snapshotEveryMs
            QCOMPARE(world_->node().log().syncedLsn(), synced);
            QCOMPARE(snapshotLsn() <= synced, !withBug);
        }
        if (withBug) return;
        world_->faults().disarm("log-window-held");
        QVERIFY(world_->run([&] { return snapshotLsn() > synced; }));
        QVERIFY(snapshotLsn() <= world_->node().log().syncedLsn());
        world_->faults().arm("log-window-held");
        world_->must("INSERT INTO t VALUES (100)");
        world_->pass(2'500);
        world_->kill();  // what was held is lost, and the host starts
        QCOMPARE(world_->sql("SELECT max(a) FROM t"), std::string("max(a):4"));
    }
    void tellsOfItself() {
        world_->must("INSERT INTO votes VALUES (1, 'MA', 1)");
        const auto overview = world_->call("@SystemInformation", {std::string("overview")});
        QVERIFY(shown(overview).find("'CLUSTERID','3'") != std::string::npos);
        QVERIFY(shown(overview).find("'CLUSTERSTATE','Running'") != std::string::npos);
        const auto tables = world_->call("@SystemCatalog", {std::string("TABLES")});
        QCOMPARE(tables.tables[0].rows.size(), std::size_t{3});
        QCOMPARE(shown(tables.tables[0].rows[2][4]),
                 std::string("'{\"partitionColumn\":\"PHONE\",\"drEnabled\":\"true\"}'"));
        for (const char* what : {"COLUMNS", "INDEXINFO", "PRIMARYKEYS", "PROCEDURES"}) {
            const auto answer = world_->call("@SystemCatalog", {std::string(what)});
            QVERIFY(answer.ok());
            for (const auto& row : answer.tables[0].rows) QCOMPARE(row.size(), answer.tables[0].columns.size());
        }
        const auto counts = world_->call("@Statistics", {std::string("TABLE"), std::int64_t{0}});
        QVERIFY(counts.ok());
        std::int64_t sum = 0;
        for (const auto& row : counts.tables[0].rows) {
            if (shown(row[5]) == "'VOTES'") sum += std::get<std::int64_t>(row[7]);
        }
        QCOMPARE(sum, std::int64_t{1});
        QVERIFY(shown(world_->call("@Statistics", {std::string("NOTHING")})).starts_with("-2: Invalid @Statistics"));
    }

private:
    std::unique_ptr<VoltWorld> world_;
};
TRIBUTARY_TEST(TestVoltHost)
#include "tst_volthost.moc"
