// An instance as a master: who joins, what follows, what is held for whom.
#include <QByteArray>

#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/spaceplan.h"
#include "engine/systems/tarantool/iproto/greeting.h"
#include "masterworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

constexpr std::uint32_t kBandsSpace = 512;

/// Spaces of rows, each as often as it comes.
std::map<std::uint32_t, int> spacesOf(const std::vector<Packet>& rows) {
    std::map<std::uint32_t, int> spaces;
    for (const Packet& row : rows) ++spaces[spaceOf(row)];
    return spaces;
}

bool ascend(const std::vector<Packet>& rows) {
    return std::is_sorted(rows.begin(), rows.end(),
                          [](const Packet& one, const Packet& other) { return spaceOf(one) < spaceOf(other); });
}

}  // namespace

class TestRelays : public QObject {
    Q_OBJECT
private slots:
    void aJoinGivesAPictureThenTheRegistrationThenFollows() {
        Master master;
        ReplicaClient replica(master.world, joining(master.world, "instance001"));
        QVERIFY2(replica.isSubscribed(), replica.refused ? replica.refused->message.c_str() : "no answer");
        QVERIFY(ascend(replica.snapshot));
        auto spaces = spacesOf(replica.snapshot);
        QCOMPARE(spaces[kBandsSpace], 1);
        QCOMPARE(spaces[kClusterSpace], 1);
        QVERIFY(spaces[kSpaceSpace] > 5 && spaces[kIndexSpace] > 10 && spaces[kUserSpace] == 7);
        for (const Packet& row : replica.snapshot) QCOMPARE(row.header.lsn, std::int64_t{0});
        QCOMPARE(replica.final.size(), std::size_t{1});
        QCOMPARE(spaceOf(replica.final.front()), static_cast<std::uint32_t>(kClusterSpace));
        QCOMPARE(replica.joinedAt.text(), master.clock());
        QCOMPARE(replica.subscribed->masterId, 1U);
        QVERIFY(replica.subscribed->replicaset == master.world.settings().replicasetUuid);
        QCOMPARE(master.world.lua("box.space._cluster:select()"),
                 std::string("---\n- - [1, '4cfa6e3c-625e-b027-00a7-29b2f2182f23', 'instance002']\n"
                             "  - [2, '9bb111c2-3ff5-36a7-00f4-2b9a573ea660']\n...\n"));
        master.insert(2, 40);
        QVERIFY(replica.isInSync());
        QCOMPARE(replica.stream.size(), std::size_t{39});
        QCOMPARE(replica.repeated, 0);
        QVERIFY(replica.until([&] { return master.downstream(2) == kFollows; }));
        const std::string clock = std::to_string(replica.clock.at(1));
        QVERIFY(replica.until([&] {
            return master.world.lua("box.info.gc().consumers") ==
                   "---\n- - signature: " + clock + "\n    name: replica 9bb111c2-3ff5-36a7-00f4-2b9a573ea660\n" +
                       "    vclock: {1: " + clock + "}\n...\n";
        }));
        QCOMPARE(master.world.lua("box.info.replication_anon.count, box.info.gc().signature"),
                 "---\n- 0\n- " + clock + "\n...\n");
        QCOMPARE(master.world.lua("box.info.replication[1].downstream"), std::string("---\n- null\n...\n"));
    }

