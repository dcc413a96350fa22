// Replication between hosts on real nodes: SQL at one end, the same rows at the other.
#include "engine/sim/simfileops.h"
#include "hostworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

constexpr const char* kSchema =
    "CREATE TABLE contestants (contestant_number INTEGER NOT NULL, contestant_name VARCHAR(50) NOT NULL, PRIMARY KEY "
    "(contestant_number));"
    "CREATE TABLE votes (phone_number BIGINT NOT NULL, state VARCHAR(2) NOT NULL, contestant_number INTEGER, PRIMARY "
    "KEY "
    "(phone_number)); PARTITION TABLE votes ON COLUMN phone_number;"
    "CREATE TABLE scratch (id BIGINT NOT NULL); PARTITION TABLE scratch ON COLUMN id;"
    "DR TABLE contestants; DR TABLE votes";

constexpr const char* kVotes = "SELECT phone_number, state, contestant_number FROM votes ORDER BY phone_number";
constexpr const char* kContestants = "SELECT * FROM contestants ORDER BY contestant_number";

std::string vote(int phone, const std::string& state = "MA", int contestant = 1) {
    return fmt::format("INSERT INTO votes VALUES ({}, '{}', {})", phone, state, contestant);
}

}  // namespace

class TestHostDr : public QObject {
    Q_OBJECT

private slots:
    void aReplicaFollowsItsMaster() {
        HostWorld w;
        w.add(vt::DrRole::Master, {}, 4);
        w.add(vt::DrRole::Replica, {1}, 2);
        w.must(1, kSchema);
        w.must(1, "INSERT INTO contestants VALUES (1, 'Edwina Burnam')");
        for (int i = 0; i < 50; ++i) w.must(1, vote(i));  // P27: data before the first start
        w.pass(2'000);
        QCOMPARE(w.roles(2), std::string("'REPLICA','PENDING',1"));  // P22
        w.must(2, kSchema);
        QVERIFY(w.settles());
        QCOMPARE(w.roles(1), std::string("'MASTER','ACTIVE',2"));
        QCOMPARE(w.roles(2), std::string("'REPLICA','ACTIVE',1"));
        QCOMPARE(QString::fromStdString(w.sql(2, "SELECT count(*) FROM votes")), QStringLiteral("count(*):50"));
        // P5, P12: everything of DR tables, nothing of others.
        for (int i = 100; i < 120; ++i) w.must(1, vote(i, "NY", 2));
        w.must(1, "UPDATE votes SET contestant_number = 3 WHERE phone_number < 10");
        w.must(1, "DELETE FROM votes WHERE phone_number = 20");
        w.must(1, "INSERT INTO contestants VALUES (2, 'Tabatha Gehling'); INSERT INTO scratch VALUES (1)");
        w.must(1, "UPDATE contestants SET contestant_name = 'Kelly Clauss' WHERE contestant_number = 1");
        QVERIFY(w.settles());
        QCOMPARE(w.sql(2, kVotes), w.sql(1, kVotes));
        QCOMPARE(w.sql(2, kContestants), w.sql(1, kContestants));
        QCOMPARE(w.sql(2, "SELECT count(*) FROM scratch"), std::string("count(*):0"));
        // P4, P6, P7
        QCOMPARE(w.sql(2, vote(500)), std::string("-2: Write procedure @AdHoc is not allowed in replica cluster"));
    }

    void P24_resultsTravelNotStatements() {
        HostWorld w;
        w.add(vt::DrRole::Master, {});
        w.add(vt::DrRole::Replica, {1});
        w.mustAll(
            "CREATE TABLE t (id BIGINT NOT NULL, at TIMESTAMP, PRIMARY KEY (id)); PARTITION TABLE t ON COLUMN id; "
            "DR TABLE t");
        QVERIFY(w.settles());
        w.must(1, "INSERT INTO t VALUES (1, NOW)");
        w.pass(50);
        w.must(1, "INSERT INTO t VALUES (2, NOW)");
        QVERIFY(w.settles());
        QCOMPARE(w.sql(2, "SELECT * FROM t ORDER BY id"), w.sql(1, "SELECT * FROM t ORDER BY id"));
    }

    void P31_P34_P41_theyResume_data() {
        QTest::addColumn<int>("killed");  // bits
        QTest::addColumn<bool>("isPowerCut");
        QTest::newRow("the master is killed") << 1 << false;
        QTest::newRow("the replica is killed") << 2 << false;
        QTest::newRow("both are killed") << 3 << false;
        QTest::newRow("the master loses power") << 1 << true;
        QTest::newRow("the replica loses power") << 2 << true;
        QTest::newRow("both lose power") << 3 << true;
    }
    void P31_P34_P41_theyResume() {
        QFETCH(int, killed);
        QFETCH(bool, isPowerCut);
        HostWorld w;
        w.add(vt::DrRole::Master, {});
        w.add(vt::DrRole::Replica, {1});
        w.mustAll(kSchema);
        QVERIFY(w.settles());
        for (int i = 0; i < 30; ++i) w.must(1, vote(i));
        w.must(1, "INSERT INTO contestants VALUES (1, 'x'); UPDATE votes SET contestant_number = 9");
        for (int i = 1; i <= 2; ++i) {
            if ((killed & i) != 0) isPowerCut ? w.powerCut(i) : w.kill(i);
        }
        if ((killed & 1) == 0) {
            for (int i = 200; i < 220; ++i) w.must(1, vote(i));
        }
        w.pass(3'000);
        for (int i = 1; i <= 2; ++i) {
            if ((killed & i) != 0) w.start(i);
        }
        QVERIFY(w.settles());
        QCOMPARE(w.sql(2, kVotes), w.sql(1, kVotes));
        QCOMPARE(w.sql(2, kContestants), w.sql(1, kContestants));
        w.must(1, vote(999));
        QVERIFY(w.settles());
        QCOMPARE(w.sql(2, kVotes), w.sql(1, kVotes));
    }

    void aHostWhoseBookCannotBeReadDoesNotBegin_data() {
        QTest::addColumn<int>("cluster");
        QTest::newRow("the master") << 1;
        QTest::newRow("the replica, which clients could write into") << 2;
    }
    void aHostWhoseBookCannotBeReadDoesNotBegin() {
        QFETCH(int, cluster);
        HostWorld w;
        w.add(vt::DrRole::Master, {});
        w.add(vt::DrRole::Replica, {1});
        w.mustAll(kSchema);
        w.must(1, vote(1));
        QVERIFY(w.settles());
        w.kill(cluster);
        const std::string path = "/volume/replication.json";
        sim::SimFileOps files(w.sim(cluster).disk());
        const std::string right = files.readAll(path).value();
        std::string wrong = right;
        wrong[wrong.find("MASTER") == std::string::npos ? wrong.find("REPLICA") : wrong.find("MASTER")] ^= 1;
        QVERIFY_OK(files.replace(path, wrong, false));
        QVERIFY_OK(w.sim(cluster).start());
        std::optional<Status> begun;
        w.control(cluster).begin([&](const Status& status) { begun = status; });
        QVERIFY(w.until([&] { return begun.has_value(); }));
        QCOMPARE(begun->ok() ? ErrorCode::Internal : begun->error().code, ErrorCode::Corrupt);
        QCOMPARE(QString::fromStdString(begun->error().where), QString::fromStdString(path));
        QVERIFY2(w.sql(cluster, vote(500)).ends_with(": the host has not begun"), w.sql(cluster, vote(500)).c_str());
        QCOMPARE(w.control(cluster).neededFrom(), Lsn{0});
        // Put back, it goes on where it was.
        w.kill(cluster);
        QVERIFY_OK(files.replace(path, right, false));
        w.start(cluster);
        w.must(1, vote(2));
        QVERIFY(w.settles());
        QCOMPARE(w.sql(2, kVotes), w.sql(1, kVotes));
    }

    /// Its next writes have DR ids that the replica knows already: they must not be taken for those of before, however
    /// many they are when the two meet again, and however often it is started.
    void aMasterThatWasPutBackIsNotFollowed_data() {
        QTest::addColumn<bool>("isBroken");
        QTest::newRow("refused") << false;
        QTest::newRow("ignored") << true;
    }
    void aMasterThatWasPutBackIsNotFollowed() {
        QFETCH(bool, isBroken);
        HostWorld w;
        w.add(vt::DrRole::Master, {});
        w.add(vt::DrRole::Replica, {1});
        w.mustAll(kSchema);
        w.must(1, "INSERT INTO contestants VALUES (1, 'x')");
        QVERIFY(w.settles());
        w.kill(1);
        const CrashDisk::Image old = w.sim(1).disk().imageOf("");
        w.start(1);
        for (int i = 2; i <= 4; ++i) w.must(1, fmt::format("INSERT INTO contestants VALUES ({}, 'later')", i));
        QVERIFY(w.settles());
        w.kill(2);
        w.kill(1);
        w.sim(1).disk().putBack("", old);
        if (isBroken) w.sim(1).faults().arm("bug-dr-put-back-ignored");
        w.start(1);
        for (int i = 12; i <= 16; ++i) w.must(1, fmt::format("INSERT INTO contestants VALUES ({}, 'other')", i));
        w.start(2);
        w.pass(3'000);
        const bool isStopped = w.roles(1) == "'MASTER','STOPPED',2";
        QCOMPARE(isStopped, !isBroken);
        if (isBroken) {
            QVERIFY(w.sql(1, kContestants) != w.sql(2, kContestants));  // and all seems well
            return;
        }
        QVERIFY2(w.failures(1).find("DR can only be restarted from scratch") != std::string::npos,
                 w.failures(1).c_str());
        for (int i = 1; i <= 2; ++i) w.kill(i);
        for (int i = 1; i <= 2; ++i) w.start(i);
        w.pass(3'000);
        QCOMPARE(w.roles(1), std::string("'MASTER','STOPPED',2"));
    }

    void P36_promotion() {
        HostWorld w;
        w.add(vt::DrRole::Master, {});
        w.add(vt::DrRole::Replica, {1});
        w.mustAll(kSchema);
        w.must(1, vote(1));
        QVERIFY(w.settles());
        w.kill(1);
        QCOMPARE(shown(w.call(2, "@Pause")), std::string("STATUS:0"));
        QCOMPARE(shown(w.call(2, "@Promote")),
                 std::string("-2: Server is paused and is available in read-only mode - please try again later."));
        QCOMPARE(shown(w.call(2, "@Resume")), std::string("STATUS:0"));
        const vt::VoltAnswer promoted = w.call(2, "@Promote");
        QCOMPARE(promoted.text, std::string("The cluster is promoted to normal operation."));
        QCOMPARE(w.roles(2), std::string("'MASTER','PENDING',-1"));
        w.must(2, vote(2));
        QCOMPARE(shown(w.call(2, "@Promote")),
                 std::string("-2: @Promote issued on non-replica cluster. No action taken."));
        w.kill(2);
        w.start(2);
        QCOMPARE(w.roles(2), std::string("'MASTER','PENDING',-1"));
        QCOMPARE(QString::fromStdString(w.sql(2, "SELECT count(*) FROM votes")), QStringLiteral("count(*):2"));
    }

    void P20_P30_groupsThatCannotBe() {
        HostWorld w;
        w.add(vt::DrRole::Xdcr, {2});
        w.add(vt::DrRole::Xdcr, {1});
        w.mustAll(kSchema);
        w.must(1, vote(1));
        w.must(2, vote(2));
        w.pass(5'000);
        // One may have been first: then the rows arrived as those of a group.
        w.add(vt::DrRole::Replica, {1});
        QVERIFY(w.until([&] { return w.roles(3).find("STOPPED") != std::string::npos; }));
        QVERIFY(w.failures(3).find("Incompatible DR modes between two clusters") != std::string::npos);
    }

    /// Nobody could fetch from it, and nobody would be told.
    void aHostWhoseDoorIsTakenDoesNotBegin_data() {
        QTest::addColumn<bool>("withBug");
        QTest::newRow("sound") << false;
        QTest::newRow("bug-dr-begins-deaf") << true;
    }
    void aHostWhoseDoorIsTakenDoesNotBegin() {
        QFETCH(bool, withBug);
        HostWorld w;
        w.add(vt::DrRole::Master, {});
        w.must(1, kSchema);
        w.kill(1);
        const auto other = w.network().transportOf(9);
        const auto listener = other->listen({"127.0.0.1", engine::sim::SimNetwork::portOf(0, 7), {}, {}},
                                            [](const std::unique_ptr<engine::Connection>&) {});
        QVERIFY_OK(listener);
        if (withBug) w.sim(1).faults().arm("bug-dr-begins-deaf");
        QVERIFY_OK(w.sim(1).start());
        std::optional<Status> begun;
        w.control(1).begin([&](const Status& status) { begun = status; });
        QVERIFY(w.until([&] { return begun.has_value(); }));
        QCOMPARE(begun->ok(), withBug);
        if (withBug) return;
        QVERIFY(!begun->ok() && begun->error().code == ErrorCode::Conflict);
        QVERIFY2(begun->error().what.find("is in use") != std::string::npos, begun->error().what.c_str());
    }

    void threeActiveClusters() {
        HostWorld w;
        w.add(vt::DrRole::Xdcr, {2});
        w.must(1, kSchema);
        for (int i = 0; i < 20; ++i) w.must(1, vote(i));
        w.add(vt::DrRole::Xdcr, {1}, 3);
        w.must(2, kSchema);
        QVERIFY(w.settles());
        w.must(2, vote(100));
        w.must(1, "UPDATE votes SET state = 'TX' WHERE phone_number = 3");
        QVERIFY(w.settles());
        w.add(vt::DrRole::Xdcr, {2}, 1);  // P18: it names one, and learns of the other
        w.must(3, kSchema);
        QVERIFY(w.settles());
        QCOMPARE(w.roles(3), std::string("'XDCR','ACTIVE',1;'XDCR','ACTIVE',2"));
        for (int i = 1; i <= 3; ++i) {
            w.must(i, vote(1'000 + i));
            w.must(i, fmt::format("INSERT INTO contestants VALUES ({}, 'of {}')", i, i));
            w.must(i, fmt::format("UPDATE votes SET contestant_number = {} WHERE phone_number = {}", i, 10 + i));
        }
        QVERIFY(w.settles());
        for (int i = 2; i <= 3; ++i) {
            QCOMPARE(w.sql(i, kVotes), w.sql(1, kVotes));
            QCOMPARE(w.sql(i, kContestants), w.sql(1, kContestants));
        }
        for (int i = 1; i <= 3; ++i) QCOMPARE(w.statistics(i, "DRCONFLICTS").find(":1,"), std::string::npos);
        // All stop, and come back.
        for (int i = 1; i <= 3; ++i) w.powerCut(i);
        for (int i = 1; i <= 3; ++i) w.start(i);
        w.must(2, vote(5'000));
        QVERIFY(w.settles());
        for (int i = 2; i <= 3; ++i) QCOMPARE(w.sql(i, kVotes), w.sql(1, kVotes));
    }

    void P11_conflictsAreResolvedAndLogged() {
        HostWorld w;
        w.add(vt::DrRole::Xdcr, {2});
        w.must(1, kSchema);
        w.must(1, vote(1));
        w.add(vt::DrRole::Xdcr, {1});
        w.must(2, kSchema);
        QVERIFY(w.settles());
        w.must(1, "UPDATE votes SET state = 'AA' WHERE phone_number = 1");
        w.pass(5);
        w.must(2, "UPDATE votes SET state = 'BB' WHERE phone_number = 1");
        w.pass(300);
        QVERIFY(w.settles());
        QCOMPARE(w.sql(1, "SELECT state FROM votes"), std::string("STATE:'BB'"));
        QCOMPARE(w.sql(2, "SELECT state FROM votes"), std::string("STATE:'BB'"));
        for (int i = 1; i <= 2; ++i) {
            const auto conflicts = w.call(i, "@Statistics", {std::string("DRCONFLICTS"), std::int64_t{0}});
            QCOMPARE(conflicts.tables[0].rows.size(), std::size_t{1});
            QCOMPARE(shown(conflicts.tables[0].rows[0][6]), std::string("'VOTES'"));
            QCOMPARE(shown(conflicts.tables[0].rows[0][8]), std::string("1"));
            const auto text = w.sim(i).node().seams().files.readAll("/volume/conflicts.csv");
            QVERIFY_OK(text);
            const auto rows = vt::parseConflictLog(*text);
            QVERIFY_OK(rows);
            QCOMPARE(rows->size(), std::size_t{3});
            QCOMPARE((*rows)[0].decision, i == 1 ? 'A' : 'R');
        }
    }

    void P23_oneStreamForEachPartitionAndOneForAll() {
        HostWorld w;
        w.add(vt::DrRole::Master, {}, 4);
        w.add(vt::DrRole::Replica, {1});
        w.mustAll(kSchema);
        QVERIFY(w.settles());
        for (const char* selector : {"DRPRODUCER", "DRCONSUMER", "DRROLE", "DRCONFLICTS"}) {
            for (int i = 1; i <= 2; ++i) {
                const auto answer = w.call(i, "@Statistics", {std::string(selector), std::int64_t{0}});
                QVERIFY(answer.ok());
                for (const auto& table : answer.tables) {
                    for (const auto& row : table.rows) QCOMPARE(row.size(), table.columns.size());
                }
                if (i == 1 && selector == std::string("DRPRODUCER")) {
                    QCOMPARE(answer.tables.size(), std::size_t{3});
                    QCOMPARE(answer.tables[0].rows.size(), std::size_t{5});
                }
            }
        }
        // Words that are no numbers, and numbers that are none of ours.
        for (const char* word : {"-", "--1", "1-", "99999999999999999999", " "}) {
            QVERIFY2(w.call(1, "@Statistics", {std::string("DRROLE"), std::string(word)}).ok(), word);
        }
        QCOMPARE(
            shown(w.call(1, "@ResetDR", {std::string("4294967298"), std::int64_t{1}, std::int64_t{0}})).substr(0, 2),
            std::string("-2"));
        QVERIFY(w.settles());
        QCOMPARE(shown(w.call(1, "@ResetDR", {std::int64_t{9}, std::int64_t{0}, std::int64_t{0}})),
                 std::string("-2: The specified cluster ID 9 is not recognized as a member of the current DR "
                             "environment."));
    }

    void P44_anAcknowledgementThatOutranTheLogEndsDr() {
        HostWorld w;
        w.add(vt::DrRole::Master, {});
        w.add(vt::DrRole::Replica, {1}, 2, "asynchronous");
        w.mustAll(kSchema);
        QVERIFY(w.settles());
        w.pass(2'000);
        w.sim(2).faults().arm("log-window-held");
        for (int i = 0; i < 20; ++i) w.must(1, vote(i));
        QVERIFY(w.until([&] { return w.sql(2, "SELECT count(*) FROM votes") == "count(*):20"; }));
        w.pass(3'000);
        w.kill(2);
        w.sim(2).faults().disarm("log-window-held");
        w.start(2);
        QVERIFY(w.until([&] { return w.roles(2) == "'REPLICA','STOPPED',1"; }));
        QVERIFY(w.failures(2).find("DR can only be restarted from scratch") != std::string::npos);
        QCOMPARE(w.roles(1), std::string("'MASTER','STOPPED',2"));
    }

    void aMasterWithAnAsynchronousCommandLogShipsWhatIsOnItsDisk() {
        HostWorld w;
        w.add(vt::DrRole::Master, {}, 2, "asynchronous");
        w.add(vt::DrRole::Replica, {1});
        w.mustAll(kSchema);
        QVERIFY(w.settles());
        w.pass(2'000);
        w.sim(1).faults().arm("log-window-held");
        for (int i = 0; i < 20; ++i) w.must(1, vote(i));
        w.pass(2'000);
        QCOMPARE(w.sql(2, "SELECT count(*) FROM votes"), std::string("count(*):0"));
        w.kill(1);
        w.sim(1).faults().disarm("log-window-held");
        w.start(1);
        w.must(1, vote(100));
        QVERIFY(w.settles());
        QCOMPARE(w.sql(2, kVotes), w.sql(1, kVotes));
    }

    void aStreamWaitsForItsTable() {
        HostWorld w;
        w.add(vt::DrRole::Master, {}, 1);
        w.add(vt::DrRole::Replica, {1}, 1);
        w.mustAll(kSchema);
        QVERIFY(w.settles());
        w.must(1, "ALTER TABLE votes ADD COLUMN note VARCHAR(9)");
        w.must(1, "INSERT INTO votes VALUES (1, 'MA', 1, 'x')");
        w.must(1, "INSERT INTO contestants VALUES (1, 'goes on')");
        QVERIFY(w.until([&] { return w.sql(2, "SELECT count(*) FROM contestants") == "count(*):1"; }));
        QVERIFY(w.until([&] { return w.failures(2).find("Unable to find table hash") != std::string::npos; }));
        QCOMPARE(w.sql(2, "SELECT count(*) FROM votes"), std::string("count(*):0"));
        w.must(2, "ALTER TABLE votes ADD COLUMN note VARCHAR(9)");
        QVERIFY(w.settles());
        QCOMPARE(w.sql(2, "SELECT * FROM votes"), w.sql(1, "SELECT * FROM votes"));
    }

    void truncationsMeetAtAllPartitions() {
        HostWorld w;
        w.add(vt::DrRole::Master, {}, 4);
        w.add(vt::DrRole::Replica, {1}, 3);
        w.mustAll(kSchema);
        QVERIFY(w.settles());
        for (int round = 0; round < 5; ++round) {
            w.must(1, vote(round));  // the only row: of one partition
            w.must(1, "TRUNCATE TABLE votes");
            for (int i = 100; i < 104; ++i) w.must(1, vote(i));
            w.must(1, "DELETE FROM votes WHERE phone_number > 100");
        }
        QVERIFY(w.settles());
        QCOMPARE(w.sql(2, kVotes), w.sql(1, kVotes));
        QVERIFY(w.sql(1, kVotes) != w.sql(1, "SELECT phone_number, state, contestant_number FROM votes WHERE 1 = 0"));
    }
};
TRIBUTARY_TEST(TestHostDr)
#include "tst_hostdr.moc"
