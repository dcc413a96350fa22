// A start without data: who begins, what a join brings, and what is left of one that did not end.
#include "mutator.h"
#include "replicaworld.h"
#include "testmain.h"
#include "tests/engine/tarantool/fuzzing.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

class TestJoining : public QObject {
    Q_OBJECT
private slots:
    void joinsAndFollows() {
        ReplicaWorld replica;
        replica.world.begin();
        QCOMPARE(replica.said("box.info.status"), std::string("loading"));
        QCOMPARE(replica.world.lua("box.schema.space.create('x')"),
                 std::string("---\n- error: Instance bootstrap hasn't finished yet\n...\n"));
        replica.follow();
        QCOMPARE(replica.master.joins, 1);
        QCOMPARE(replica.clock(), std::string("{1: 11}"));
        QCOMPARE(replica.count(), std::string("20"));
        QCOMPARE(replica.said("box.info.id"), std::string("2"));
        QCOMPARE(replica.said("box.info.ro"), std::string("false"));
        QCOMPARE(replica.said("box.space._later ~= nil and box.space._later:get(1)[2]"), std::string("later"));
        QVERIFY(replica.master.asked.at(1) == 11);
        replica.master.send(replica.master.insert(21));
        QVERIFY(replica.until("box.space.bands:count()", "21"));
        QCOMPARE(replica.clock(), std::string("{1: 12}"));
        QVERIFY(replica.world.run([&] { return replica.master.acknowledged.at(1) == 12; }));
        QVERIFY(replica.master.acknowledgedAt > 0);
        // Its own writes have its own number.
        (void)replica.world.lua("box.space.bands:insert{99, 'mine', 1}");
        QCOMPARE(replica.clock(), std::string("{2: 1, 1: 12}"));
        const UpstreamSeen seen = replica.seen();
        QCOMPARE(seen.peer, std::string("replicator@127.0.0.1:3301"));
        QVERIFY(seen.message.empty() && seen.lagS >= 0 && seen.lagS < 1 && seen.idleS < 2);
        // What it has outlives a power cut, and no second join is needed.
        replica.world.powerCut();
        QVERIFY(replica.world.run([&] { return replica.upstream() == "follow"; }));
        QCOMPARE(replica.count(), std::string("22"));
        QVERIFY(replica.master.joins == 1 && replica.master.asked.at(1) == 12 && replica.master.asked.at(2) == 1);
    }
    void halfAJoinIsNothing_data() {
        QTest::addColumn<QString>("how");
        QTest::addColumn<bool>("bug");
        QTest::newRow("the connection ends") << "hang up" << false;
        QTest::newRow("the power goes") << "power" << false;
        QTest::newRow("the power goes, seeded bug") << "power" << true;
    }
    void halfAJoinIsNothing() {
        QFETCH(const QString, how);
        QFETCH(const bool, bug);
        ReplicaWorld replica;
        replica.master.stopsAfter = replica.master.picture.size() - 10;
        replica.world.begin();
        QVERIFY(replica.world.run([&] { return replica.reached("join-part") > 0; }));
        replica.runMs(100);
        QCOMPARE(replica.said("box.info.status"), std::string("loading"));
        QCOMPARE(replica.world.lua("box.schema.space.create('x')"),
                 std::string("---\n- error: Instance bootstrap hasn't finished yet\n...\n"));
        replica.master.stopsAfter = SIZE_MAX;
        if (how == QStringLiteral("hang up")) {
            replica.master.hangUp();
        } else {
            if (bug) replica.world.host().faults().arm("bug-join-half-kept");
            replica.world.powerCut();
        }
        const bool joined = replica.world.run([&] { return replica.upstream() == "follow"; });
        const bool isWhole = joined && replica.master.joins == 2 && replica.count() == "20" &&
                             replica.clock() == "{1: 11}" && replica.said("box.info.id") == "2";
        QCOMPARE(isWhole, !bug);
    }
    void powerMayGoAtAnyInstantOfAJoin() {
        int cutInTheMiddle = 0;
        for (int round = 0; round < 60; ++round) {
            ReplicaWorld replica;
            replica.world.begin();
            const Micros instantUs = replica.world.world().events().nowUs() + 200 * (round + 1);
            replica.world.world().runUntil(instantUs, [] { return false; });
            if (replica.reached("join-part") > 0 && replica.said("box.info.status") == "loading") ++cutInTheMiddle;
            replica.world.powerCut();
            QVERIFY(replica.world.run([&] { return replica.upstream() == "follow"; }));
            QCOMPARE(replica.count(), std::string("20"));
            QCOMPARE(replica.clock(), std::string("{1: 11}"));
            QCOMPARE(replica.said("box.space._cluster:count()"), std::string("2"));
        }
        QVERIFY(cutInTheMiddle > 0);
    }
    void damagedPicturesNeverBreakIt() {
        Mutator mutator(43);
        int joined = 0;
        for (int round = 0; round < fuzzRounds(60); ++round) {
            ReplicaWorld replica;
            Bytes good;
            for (const Packet& row : replica.master.picture) good += encodePacket(row.header, row.body);
            replica.master.damagedPicture = mutator.damaged(good);
            replica.world.begin();
            replica.runMs(3'000);
            const bool isThere = replica.said("box.info.status") == "running";
            if (isThere) ++joined;
            // What came of it or not, a whole picture makes it whole: at once, or when it is started again.
            replica.master.damagedPicture.reset();
            replica.world.powerCut();
            replica.runMs(5'000);
            QCOMPARE(replica.said("box.info.status"), std::string("running"));
            if (!isThere) QCOMPARE(replica.count(), std::string("20"));
        }
        QVERIFY(joined < fuzzRounds(60));
    }
    void waitsForAMasterThatIsNotThereYet() {
        ReplicaWorld replica;
        replica.world.world().network().refuseDials(1, true);
        replica.world.begin();
        replica.runMs(40'000);  // the time to connect is over, and it is not for one of two to begin
        QCOMPARE(replica.said("box.info.status"), std::string("loading"));
        replica.world.world().network().refuseDials(1, false);
        replica.follow();
        QCOMPARE(replica.count(), std::string("20"));
    }
    void beginsItselfWhenItIsTheLowest() {
        ReplicaWorld replica;
        replica.master.ballot.clock = Vclock();
        replica.world.begin();
        QVERIFY(replica.until("box.info.status", "running"));
        QCOMPARE(replica.clock(), std::string("{1: 3}"));
        QCOMPARE(replica.said("box.info.id"), std::string("1"));
        QCOMPARE(replica.master.joins, 0);
    }
    void waitsForTheLeaderToBegin() {
        ReplicaWorld replica([](InstanceSettings& settings) { settings.options.isReadOnly = true; });
        replica.master.ballot.clock = Vclock();
        replica.master.refusal = BoxFailure{116, "Instance bootstrap hasn't finished yet", {}};
        replica.world.begin();
        QVERIFY(replica.world.run([&] { return replica.master.joins >= 2; }));
        QCOMPARE(replica.said("box.info.status"), std::string("loading"));
        replica.master.refusal.reset();
        replica.follow();
        QCOMPARE(replica.count(), std::string("20"));
        QCOMPARE(replica.said("box.info.ro_reason"), std::string("config"));
    }
    void nobodyWritableIsAnErrorOfTheStart() {
        ReplicaWorld replica([](InstanceSettings& settings) {
            settings.options.isReadOnly = true;
            settings.isAnybodyWritable = false;
            settings.group = "group001";
        });
        std::optional<Status> answer;
        replica.world.control().begin([&](const Status& status) { answer = status; });
        QVERIFY(replica.world.run([&] { return answer.has_value(); }));
        QCOMPARE(answer->error().what,
                 std::string("Startup failure.\nNo leader to register new instance \"instance002\". All the instances "
                             "in replicaset \"replicaset001\" of group \"group001\" are configured to the read-only "
                             "mode."));
    }
    void withDataItTriesItsPeersAndThenWrites() {
        ReplicaWorld replica([](InstanceSettings& settings) { settings.options.replication.connectTimeoutMs = 5'000; });
        replica.follow();
        replica.world.world().network().refuseDials(1, true);
        replica.master.hangUp();
        replica.world.powerCut();
        replica.runMs(1'000);
        QCOMPARE(replica.said("box.info.status"), std::string("orphan"));
        QCOMPARE(replica.count(), std::string("20"));
        QCOMPARE(replica.world.lua("box.space.bands:insert{99, 'mine', 1}"),
                 std::string("---\n- error: Can't modify data on a read-only instance - it is an orphan\n...\n"));
        QCOMPARE(replica.said("require('config'):info().status"), std::string("startup_in_progress"));
        replica.runMs(5'000);
        QCOMPARE(replica.said("box.info.status"), std::string("running"));
        QCOMPARE(replica.said("box.space.bands:insert{99, 'mine', 1}"), std::string("[99, 'mine', 1]"));
        replica.world.world().network().refuseDials(1, false);
        QVERIFY(replica.world.run([&] { return replica.upstream() == "follow"; }));
    }
};

TRIBUTARY_TEST(TestJoining)
#include "tst_joining.moc"