    void whatIsWrittenWhileItJoinsIsNeitherLostNorSentTwice() {
        Master master;
        master.insert(2, 3'000);
        ReplicaClient replica(master.world, joining(master.world, "instance001"));
        QVERIFY(replica.until([&] { return replica.snapshot.size() > 100; }));
        QVERIFY(replica.joinedAt.signature() == 0);
        (void)master.world.lua("box.space.bands:delete { 1 } box.space.bands:replace { 5'000, 'late' }");
        (void)master.world.lua("box.space.bands:replace { 5000, 'late' }");
        QVERIFY(replica.isSubscribed());
        QCOMPARE(spacesOf(replica.snapshot)[kBandsSpace], 3'000);
        QVERIFY(replica.isInSync());
        const auto late = spacesOf(replica.final)[kBandsSpace] + spacesOf(replica.stream)[kBandsSpace];
        QVERIFY2(late >= 1, "the write is behind the picture");
        QCOMPARE(replica.repeated, 0);
        QCOMPARE(replica.clock.text(), master.clock());
    }

    void transactionsGoWhole() {
        Master master;
        ReplicaClient replica(master.world, joining(master.world, "instance001"));
        QVERIFY(replica.isSubscribed());
        (void)master.world.lua(
            "box.begin() for i = 10, 12 do box.space.bands:insert { i, 'y' } end box.commit() "
            "box.space.bands:insert { 13, 'alone' }");
        QVERIFY(replica.isInSync());
        QCOMPARE(replica.stream.size(), std::size_t{4});
        const std::int64_t first = replica.stream[0].header.lsn;
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(replica.stream[i].header.transactionId, first);
            QCOMPARE(replica.stream[i].header.isCommit, i == 2);
        }
        QCOMPARE(replica.stream[3].header.transactionId, std::int64_t{0});
        QVERIFY(replica.stream[3].header.timestamp > 0);
    }

    void aReplicaThatWasCutGoesOnFromItsClock_data() {
        QTest::addColumn<QString>("bug");
        QTest::newRow("as it is") << QString();
        QTest::newRow("a relay leaves rows out") << QStringLiteral("bug-relay-skips-row");
    }
    void aReplicaThatWasCutGoesOnFromItsClock() {
        QFETCH(const QString, bug);
        Master master;
        if (!bug.isEmpty()) master.world.host().faults().arm(bug.toStdString());
        ReplicaClient first(master.world, joining(master.world, "instance001"));
        QVERIFY(first.isSubscribed());
        master.insert(2, 60);
        (void)first.until([&] { return first.stream.size() > 20; });
        const Vclock reached = first.clock;
        const std::size_t had = first.stream.size();
        first.cut();
        QVERIFY(master.world.run([&] { return master.downstream(2) == kStopped; }));
        QCOMPARE(master.world.lua("box.info.replication[2].downstream"),
                 std::string("---\n- status: stopped\n  message: 'unexpected EOF when reading from socket: Broken "
                             "pipe'\n  system_message: Broken pipe\n...\n"));
        master.insert(61, 200);
        ReplicaClient second(master.world, plan(master.world, "instance001", reached));
        const bool isWhole = second.isInSync() && second.repeated == 0 && had + second.stream.size() == 199;
        QCOMPARE(isWhole, bug.isEmpty());
        QCOMPARE(master.downstream(2), kFollows);
    }

    void afterAPowerCutOfTheMasterTheLogIsSearchedOnce() {
        Master master;
        ReplicaClient first(master.world, joining(master.world, "instance001"));
        QVERIFY(first.isSubscribed());
        const Vclock reached = first.clock;
        first.cut();
        master.insert(2, 300);
        master.world.powerCut();
        ReplicaClient second(master.world, plan(master.world, "instance001", reached));
        QVERIFY(second.isInSync());
        QCOMPARE(second.stream.size(), std::size_t{299});
        QCOMPARE(master.reached("relay-log-scanned"), std::uint64_t{1});
        second.cut();
        QVERIFY(master.world.run([&] { return master.downstream(2) == kStopped; }));
        ReplicaClient third(master.world, plan(master.world, "instance001", reached));
        QVERIFY(third.isInSync());
        QCOMPARE(master.reached("relay-log-scanned"), std::uint64_t{1});
    }

    void aSlowReaderHoldsLittleAndGetsAll() {
        Master master;
        auto slow = joining(master.world, "instance001");
        slow.acknowledges = false;
        ReplicaClient replica(master.world, slow);
        QVERIFY(replica.isSubscribed());
        replica.pause(true);
        for (int i = 0; i < 6; ++i) {
            (void)master.world.lua("for i = 1, 1000 do box.space.bands:replace { i, string.rep('x', 1000) } end");
            replica.acknowledge();
        }
        QCOMPARE(master.downstream(2), kFollows);
        replica.pause(false);
        QVERIFY(replica.isInSync());
        QCOMPARE(replica.stream.size(), std::size_t{6'000});
    }

    void aJoinerThatTakesNothingIsGivenUp() {
        Master master;
        (void)master.world.lua("for i = 1, 6000 do box.space.bands:replace { i, string.rep('x', 1000) } end");
        ReplicaClient replica(master.world, joining(master.world, "instance001"));
        QVERIFY(replica.until([&] { return !replica.snapshot.empty(); }));
        replica.pause(true);
        QVERIFY(master.world.run([&] { return master.reached("join-stalled") == 1; }));
        QCOMPARE(master.world.lua("box.space._cluster:count()"), std::string("---\n- 1\n...\n"));
        QCOMPARE(master.world.control().neededFrom(), kHoldsNothing);
    }

    void whoIsNotHeardOfForFourSecondsIsCut() {
        Master master;
        auto silent = joining(master.world, "instance001");
        silent.acknowledges = false;
        ReplicaClient replica(master.world, silent);
        QVERIFY(replica.isSubscribed());
        QVERIFY(master.world.run([&] { return replica.isClosed; }));
        QVERIFY2(replica.heartbeats >= 3 && replica.heartbeats <= 5, std::to_string(replica.heartbeats).c_str());
        QCOMPARE(master.world.lua("box.info.replication[2].downstream.message"),
                 std::string("---\n- timed out\n...\n"));
    }

    void refusesInTarantoolsWords_data() {
        QTest::addColumn<QString>("who");
        QTest::addColumn<bool>("joins");
        QTest::addColumn<QString>("told");
        const QString denied = QStringLiteral("Read access to universe '' is denied for user '%1'");
        QTest::newRow("guest joins") << QString() << true << denied.arg(QLatin1String("guest"));
        QTest::newRow("guest subscribes") << QString() << false << denied.arg(QLatin1String("guest"));
        QTest::newRow("nobody joins") << QStringLiteral("nobody") << true << denied.arg(QLatin1String("nobody"));
        QTest::newRow("a stranger subscribes")
            << QStringLiteral("replicator") << false
            << QStringLiteral("Replica 9bb111c2-3ff5-36a7-00f4-2b9a573ea660 is not registered with replica set %1");
    }
    void refusesInTarantoolsWords() {
        QFETCH(const QString, who);
        QFETCH(const bool, joins);
        QFETCH(const QString, told);
        Master master;
        auto asks = plan(master.world, "instance001");
        asks.wantsData = joins;
        asks.user = who.toStdString();
        if (who == QLatin1String("nobody")) asks.password = "x";
        ReplicaClient replica(master.world, asks);
        QVERIFY(replica.until([&] { return replica.refused.has_value(); }));
        const QString set = QString::fromStdString(master.world.settings().replicasetUuid.text());
        QCOMPARE(QString::fromStdString(replica.refused->message), told.contains(u"%1") ? told.arg(set) : told);
        QVERIFY(replica.snapshot.empty());
    }

    void aReadOnlyInstanceRegistersNobodyAndServesWhoIsRegistered() {
        Master master;
        ReplicaClient known(master.world, joining(master.world, "instance001"));
        QVERIFY(known.isSubscribed());
        known.cut();
        master.world.settings().options.isReadOnly = true;
        ReplicaClient stranger(master.world, joining(master.world, "instance003"));
        QVERIFY(stranger.until([&] { return stranger.refused.has_value(); }));
        QCOMPARE(stranger.refused->code, 7U);
        const std::string before = master.clock();
        ReplicaClient again(master.world, joining(master.world, "instance001"));
        QVERIFY(again.isSubscribed());
        QVERIFY(again.final.empty());
        QCOMPARE(master.clock(), before);
    }

    void idsAreTheLowestFree() {
        Master master;
        (void)master.world.lua("box.space._cluster:insert { 3, '9a3a1b9b-8a18-baf6-00b3-a6e5e11fd8b6' }");
        ReplicaClient second(master.world, joining(master.world, "instance001"));
        ReplicaClient fourth(master.world, joining(master.world, "instance004"));
        QVERIFY(second.isSubscribed() && fourth.isSubscribed());
        QCOMPARE(master.world.lua("local ids = {} for _, t in pairs(box.space._cluster:select()) do "
                                  "table.insert(ids, t[1]) end return ids"),
                 std::string("---\n- - 1\n  - 2\n  - 3\n  - 4\n...\n"));
        (void)master.world.lua(
            "for i = 5, 31 do box.space._cluster:insert { i, "
            "string.format('9a3a1b9b-8a18-4af6-80b3-a6e5e11fd8%02d', i) } end");
        ReplicaClient late(master.world, joining(master.world, "instance005"));
        QVERIFY(late.until([&] { return late.refused.has_value(); }));
        QCOMPARE(late.refused->message, std::string("Replica count limit reached: 32"));
    }

    void aNameIsOneMembersAlone() {
        Master master;
        auto named = joining(master.world, "instance001");
        named.name = "instance001";
        ReplicaClient first(master.world, named);
        QVERIFY(first.isSubscribed());
        const auto members = [&] { return master.world.lua("box.space._cluster:select { 2 }"); };
        QCOMPARE(members(), std::string("---\n- - [2, '9bb111c2-3ff5-36a7-00f4-2b9a573ea660', 'instance001']\n...\n"));
        // The same name with another uuid, as of an instance that lost its files and made a new one.
        auto fresh = joining(master.world, "another");
        fresh.name = "instance001";
        ReplicaClient early(master.world, fresh);
        QVERIFY(early.until([&] { return early.refused.has_value(); }));
        QCOMPARE(early.refused->code, 269U);
        QCOMPARE(early.refused->message, std::string("Duplicate replica name instance001, already occupied by "
                                                     "9bb111c2-3ff5-36a7-00f4-2b9a573ea660"));
        QVERIFY(early.snapshot.empty());
        first.cut();
        QVERIFY(master.world.run([&] { return master.downstream(2) == kStopped; }));
        ReplicaClient late(master.world, fresh);
        QVERIFY(late.isSubscribed());
        QCOMPARE(members(), "---\n- - [2, '" + uuidFromName("another").text() + "', 'instance001']\n...\n");
        auto itself = joining(master.world, "instance003");
        itself.name = "instance002";
        ReplicaClient twin(master.world, itself);
        QVERIFY(twin.until([&] { return twin.refused.has_value(); }));
        QCOMPARE(twin.refused->code, 269U);
    }

    void oneRelayForEachReplica() {
        Master master;
        ReplicaClient first(master.world, joining(master.world, "instance001"));
        QVERIFY(first.isSubscribed());
        ReplicaClient twin(master.world, plan(master.world, "instance001", first.clock));
        QVERIFY(twin.until([&] { return twin.refused.has_value(); }));
        QCOMPARE(twin.refused->message, std::string("Incorrect value for option 'replication': duplicate connection "
                                                    "with the same replica UUID"));
        auto self = plan(master.world, "instance002", first.clock);
        ReplicaClient itself(master.world, self);
        QVERIFY(itself.until([&] { return itself.refused.has_value(); }));
        QCOMPARE(itself.refused->code, 117U);
    }

    void anonymousOnesFollowAndHoldNothing() {
        Master master;
        auto asks = anonymous(master.world, "instance001");
        asks.wantsData = true;
        ReplicaClient replica(master.world, asks);
        QVERIFY(replica.isSubscribed());
        QCOMPARE(spacesOf(replica.snapshot)[kBandsSpace], 1);
        QCOMPARE(master.world.lua("box.info.replication_anon.count"), std::string("---\n- 1\n...\n"));
        master.insert(2, 20);
        QVERIFY(replica.isInSync());
        QCOMPARE(replica.stream.size(), std::size_t{19});
        QCOMPARE(master.world.lua("box.space._cluster:count()"), std::string("---\n- 1\n...\n"));
        QCOMPARE(master.world.control().neededFrom(), kHoldsNothing);
        // It registers, and is one like others.
        const Vclock has = replica.clock;
        master.insert(21, 30);
        DoorlessRegistration registration(master.world, "instance001", has);
        QCOMPARE(registration.rows, 11);
        QCOMPARE(registration.clock.text(), master.clock());
        QCOMPARE(master.world.lua("box.space._cluster:count()"), std::string("---\n- 2\n...\n"));
    }

    void whatIsNoAcknowledgementEndsTheSession() {
        Master master;
        ReplicaClient replica(master.world, joining(master.world, "instance001"));
        QVERIFY(replica.isSubscribed());
        PacketHeader header;
        header.type = static_cast<std::uint32_t>(PacketType::Select);
        replica.send(encodePacket(header, BodyWriter().take()));
        QVERIFY(master.world.run([&] { return replica.isClosed; }));
        QCOMPARE(master.downstream(2), kStopped);
        QCOMPARE(master.world.lua("box.space.bands:count()"), std::string("---\n- 1\n...\n"));
    }

    void aDoorThatShutsKeepsThoseWhoFollow() {
        Master master;
        ReplicaClient replica(master.world, joining(master.world, "instance001"));
        QVERIFY(replica.isSubscribed());
        InstanceOptions shut = master.world.settings().options;
        shut.listen.clear();
        master.world.configured = shut;
        QCOMPARE(master.world.lua("require('config'):reload()"), std::string("---\n...\n"));
        QVERIFY(!master.world.control().doorEndpoint());
        master.insert(2, 10);
        QVERIFY(replica.isInSync());
        QCOMPARE(master.downstream(2), kFollows);
    }

private:
    /// REGISTER, which an applier of ours does not ask.
    struct DoorlessRegistration {
        DoorlessRegistration(InstanceWorld& world, const std::string& name, const Vclock& has) {
            auto connection = world.outside().dial(*world.control().doorEndpoint());
            Bytes head;
            PacketStream stream;
            bool isDone = false;
            connection->onBytes = [&](BytesView bytes) {
                const BytesView greeting = bytes.substr(0, Greeting::kSize - head.size());
                if (head.size() < Greeting::kSize) {
                    head.append(greeting);
                    bytes.remove_prefix(greeting.size());
                    if (head.size() < Greeting::kSize) return;
                    connection->send(authRequest(1, Greeting::decode(head).value().salt, "replicator", "topsecret"));
                    Bytes map;
                    has.append(map);
                    PacketHeader header;
                    header.type = static_cast<std::uint32_t>(PacketType::Register);
                    header.sync = 2;
                    connection->send(encodePacket(header, BodyWriter()
                                                              .text(BodyKey::InstanceUuid, uuidFromName(name).text())
                                                              .raw(BodyKey::Vclock, map)
                                                              .take()));
                }
                stream.feed(bytes);
                while (true) {
                    auto packet = stream.next();
                    if (!packet || !packet.value()) return;
                    const PacketHeader& got = packet.value()->header;
                    if (got.is(PacketType::Ok) && got.sync == 1) continue;
                    if (!got.is(PacketType::Ok)) {
                        ++rows;
                        continue;
                    }
                    clock = decodeClock(*packet.value()).value();
                    isDone = true;
                }
            };
            world.run([&] { return isDone; });
        }
        int rows = 0;
        Vclock clock;
    };
};
TRIBUTARY_TEST(TestRelays)
#include "tst_relays.moc"
