// Positions of several lanes: what covers what, and bytes that were there before lanes had keys.
#include <QTest>

#include "engine/replication/positions.h"
#include "engine/systems/maprdb/tables/tableprojections.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

const Uuid kOrigin = Uuid::fromBytes(BytesView("\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f", 16));

Bytes encoded(const Positions& positions) {
    Bytes out;
    positions.encode(out);
    return out;
}

Bytes payloadOf(const std::vector<PieceHeader>& pieces) {
    PayloadHeader header;
    header.origin = kOrigin;
    header.incarnation = 7;
    return encodePayload(header, pieces, {});
}

}  // namespace

class TestLanes : public QObject {
    Q_OBJECT
private slots:
    void lanesOfOneOriginAreApart() {
        const Projections& order = maprdb::columnProjections();
        Positions positions;
        positions.add({kOrigin, 7, {}, "add"}, 1, 9);
        positions.add({kOrigin, 7, "a", "name"}, 1, 2);
        QVERIFY(positions.covers(order, {kOrigin, 7, {}, "add"}, 9));
        QVERIFY(!positions.covers(order, {kOrigin, 7, {}, "name"}, 1));
        QVERIFY(positions.covers(order, {kOrigin, 7, "a:x", "name"}, 1));
        QVERIFY(!positions.covers(order, {kOrigin, 7, {}}, 1));
        QVERIFY(!positions.covers(order, {kOrigin, 8, {}, "add"}, 1));
        QVERIFY(positions.find({kOrigin, 7, {}, "add"})->containsAll(1, 9));
        QVERIFY(positions.find({kOrigin, 7, {}, "name"}) == nullptr);
    }
    void payloadIsThereWhenAllOfItIs() {
        const Projections& order = maprdb::columnProjections();
        const Bytes bytes = payloadOf({{"add", 4, 3, 0}, {"name", 2, 1, 0}});
        const auto view = parsePayload(bytes, true);
        Positions positions;
        positions.add({kOrigin, 7, {}, "add"}, 1, 6);
        QVERIFY(!positions.coversPayload(order, view.value(), {}));
        positions.add({kOrigin, 7, {}, "name"}, 2, 2);
        QVERIFY(positions.coversPayload(order, view.value(), {}));
        Positions added;
        added.takePayload(order, view.value());
        QVERIFY(added.coversPayload(order, view.value(), {}));
        QCOMPARE(added.find({kOrigin, 7, {}, "add"})->count(), std::uint64_t{3});
    }
    void lanesWithoutKeysHaveTheBytesThatTheyAlwaysHad() {
        Positions positions;
        positions.add({kOrigin, 7, "a"}, 1, 4);
        const QByteArray golden("01101112131415161718191a1b1c1d1e1f07016101");
        QVERIFY(QByteArray::fromStdString(encoded(positions)).toHex().startsWith(golden));
        const Bytes before = encoded(positions);
        positions.add({kOrigin, 7, {}, "add"}, 1, 4);
        QVERIFY(encoded(positions).starts_with(before));
        QVERIFY(encoded(positions).size() > before.size());
    }
    void whatIsWrittenIsRead() {
        Positions positions;
        positions.add({kOrigin, 7, "a"}, 1, 4);
        positions.add({kOrigin, 7, {}, "add"}, 3, UINT64_MAX - 1);
        positions.add({kOrigin, 9, "a", Bytes("\0\xff", 2)}, 5, 5);
        const Bytes bytes = encoded(positions);
        ByteReader reader(bytes);
        Positions read;
        QVERIFY(read.decode(reader));
        QVERIFY(reader.atEnd() && read == positions);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const Bytes cut = bytes.substr(0, size);
            ByteReader half(cut);
            Positions part;
            QVERIFY(!part.decode(half) || part.lanes().size() < positions.lanes().size());
        }
    }
};
TRIBUTARY_TEST(TestLanes)
#include "tst_lanes.moc"
