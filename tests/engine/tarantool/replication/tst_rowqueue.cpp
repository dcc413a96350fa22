// Whole transactions out of rows.
#include "engine/systems/tarantool/replication/rowqueue.h"

#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/replication/peeraddress.h"
#include "engine/systems/tarantool/replication/upstreamtrouble.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;

namespace {

Packet rowAt(std::int64_t lsn, std::int64_t transaction, bool isCommit) {
    Packet row = putRow(PacketType::Insert, 512, "\x91\x01");
    row.header.replicaId = 1;
    row.header.lsn = lsn;
    row.header.transactionId = transaction;
    row.header.isCommit = isCommit;
    return row;
}

}  // namespace

class TestRowQueue : public QObject {
    Q_OBJECT
private slots:
    void givesWholeTransactionsOnly() {
        RowQueue queue;
        QVERIFY_OK(queue.push(rowAt(5, 0, true), 100));
        QVERIFY_OK(queue.push(rowAt(6, 6, false), 200));
        QVERIFY(queue.hasWhole() && queue.bytes() > 0);
        RowQueue::Batch batch = queue.take();
        QCOMPARE(batch.rows.size(), std::size_t{1});
        QVERIFY(batch.arrivedMs == std::vector<Millis>{100});
        QVERIFY(!queue.hasWhole());
        QVERIFY(queue.take().rows.empty());
        QVERIFY_OK(queue.push(rowAt(7, 6, true), 300));
        queue.putBack(std::move(batch));
        batch = queue.take();
        QCOMPARE(batch.rows.size(), std::size_t{3});
        QCOMPARE(batch.rows.front().header.lsn, std::int64_t{5});
        QCOMPARE(batch.arrivedMs.back(), Millis{300});
        QCOMPARE(queue.bytes(), std::size_t{0});
    }
    void batchesAreBounded() {
        RowQueue queue;
        for (int i = 1; i <= 12'000; ++i) QVERIFY_OK(queue.push(rowAt(i, 0, true), 1));
        QCOMPARE(queue.take().rows.size(), RowQueue::kBatchRows);
        QCOMPARE(queue.take().rows.size(), RowQueue::kBatchRows);
        QCOMPARE(queue.take().rows.size(), std::size_t{2'000});
    }
    void refusesRowsOfTwoTransactionsInTurn() {
        RowQueue queue;
        QVERIFY_OK(queue.push(rowAt(6, 6, false), 1));
        const Status mixed = queue.push(rowAt(9, 9, false), 1);
        QVERIFY(!mixed && mixed.error().what.find("interleaving") != std::string::npos);
        queue.clear();
        QVERIFY_OK(queue.push(rowAt(9, 9, true), 1));
    }
    void readsPeers_data() {
        QTest::addColumn<QString>("uri");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("place");
        QTest::newRow("with a user") << "replicator@127.0.0.1:3301"
                                     << "replicator"
                                     << "127.0.0.1:3301";
        QTest::newRow("guest") << "localhost:3301"
                               << ""
                               << "localhost:3301";
        QTest::newRow("IPv6") << "a@[::1]:7"
                              << "a"
                              << "[::1]:7";
        QTest::newRow("no port") << "replicator@127.0.0.1"
                                 << ""
                                 << "";
        QTest::newRow("a password in it") << "replicator:topsecret@127.0.0.1:3301"
                                          << ""
                                          << "";
    }
    void readsPeers() {
        QFETCH(const QString, uri);
        QFETCH(const QString, user);
        QFETCH(const QString, place);
        const auto peer = parsePeer(uri.toStdString(), "topsecret");
        QCOMPARE(peer.ok(), !place.isEmpty());
        if (!peer) {
            QVERIFY(peer.error().full().find("topsecret") == std::string::npos);
            return;
        }
        QCOMPARE(peer.value().user, user.toStdString());
        QCOMPARE(peer.value().endpoint.text(), place.toStdString());
        QCOMPARE(peer.value().password, user.isEmpty() ? std::string() : std::string("topsecret"));
    }
    void showsRowsWithoutWhatProvesPasswords() {
        Packet row = putRow(PacketType::Insert, 512, "\x92\x05\xa1x");
        row.header.replicaId = 2;
        row.header.lsn = 7;
        QCOMPARE(rowText(row), std::string("{type: 'INSERT', replica_id: 2, lsn: 7, space_id: 512, index_id: 0, tuple: "
                                           "[5, \"x\"]}"));
        row = putRow(PacketType::Insert, 304, "\x92\x05\xa1x");
        QCOMPARE(rowText(row), std::string("{type: 'INSERT', replica_id: 0, lsn: 0, space_id: 304, index_id: 0}"));
    }
};

TRIBUTARY_TEST(TestRowQueue)
#include "tst_rowqueue.moc"
