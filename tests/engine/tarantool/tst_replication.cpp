// Replication packets as they were seen on the wire, vector clocks, and the dialogue of an applier.
#include "engine/systems/tarantool/iproto/applier.h"

#include "engine/systems/tarantool/iproto/requests.h"
#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

Vclock clockOf(std::initializer_list<std::pair<std::uint32_t, std::int64_t>> numbers) {
    Vclock clock;
    for (const auto& [id, lsn] : numbers) (void)clock.follow(id, lsn).ok();
    return clock;
}

Packet packetOf(BytesView bytes) {
    PacketStream stream;
    stream.feed(bytes);
    auto packet = stream.next();
    return packet.ok() && packet->has_value() ? std::move(**packet) : Packet();
}

Bytes masterGreeting() {
    Greeting greeting;
    greeting.version = "2.6.0";
    greeting.instance = Uuid::fromRandom(1, 2);
    greeting.salt = Bytes(Greeting::kSaltBytes, 's');
    return greeting.encode();
}

Bytes rowBytes(std::uint32_t replica, std::int64_t lsn) {
    PacketHeader header;
    header.type = static_cast<std::uint32_t>(PacketType::Insert);
    header.replicaId = replica;
    header.lsn = lsn;
    return encodePacket(header, BodyWriter().number(BodyKey::SpaceId, 512).take());
}

ApplierSession::Options options(bool wantsData, bool isAnonymous) {
    ApplierSession::Options options;
    options.user = "replicator";
    options.password = "topsecret";
    options.wantsData = wantsData;
    options.subscription.instance = Uuid::fromRandom(3, 4);
    options.subscription.replicaset = Uuid::fromRandom(5, 6);
    options.subscription.isAnonymous = isAnonymous;
    return options;
}

QString nameOf(const ApplierEvent& event) {
    static const char* const kNames[] = {"snapshot row", "final row", "stream row", "snapshot done", "joined",
                                         "subscribed",   "heartbeat", "refused",    "voted",         "logged in"};
    return QString::fromLatin1(kNames[event.index()]);
}

QStringList events(ApplierSession& session) {
    QStringList names;
    while (const auto event = session.next()) names << nameOf(*event);
    return names;
}

}  // namespace

class TestReplication : public QObject {
    Q_OBJECT
private slots:
    void comparesClocks_data() {
        QTest::addColumn<int>("a1");
        QTest::addColumn<int>("a2");
        QTest::addColumn<int>("b1");
        QTest::addColumn<int>("b2");
        QTest::addColumn<QString>("order");
        QTest::addColumn<qint64>("behind");
        QTest::newRow("equal") << 5 << 7 << 5 << 7 << "equal" << qint64{0};
        QTest::newRow("less") << 5 << 7 << 5 << 9 << "less" << qint64{2};
        QTest::newRow("greater") << 5 << 7 << 4 << 7 << "greater" << qint64{0};
        QTest::newRow("each has more") << 5 << 7 << 8 << 6 << "unordered" << qint64{3};
    }
    void comparesClocks() {
        QFETCH(const int, a1);
        QFETCH(const int, a2);
        QFETCH(const int, b1);
        QFETCH(const int, b2);
        QFETCH(const QString, order);
        QFETCH(const qint64, behind);
        // What stays on one instance does not count.
        const Vclock a = clockOf({{0, 3}, {1, a1}, {2, a2}});
        const Vclock b = clockOf({{1, b1}, {2, b2}});
        const auto found = a.compare(b);
        QCOMPARE(found == std::partial_ordering::less         ? QStringLiteral("less")
                 : found == std::partial_ordering::greater    ? QStringLiteral("greater")
                 : found == std::partial_ordering::equivalent ? QStringLiteral("equal")
                                                              : QStringLiteral("unordered"),
                 order);
        QCOMPARE(a.rowsBehind(b), static_cast<std::int64_t>(behind));
        QCOMPARE(a.signature(), std::int64_t{3 + a1 + a2});
    }

    void followsInOrderOnly() {
        Vclock clock;
        QVERIFY_OK(clock.follow(2, 5));
        QVERIFY_OK(clock.follow(2, 9));
        QVERIFY(!clock.follow(2, 9).ok());
        QVERIFY(!clock.follow(2, 8).ok());
        QVERIFY(!clock.follow(32, 1).ok());
        QCOMPARE(clock.text(), std::string("{2: 9}"));
        QCOMPARE(clockOf({{1, 11}, {0, 2}, {2, 7}}).text(), std::string("{0: 2, 1: 11, 2: 7}"));
    }

