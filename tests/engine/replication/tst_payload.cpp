// The origin payload: bytes that must be read for ever.
#include <QTest>

#include "engine/replication/payload.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "engine/systems/maprdb/tables/tablekind.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

// Of one origin's write, "f:q" of it, family "f"; made once and never changed (engine/replication/README.md).
constexpr const char* kVersion1 =
    "e54d8b8f01101112131415161718191a1b1c1d1e1f070000002c0100000000000008070605040302010200000003663a710101664d55544154"
    "49"
    "4f4e";
constexpr const char* kVersion2 =
    "1d43e2dc02101112131415161718191a1b1c1d1e1f07000000010000000807060504030201020000000100000000"
    "03663a710100ac02010b0101664d55544154494f4e";

Bytes fromHex(const char* text) {
    return QByteArray::fromHex(text).toStdString();
}

Bytes encoded(const PayloadHeader& header) {
    return encodePayload(header, maprdb::encodeBody({"f"}, "MUTATION"));
}

PayloadHeader header() {
    PayloadHeader out;
    out.origin = Uuid::fromBytes(BytesView("\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f", 16));
    out.incarnation = 0x1'0000'0007;
    out.sequence = 300;
    out.stamp = 0x0102030405060708;
    out.operations = 2;
    out.projection = "f:q";
    return out;
}

}  // namespace

