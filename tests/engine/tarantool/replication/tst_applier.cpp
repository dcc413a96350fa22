// Following a master: what is written, what is passed over, what stops it, what it tries again.
#include "mutator.h"
#include "replicaworld.h"
#include "testmain.h"
#include "tests/engine/tarantool/fuzzing.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

const char* const kDuplicate =
    "Duplicate key exists in unique index \"primary\" in space \"bands\" with old tuple - [31, \"x\", 1] and new tuple "
    "- "
    "[31, \"other\", 1]";

Bytes text(std::string_view value) {
    Bytes out;
    MsgpackWriter(out).string(value);
    return out;
}

}  // namespace

class TestApplier : public QObject {
    Q_OBJECT
private slots:
    void knownRowsAreNotLoggedAgain() {
        ReplicaWorld replica;
        replica.follow();
        const Packet first = replica.master.insert(31);
        replica.master.send(first);
        QVERIFY(replica.until("box.space.bands:count()", "21"));
        const Lsn head = replica.head();
        replica.master.send(first);
        replica.master.send(first);
        replica.runMs(3'000);
        QCOMPARE(replica.head(), head);
        QVERIFY(replica.reached("decided-nothing") > 0);
        QCOMPARE(replica.upstream(), std::string("follow"));
        // Known and new ones in one piece: only the new one counts.
        const Packet second = replica.master.insert(32);
        replica.master.sendBytes(encodePacket(first.header, first.body) + encodePacket(second.header, second.body));
        QVERIFY(replica.until("box.info.vclock", "{1: 13}"));
        QCOMPARE(replica.count(), std::string("22"));
    }
    void transactionIsWholeOrNotThere() {
        ReplicaWorld replica;
        replica.follow();
        std::vector<Packet> rows{replica.master.insert(31), replica.master.insert(32), replica.master.insert(33)};
        replica.master.sendTransaction({rows[0], rows[1]}, false);
        replica.runMs(2'000);
        QCOMPARE(replica.count(), std::string("20"));
        replica.master.hangUp();
        QVERIFY(replica.world.run([&] { return replica.upstream() == "disconnected"; }));
        QVERIFY(replica.seen().message.find("unexpected EOF when reading from socket") == 0);
        QCOMPARE(replica.seen().systemMessage, std::string("Broken pipe"));
        QVERIFY(replica.world.run([&] { return replica.upstream() == "follow"; }));
        QVERIFY(replica.seen().message.empty());
        QCOMPARE(replica.master.asked.at(1), std::int64_t{11});
        const Lsn head = replica.head();
        replica.master.sendTransaction(rows);
        QVERIFY(replica.until("box.info.vclock", "{1: 14}"));
        QCOMPARE(replica.count(), std::string("23"));
        QCOMPARE(replica.head(), head + 1);
    }
    void conflictStopsAndStays_data() {
        QTest::addColumn<bool>("bug");
        QTest::newRow("as built") << false;
        QTest::newRow("seeded bug") << true;
    }
    void conflictStopsAndStays() {
        QFETCH(const bool, bug);
        ReplicaWorld replica;
        if (bug) replica.world.host().faults().arm("bug-applier-goes-on-after-conflict");
        replica.follow();
        (void)replica.world.lua("box.space.bands:insert{31, 'x', 1}");
        replica.runMs(10'000);
        // Three transactions in one piece: what was before the conflict is in, nothing behind it.
        const std::vector<Packet> rows{replica.master.insert(30), replica.master.insert(31, "other"),
                                       replica.master.insert(32)};
        Bytes piece;
        for (const Packet& row : rows) piece += encodePacket(row.header, row.body);
        const int accepted = replica.master.accepted;
        replica.master.sendBytes(piece);
        replica.world.run([&] { return replica.upstream() == "stopped" || replica.count() == "23"; });
        QCOMPARE(replica.upstream() == "stopped", !bug);
        if (bug) return;
        QCOMPARE(replica.seen().message, std::string(kDuplicate));
        QVERIFY(
            replica.logHas("error applying row: {type: 'INSERT', replica_id: 1, lsn: 13, space_id: 512, index_id: "
                           "0, tuple: [31, \"other\", 1]}"));
        QCOMPARE(replica.clock(), std::string("{2: 1, 1: 12}"));
        QCOMPARE(replica.count(), std::string("22"));
        const double lagS = replica.seen().lagS;
        replica.runMs(20'000);
        QCOMPARE(replica.upstream(), std::string("stopped"));
        QCOMPARE(replica.master.accepted, accepted);
        QVERIFY(replica.seen().idleS > 19 && replica.seen().lagS == lagS);
        QCOMPARE(replica.said("box.info.status"), std::string("running"));
        (void)replica.world.lua("box.space.bands:insert{77, 'goes on', 1}");
        QCOMPARE(replica.count(), std::string("23"));
        // An equal list changes nothing.
        InstanceOptions options = replica.world.settings().options;
        replica.world.configured = options;
        QCOMPARE(replica.world.lua("require('config'):reload()"), std::string("---\n...\n"));
        replica.runMs(3'000);
        QCOMPARE(replica.master.accepted, accepted);
        // Another one does: its own address has gone from it, with iproto.listen.
        options.listen.clear();
        options.peers.pop_back();
        replica.world.configured = options;
        (void)replica.world.lua("box.space.bands:delete(31)");
        QCOMPARE(replica.world.lua("require('config'):reload()"), std::string("---\n...\n"));
        QVERIFY(replica.world.run([&] { return replica.master.accepted > accepted && replica.master.isSubscribed; }));
        QCOMPARE(replica.master.asked.at(1), std::int64_t{12});
        for (const Packet& row : {rows[1], rows[2]}) replica.master.send(row);
        QVERIFY(replica.until("box.info.vclock[1]", "14"));
        QCOMPARE(replica.said("box.space.bands:get(31)"), std::string("[31, 'other', 1]"));
        QVERIFY(replica.world.run([&] { return replica.upstream() == "follow"; }));
    }
    void changedListKeepsWhoIsInStep() {
        ReplicaWorld replica;
        replica.follow();
        const int accepted = replica.master.accepted;
        InstanceOptions options = replica.world.settings().options;
        options.peers.pop_back();
        replica.world.configured = options;
        QCOMPARE(replica.world.lua("require('config'):reload()"), std::string("---\n...\n"));
        QCOMPARE(replica.upstream(), std::string("follow"));
        options.peers.clear();
        replica.world.configured = options;
        QCOMPARE(replica.world.lua("require('config'):reload()"), std::string("---\n...\n"));
        QVERIFY(replica.upstream().empty());
        QCOMPARE(replica.master.accepted, accepted);
    }
    void peerThatIsItselfOrThereTwiceIsDropped() {
        ReplicaWorld replica([](InstanceSettings& settings) {
            settings.options.peers.push_back("replicator@127.0.0.1:3303");
            settings.options.peers.push_back("replicator@127.0.0.1:3304");
        });
        ScriptedMaster self(replica.world, 3303);
        self.uuid = replica.world.settings().uuid;
        ScriptedMaster twin(replica.world, 3304);
        replica.follow();
        QVERIFY(replica.world.run([&] { return twin.accepted > 0 && self.accepted > 0; }));
        QVERIFY(replica.world.run([&] { return replica.logHas("duplicate connection to the same replica"); }));
        replica.runMs(5'000);
        QVERIFY(twin.accepted == 1 && self.accepted == 1);
        QCOMPARE(replica.upstream(), std::string("follow"));
        for (const std::string& line : replica.world.log) QVERIFY(line.find("topsecret") == std::string::npos);
    }
    void conflictIsPassedOverWhereTheConfigurationSaysSo() {
        ReplicaWorld replica([](InstanceSettings& settings) { settings.options.replication.skipsConflicts = true; });
        replica.follow();
        (void)replica.world.lua("box.space.bands:insert{31, 'x', 1}");
        replica.master.sendTransaction(
            {replica.master.insert(30), replica.master.insert(31, "other"), replica.master.insert(32)});
        QVERIFY(replica.until("box.info.vclock", "{2: 1, 1: 14}"));
        QCOMPARE(replica.said("box.space.bands:get(31)"), std::string("[31, 'x', 1]"));
        QCOMPARE(replica.count(), std::string("23"));
        QCOMPARE(replica.upstream(), std::string("follow"));
    }
    void acknowledgesWhatIsDurable_data() {
        QTest::addColumn<bool>("bug");
        QTest::newRow("as built") << false;
        QTest::newRow("seeded bug") << true;
    }
    void acknowledgesWhatIsDurable() {
        QFETCH(const bool, bug);
        int early = 0;
        for (int round = 0; round < 5; ++round) {
            ReplicaWorld replica;
            replica.follow();
            // An acknowledgement is faster than a disk.
            sim::PathRule quick;
            quick.latencyUs = 1;
            quick.jitterUs = 0;
            replica.world.world().network().setRule(0, 1, quick);
            if (bug) replica.world.host().faults().arm("bug-applier-acks-early");
            replica.master.send(replica.master.insert(100));
            QVERIFY(replica.world.run([&] { return replica.master.acknowledged.at(1) >= replica.master.lastLsn; }));
            replica.world.powerCut();
            if (replica.world.control().ballot().clock.at(1) < replica.master.lastLsn) ++early;
        }
        QCOMPARE(early > 0, bug);
    }
    void silentMasterIsDroppedAndTriedAgain() {
        ReplicaWorld replica;
        replica.follow();
        replica.master.isSilent = true;
        QVERIFY(replica.world.run([&] { return replica.upstream() == "disconnected"; }));
        QCOMPARE(replica.seen().message, std::string("timed out"));
        QVERIFY(replica.seen().idleS >= 4 && replica.seen().idleS < 6);
        replica.master.isSilent = false;
        QVERIFY(replica.world.run([&] { return replica.upstream() == "follow"; }));
        QVERIFY(replica.seen().message.empty());
    }
    void refusalsThatTimeMayMendAreTriedAgain_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("status");
        QTest::newRow("loading") << 116 << "Instance bootstrap hasn't finished yet"
                                 << "loading";
        QTest::newRow("access") << 42 << "Read access to universe '' is denied for user 'replicator'"
                                << "loading";
        QTest::newRow("not registered") << 62 << "Replica x is not registered with replica set y"
                                        << "loading";
        QTest::newRow("a gap") << 0 << "Missing .xlog file between LSN 15 {1: 11, 2: 4} and 20 {1: 11, 2: 9}"
                               << "loading";
        QTest::newRow("another replica set") << 63 << "Replica set UUID mismatch: expected a, got b"
                                             << "stopped";
    }
    void refusalsThatTimeMayMendAreTriedAgain() {
        QFETCH(const int, code);
        QFETCH(const QString, message);
        QFETCH(const QString, status);
        ReplicaWorld replica;
        replica.follow();
        replica.master.refusal = BoxFailure{static_cast<std::uint32_t>(code), message.toStdString(), {}};
        replica.master.hangUp();
        QVERIFY(replica.world.run([&] { return replica.upstream() == status.toStdString(); }));
        QCOMPARE(replica.seen().message, message.toStdString());
        replica.master.refusal.reset();
        const bool isBack = replica.world.run([&] { return replica.upstream() == "follow"; });
        QCOMPARE(isBack, status == QStringLiteral("loading"));
    }
    void wrongPasswordIsShownAndTriedAgain() {
        ReplicaWorld replica;
        replica.master.password = "other";
        replica.world.begin();
        QVERIFY(replica.world.run([&] { return replica.upstream() == "loading"; }));
        QCOMPARE(replica.seen().message, std::string("Incorrect password supplied for user 'replicator'"));
        replica.master.password = "topsecret";
        QVERIFY(replica.world.run([&] { return replica.upstream() == "follow"; }));
        for (const std::string& line : replica.world.log) QVERIFY(line.find("topsecret") == std::string::npos);
        QVERIFY(replica.world.lua("box.cfg").find("topsecret") == std::string::npos);
        QVERIFY(replica.world.lua("box.info").find("topsecret") == std::string::npos);
    }
    void operationsOfRowsCountAsTheySay() {
        ReplicaWorld replica;
        replica.follow();
        const Bytes key = keyOf({1});
        // As a real instance logs what net.box asked for: fields from 0.
        Packet fromZero = updateRow(ScriptedMaster::kBands, 0, key, setField(1, text("zero")));
        fromZero.body = BodyWriter()
                            .number(BodyKey::SpaceId, ScriptedMaster::kBands)
                            .raw(BodyKey::Key, key)
                            .raw(BodyKey::Tuple, setField(1, text("zero")))
                            .take();
        replica.master.send(replica.master.row(fromZero));
        QVERIFY(replica.until("box.space.bands:get(1)", "[1, 'zero', 1981]"));
        replica.master.send(replica.master.row(updateRow(ScriptedMaster::kBands, 0, key, setField(2, text("one")))));
        QVERIFY(replica.until("box.space.bands:get(1)", "[1, 'one', 1981]"));
        // What changes nothing has its number all the same.
        replica.master.send(replica.master.row(deleteRow(ScriptedMaster::kBands, 0, keyOf({4'711}))));
        QVERIFY(replica.until("box.info.vclock", "{1: 14}"));
    }
    void slowDiskPushesBack() {
        ReplicaWorld replica;
        replica.follow();
        sim::WorkPace slow;
        slow.leastUs = slow.mostUs = 400'000;
        replica.world.host().workers().setPace(WorkKind::LogSync, slow);
        const std::string much(20'000, 'm');
        for (std::uint64_t id = 100; id < 600; ++id) replica.master.send(replica.master.insert(id, much));
        QVERIFY(replica.until("box.space.bands:count()", "520"));
        QVERIFY(replica.reached("applier-paused") > 0);
        QCOMPARE(replica.upstream(), std::string("follow"));
    }
    void damagedBytesNeverBreakIt() {
        Mutator mutator(41);
        int stopped = 0;
        int followed = 0;
        for (int round = 0; round < fuzzRounds(40); ++round) {
            ReplicaWorld replica;
            replica.follow();
            Bytes good;
            for (std::uint64_t id = 100; id < 104; ++id) {
                const Packet row = replica.master.insert(id);
                good += encodePacket(row.header, row.body);
            }
            replica.master.sendBytes(mutator.damaged(good));
            replica.runMs(3'000);
            const std::string status = replica.upstream();
            if (status == "stopped") ++stopped;
            if (status == "follow") ++followed;
            QVERIFY2(status == "stopped" || status == "follow" || status == "disconnected" || status == "connect" ||
                         status == "loading" || status == "sync",
                     status.c_str());
            if (status == "stopped") QVERIFY(!replica.seen().message.empty());
            // Whatever came, it is an instance that takes writes and survives.
            QCOMPARE(replica.said("box.space.bands:replace{1, 'mine', 1}"), std::string("[1, 'mine', 1]"));
            replica.world.powerCut();
            QVERIFY(replica.until("box.space.bands:get(1)", "[1, 'mine', 1]"));
        }
        QVERIFY(stopped > 0 && followed > 0);
    }
};

TRIBUTARY_TEST(TestApplier)
#include "tst_applier.moc"
