// Packets: bytes of a real conversation, any split of a stream, thousands of damaged ones.
#include "engine/systems/tarantool/iproto/packet.h"

#include "engine/systems/tarantool/iproto/requests.h"
#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

PacketHeader headerOf(PacketType type, std::uint64_t sync) {
    PacketHeader header;
    header.type = static_cast<std::uint32_t>(type);
    header.sync = sync;
    return header;
}

PacketHeader rowOf(std::int64_t lsn, std::int64_t transaction, bool isCommit) {
    PacketHeader header = headerOf(PacketType::Insert, 0);
    header.replicaId = 2;
    header.lsn = lsn;
    header.timestamp = 1'700'000'000.5;
    header.transactionId = transaction;
    header.isCommit = isCommit;
    return header;
}

/// Three packets of different shapes.
std::vector<Bytes> conversation() {
    BoxFailure failure{3,
                       "Duplicate key exists in unique index 'primary' in space 'bands'",
                       {{"ClientError", "memtx_tree.cc", 7, "Duplicate key", 0, 3}}};
    Bytes arguments;
    MsgpackWriter(arguments).string("box.info.vclock");
    return {evalRequest(2, "return ...", {arguments}), encodeFailure(2, 78, failure),
            encodePacket(rowOf(9, 8, true), BodyWriter().number(BodyKey::SpaceId, 512).take())};
}

}  // namespace

class TestPacket : public QObject {
    Q_OBJECT
private slots:
    void writesRequests_data() {
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QByteArray>("expected");
        Bytes one;
        MsgpackWriter(one).unsignedInteger(1);
        QTest::newRow("ping") << toHex(pingRequest(5)) << QByteArray("ce00000006820040010580");
        QTest::newRow("eval") << toHex(evalRequest(1, "return ...", {one}))
                              << QByteArray("ce000000158200080101822 7aa72657475726e202e2e2e219101").replace(" ", "");
        QTest::newRow("row alone") << toHex(encodePacket(rowOf(8, 8, true), BodyWriter().take()))
                                   << toHex(encodePacket(rowOf(8, 0, true), BodyWriter().take()));
    }
    void writesRequests() {
        QFETCH(const QByteArray, hex);
        QFETCH(const QByteArray, expected);
        QCOMPARE(hex, expected);
    }

    void keepsTransactionsOfRows_data() {
        QTest::addColumn<qint64>("lsn");
        QTest::addColumn<qint64>("transaction");
        QTest::addColumn<bool>("commit");
        QTest::newRow("alone") << qint64{8} << qint64{0} << true;
        QTest::newRow("first") << qint64{8} << qint64{8} << false;
        QTest::newRow("middle") << qint64{9} << qint64{8} << false;
        QTest::newRow("last") << qint64{10} << qint64{8} << true;
    }
    void keepsTransactionsOfRows() {
        QFETCH(const qint64, lsn);
        QFETCH(const qint64, transaction);
        QFETCH(const bool, commit);
        Bytes row;
        appendRow(row, rowOf(lsn, transaction, commit), {});
        const auto packet = decodePacket(row);
        QVERIFY_OK(packet);
        QVERIFY(packet->header == rowOf(lsn, transaction, commit));
    }

    void readsRowsAsTheWireHasThem() {
        // Two rows of one transaction of replica 2, as a real relay sends them.
        const auto first = decodePacket(fromHex("8500020202030804cb41d954fc4000000008 00"));
        QVERIFY_OK(first);
        QCOMPARE(first->header.transactionId, std::int64_t{8});
        QVERIFY(!first->header.isCommit);
        const auto second = decodePacket(fromHex("8600020202030904cb41d954fc400000000801 0901"));
        QVERIFY_OK(second);
        QCOMPARE(second->header.transactionId, std::int64_t{8});
        QVERIFY(second->header.isCommit);
    }

    void carriesFailures() {
        PacketStream stream;
        stream.feed(conversation()[1]);
        const auto packet = stream.next();
        QVERIFY_OK(packet);
        QVERIFY((*packet)->header.isError());
        QCOMPARE((*packet)->header.schemaVersion, std::uint64_t{78});
        const auto failure = decodeFailure(**packet);
        QVERIFY_OK(failure);
        QCOMPARE(failure->code, 3U);
        QCOMPARE(failure->stack.size(), std::size_t{1});
        QVERIFY(failure->message.starts_with("Duplicate key"));
    }

    void yieldsSamePacketsForEverySplit() {
        Bytes all;
        for (const Bytes& packet : conversation()) all += packet;
        for (std::size_t cut = 0; cut <= all.size(); ++cut) {
            PacketStream stream;
            std::vector<Packet> packets;
            for (const BytesView piece : {BytesView(all).substr(0, cut), BytesView(all).substr(cut)}) {
                stream.feed(piece);
                while (true) {
                    auto packet = stream.next();
                    QVERIFY_OK(packet);
                    if (!packet->has_value()) break;
                    packets.push_back(std::move(**packet));
                }
            }
            QCOMPARE(packets.size(), std::size_t{3});
            QCOMPARE(packets[2].header.lsn, std::int64_t{9});
            QCOMPARE(stream.buffered(), std::size_t{0});
        }
    }

    void refusesStreams_data() {
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("no length") << QByteArray("a161");
        QTest::newRow("too long") << QByteArray("ce7fffffff");
        QTest::newRow("header is no map") << QByteArray("0101");
        QTest::newRow("body is no map") << QByteArray("0380 9101").replace(" ", "");
        QTest::newRow("row before its transaction") << QByteArray("0883000203010805c0").replace(" ", "");
    }
    void refusesStreams() {
        QFETCH(const QByteArray, hex);
        PacketStream stream;
        stream.feed(fromHex(hex.constData()));
        QVERIFY(!stream.next().ok());
        stream.feed(pingRequest(1));
        QVERIFY2(!stream.next().ok(), "a broken stream stays broken");
    }

    void survivesDamagedStreams() {
        Mutator mutator(13);
        Bytes all;
        for (const Bytes& packet : conversation()) all += packet;
        int refused = 0;
        for (int i = 0; i < fuzzRounds(10'000); ++i) {
            PacketStream stream;
            stream.feed(mutator.damaged(all));
            for (int turn = 0; turn < 10; ++turn) {
                const auto packet = stream.next();
                if (!packet) ++refused;
                if (!packet || !packet->has_value()) break;
                (void)decodeFailure(**packet).ok();  // any verdict will do; it must come back
                const auto body = PacketBody::decode((*packet)->body);
                if (body) (void)body->text(BodyKey::ErrorText);
            }
        }
        QVERIFY(refused > 0);
    }

    void readsBodies() {
        const auto uuid = Uuid::parse("4cfa6e3c-625e-b027-00a7-29b2f2182f23");
        const Bytes bytes = BodyWriter()
                                .number(BodyKey::SpaceId, 512)
                                .text(BodyKey::InstanceUuid, uuid->text())
                                .flag(BodyKey::Anonymous, true)
                                .take();
        const auto body = PacketBody::decode(bytes);
        QVERIFY_OK(body);
        QVERIFY(body->number(BodyKey::SpaceId) == 512);
        QVERIFY(body->uuid(BodyKey::InstanceUuid) == *uuid);
        QVERIFY(body->flag(BodyKey::Anonymous));
        QVERIFY(!body->number(BodyKey::IndexId));
        QVERIFY(!body->text(BodyKey::SpaceId));
    }
};
TRIBUTARY_TEST(TestPacket)
#include "tst_packet.moc"