class TestPayload : public QObject {
    Q_OBJECT
private slots:
    void readsItsGoldenBytes_data() {
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<quint64>("incarnation");
        QTest::newRow("version 1") << QByteArray(kVersion1) << quint64{7};
        QTest::newRow("version 2") << QByteArray(kVersion2) << quint64{0x1'0000'0007};
    }
    void readsItsGoldenBytes() {
        QFETCH(const QByteArray, hex);
        QFETCH(const quint64, incarnation);
        const Bytes bytes = fromHex(hex.constData());
        const auto view = parsePayload(bytes, true);
        QVERIFY2(view.ok(), view.ok() ? "" : view.error().full().c_str());
        QVERIFY(view.value().origin == header().origin);
        QCOMPARE(view.value().incarnation, std::uint64_t{incarnation});
        QCOMPARE(view.value().sequence, std::uint64_t{300});
        QCOMPARE(view.value().stamp, header().stamp);
        QCOMPARE(view.value().operations, 2U);
        QCOMPARE(view.value().projection, BytesView("f:q"));
        QCOMPARE(view.value().kind, kFirstKind);
        const auto body = maprdb::parseBody(view.value().body);
        QCOMPARE(body.value().families, std::vector<BytesView>{"f"});
        QCOMPARE(body.value().mutations, BytesView("MUTATION"));
        QVERIFY(originOfPayload(bytes) == header().origin);
        QCOMPARE(stampOfPayload(bytes), header().stamp);
    }
    void writesTheGoldenBytesOfVersion2() {
        QCOMPARE(QByteArray::fromStdString(encoded(header())).toHex(), QByteArray(kVersion2));
    }
    void holdsPiecesOfSeveralLanes() {
        const std::vector<PieceHeader> headers{{"add", 7, 3, 4}, {"name", 300, 1, 0}, {"", 1, 1, 2}};
        const Bytes bytes = encodePayload(header(), headers, "ABCDEF");
        const auto view = parsePayload(bytes, true);
        QVERIFY2(view.ok(), view.ok() ? "" : view.error().full().c_str());
        QCOMPARE(view.value().sequence, std::uint64_t{7});
        QCOMPARE(view.value().body, BytesView("ABCDEF"));
        QVERIFY(!view.value().isPlain());
        PieceReader reader(view.value());
        PieceView piece;
        std::vector<Bytes> bodies;
        for (const PieceHeader& due : headers) {
            QVERIFY(reader.next(piece));
            QCOMPARE(piece.subKey, BytesView(due.subKey));
            QCOMPARE(piece.first, due.first);
            QCOMPARE(piece.last(), due.first + due.count - 1);
            bodies.emplace_back(piece.body);
        }
        QVERIFY(!reader.next(piece));
        QCOMPARE(bodies, (std::vector<Bytes>{"ABCD", "", "EF"}));
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            QVERIFY(!parsePayload(BytesView(bytes).substr(0, size), true).ok());
        }
    }
    void oneLaneIsOnePiece() {
        const Bytes bytes = fromHex(kVersion1);
        const auto view = parsePayload(bytes, true);
        QVERIFY(view.value().isPlain());
        PieceReader reader(view.value());
        PieceView piece;
        QVERIFY(reader.next(piece));
        QVERIFY(piece.subKey.empty() && piece.first == 300 && piece.count == 1 && piece.body == view.value().body);
        QVERIFY(!reader.next(piece));
    }
    void refusesPiecesThatMakeNoSense_data() {
        QTest::addColumn<quint64>("first");
        QTest::addColumn<quint64>("count");
        QTest::addColumn<quint64>("bytes");
        QTest::newRow("sequence 0") << quint64{0} << quint64{1} << quint64{4};
        QTest::newRow("none") << quint64{1} << quint64{0} << quint64{4};
        QTest::newRow("beyond the numbers") << quint64{2} << quint64{UINT64_MAX - 1} << quint64{4};
        QTest::newRow("less than the body") << quint64{1} << quint64{1} << quint64{3};
        QTest::newRow("more than the body") << quint64{1} << quint64{1} << quint64{5};
        QTest::newRow("so much that it wraps") << quint64{1} << quint64{1} << quint64{UINT64_MAX};
    }
    void refusesPiecesThatMakeNoSense() {
        QFETCH(const quint64, first);
        QFETCH(const quint64, count);
        QFETCH(const quint64, bytes);
        const std::vector<PieceHeader> pieces{{"a", first, count, static_cast<std::size_t>(bytes)}, {"b", 1, 1, 0}};
        QVERIFY(!parsePayload(encodePayload(header(), pieces, "ABCD"), true).ok());
        QVERIFY(!parsePayload(encodePayload(header(), std::vector<PieceHeader>{}, ""), true).ok());
    }
    void refusesWhatIsCutOrFlipped_data() { readsItsGoldenBytes_data(); }
    void refusesWhatIsCutOrFlipped() {
        QFETCH(const QByteArray, hex);
        const Bytes whole = fromHex(hex.constData());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            QVERIFY(!parsePayload(BytesView(whole).substr(0, size), true).ok());
            (void)originOfPayload(BytesView(whole).substr(0, size));
            (void)stampOfPayload(BytesView(whole).substr(0, size));
        }
        for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
            Bytes flipped = whole;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
            QVERIFY2(!parsePayload(flipped, true).ok(), std::to_string(bit).c_str());
            (void)parsePayload(flipped, false);  // whatever it is, nothing is read past its end
        }
    }
    void saysOfWhichKindItIs() {
        Bytes kind = encoded(header());
        kind[41] = 9;
        QCOMPARE(parsePayload(kind, false).value().kind, std::uint8_t{9});
        const Kinds kinds({&maprdb::tableKind()});
        QVERIFY(kinds.numbered(9).error().code == ErrorCode::Unsupported);
        QVERIFY(kinds.numbered(kFirstKind).value() == &maprdb::tableKind());
    }
    void namesAVersionThatItDoesNotKnow() {
        Bytes version = encoded(header());
        version[4] = 3;
        QVERIFY(parsePayload(version, false).error().code == ErrorCode::Unsupported);
    }
    void aTableHasOnePieceOfOneSequence() {
        const std::size_t pieces = 46 + 4;  // behind the projection
        for (const std::size_t at : {pieces, pieces + 1, pieces + 5}) {
            Bytes odd = encoded(header());
            odd[at] = 2;
            QVERIFY2(!parsePayload(odd, false).ok(), std::to_string(at).c_str());
        }
        Bytes range = encoded(header());
        QVERIFY(parsePayload(range, false).value().isPlain());
        range[pieces + 4] = 2;
        QVERIFY(!parsePayload(range, false).value().isPlain());  // which a table's replica refuses
    }
    void anIncarnationIsWiderThanVersion1Had() {
        PayloadHeader wide = header();
        wide.incarnation = UINT64_MAX;
        wide.sequence = UINT64_MAX - 1;
        const Bytes bytes = encoded(wide);
        const auto view = parsePayload(bytes, true);
        QVERIFY(view.ok());
        QCOMPARE(view.value().incarnation, UINT64_MAX);
        QCOMPARE(view.value().sequence, UINT64_MAX - 1);
    }
};

TRIBUTARY_TEST(TestPayload)
#include "tst_payload.moc"