    void writesPacketsAsOnTheWire() {
        // VOTE answered by a real 2.6.0: {29: {1: false, 4: false, 2: {1: 11, 2: 7}, 3: {1: 11}}}
        const Packet vote = packetOf(fromHex("16820000010181298401c204c20282010b0207038101 0b"));
        const auto ballot = decodeBallot(vote);
        QVERIFY_OK(ballot);
        QCOMPARE(ballot->clock.text(), std::string("{1: 11, 2: 7}"));
        QCOMPARE(ballot->collected.text(), std::string("{1: 11}"));
        QCOMPARE(toHex(heartbeat(2, 1'700'000'000.5)), QByteArray("ce0000000f830000020204cb41d954fc40200000"));
        QCOMPARE(toHex(acknowledgement(clockOf({{1, 11}, {2, 7}}))),
                 QByteArray("ce0000000a8100008126820 10b0207").replace(" ", ""));
    }

    void carriesSubscriptions() {
        Subscription asked = options(false, true).subscription;
        asked.clock = clockOf({{1, 11}, {2, 7}});
        asked.leftOut = {0, 3};
        const auto heard = decodeSubscription(packetOf(subscribeRequest(4, asked)));
        QVERIFY_OK(heard);
        QVERIFY(heard->instance == asked.instance && heard->replicaset == asked.replicaset);
        QVERIFY(heard->clock == asked.clock && heard->isAnonymous && heard->leftOut == asked.leftOut);
        QCOMPARE(heard->version, 0x00020600U);
        const auto answered = decodeSubscribed(packetOf(subscribedAnswer(4, {2, asked.replicaset, asked.clock})));
        QVERIFY_OK(answered);
        QCOMPARE(answered->masterId, 2U);
        const auto vote = decodeBallot(packetOf(ballotAnswer(1, {true, false, true, asked.clock, {}})));
        QVERIFY_OK(vote);
        QVERIFY(vote->isReadOnly && !vote->isLoading && vote->isAnonymous && vote->clock == asked.clock);
    }

    void joinsAndFollows() {
        ApplierSession session(options(true, false));
        QVERIFY(session.outgoing().empty());
        QVERIFY_OK(session.feed(masterGreeting()));
        QVERIFY(packetOf(session.outgoing()).header.is(PacketType::Auth));
        QVERIFY_OK(session.feed(clockAnswer(1, {})));
        QVERIFY(packetOf(session.outgoing()).header.is(PacketType::Join));
        const Vclock before = clockOf({{1, 11}});
        const Vclock after = clockOf({{1, 12}});
        QVERIFY_OK(session.feed(clockAnswer(2, before) + rowBytes(0, 0) + rowBytes(0, 0) + clockAnswer(2, before)));
        QCOMPARE(events(session), QStringList({QStringLiteral("snapshot row"), QStringLiteral("snapshot row"),
                                               QStringLiteral("snapshot done")}));
        QVERIFY_OK(session.feed(rowBytes(1, 12) + clockAnswer(2, after)));
        QCOMPARE(events(session), QStringList({QStringLiteral("final row"), QStringLiteral("joined")}));
        const auto subscription = decodeSubscription(packetOf(session.outgoing()));
        QVERIFY_OK(subscription);
        QVERIFY(subscription->clock == after);
        QVERIFY_OK(
            session.feed(subscribedAnswer(3, {1, Uuid::fromRandom(5, 6), after}) + heartbeat(1, 5) + rowBytes(1, 13)));
        QCOMPARE(events(session), QStringList({QStringLiteral("subscribed"), QStringLiteral("heartbeat"),
                                               QStringLiteral("stream row")}));
        QVERIFY(session.state() == ApplierSession::State::Following);
    }

    void endsWhenItIsRefused() {
        ApplierSession session(options(false, false));
        QVERIFY_OK(session.feed(masterGreeting()));
        (void)session.outgoing();
        QVERIFY_OK(session.feed(encodeFailure(1, 0, {47, "Incorrect password supplied for user 'replicator'", {}}) +
                                heartbeat(1, 5)));
        QCOMPARE(events(session), QStringList{QStringLiteral("refused")});
        QVERIFY(session.state() == ApplierSession::State::Over);
        QVERIFY(session.outgoing().empty());
    }

    void survivesDamagedDialogues() {
        const Vclock clock = clockOf({{1, 11}});
        const Bytes good = masterGreeting() + clockAnswer(1, {}) + clockAnswer(2, clock) + rowBytes(0, 0) +
                           clockAnswer(2, clock) + rowBytes(1, 12) + clockAnswer(2, clock) +
                           subscribedAnswer(3, {1, Uuid::fromRandom(5, 6), clock}) + heartbeat(1, 5) + rowBytes(1, 13);
        Mutator mutator(19);
        int followed = 0;
        for (int i = 0; i < fuzzRounds(5'000); ++i) {
            ApplierSession session(options(true, false));
            const Bytes bytes = mutator.damaged(good);
            const auto cut = static_cast<std::size_t>(mutator.below(bytes.size() + 1));
            const bool fed =
                session.feed(BytesView(bytes).substr(0, cut)).ok() && session.feed(BytesView(bytes).substr(cut)).ok();
            if (fed && session.state() == ApplierSession::State::Following) ++followed;
            QVERIFY(events(session).size() <= 20);
        }
        QVERIFY(followed > 0);
    }
};
TRIBUTARY_TEST(TestReplication)
#include "tst_replication.moc"
