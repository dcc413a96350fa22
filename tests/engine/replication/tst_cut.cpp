// Bytes of cuts: what they are, what is refused, and what damage does to them.
#include "engine/replication/cut.h"

#include "mutator.h"
#include "testmain.h"
#include "tests/toy/toykind.h"
#include "tests/toy/toylinks.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

constexpr int kDamagedCuts = 3'000;

CutPart aChunk() {
    CutPart part;
    part.sequence = 5;
    part.cut = 0x0102;
    part.number = 3;
    part.from = "a/ana";
    part.to = "a/ben";
    appendBlob(part.body, "a/ben");
    appendBlob(part.body, "7");
    return part;
}

Positions cutPlace() {
    Positions positions;
    positions.add(Lane{Uuid::fromBytes("0123456789abcdef"), 3, {}, "add"}, 1, 9);
    return positions;
}

CutPart anEnd() {
    return {6, CutPart::What::End, 0x0102, 4, "a/ben", {}, encodeCutPlace(77, cutPlace())};
}

/// Decodes, and looks at what came out as a node does.
bool cutTaken(BytesView bytes) {
    const auto part = decodeCutPart(bytes);
    if (!part) return false;
    if (part.value().what == CutPart::What::Chunk) return toy::toyLinks().cuts()->check(part.value()).ok();
    return decodeCutPlace(part.value().body).ok();
}

Bytes asBytes(const char* text, std::size_t size) {
    return Bytes(text, size);
}

}  // namespace

class TestCut : public QObject {
    Q_OBJECT
private slots:
    void writesTheGoldenBytes() {
        const char part[] = "\5\0\0\0\0\0\0\0\2\2\1\0\0\0\0\0\0\3\0\0\0\0\0\0\0\5a/ana\5a/ben\5a/ben\0017";
        QCOMPARE(encodeCutPart(aChunk()), asBytes(part, sizeof(part) - 1));
        const char last[] =
            "\6\0\0\0\0\0\0\0\3\2\1\0\0\0\0\0\0\4\0\0\0\0\0\0\0\5a/"
            "ben\0M\0\0\0\0\0\0\0\0\0\1\3add0123456789abcdef\3\0\1\1\10";
        const Bytes written = encodeCutPart(anEnd());
        QCOMPARE(QByteArray::fromStdString(written).toHex(), QByteArray(last, sizeof(last) - 1).toHex());
        const char want[] = "\2\1\0\0\0\0\0\0\3\0\0\0\0\0\0\0a/ben";
        QCOMPARE(encodeCutWant({0x0102, 3, "a/ben"}), asBytes(want, sizeof(want) - 1));
    }
    void readsWhatItWrote() {
        const auto part = decodeCutPart(encodeCutPart(aChunk()));
        QVERIFY_OK(part);
        QCOMPARE(part.value().sequence, std::uint64_t{5});
        QCOMPARE(part.value().number, std::uint64_t{3});
        QCOMPARE(part.value().from, Bytes("a/ana"));
        QCOMPARE(part.value().to, Bytes("a/ben"));
        QCOMPARE(part.value().body, aChunk().body);
        const auto place = decodeCutPlace(decodeCutPart(encodeCutPart(anEnd())).value().body);
        QVERIFY_OK(place);
        QCOMPARE(place.value().stamp, Stamp{77});
        QVERIFY(place.value().positions == cutPlace());
        const auto want = decodeCutWant(encodeCutWant({9, 2, "here"}));
        QVERIFY_OK(want);
        QCOMPARE(want.value().token, Bytes("here"));
    }
    void refusesWhatCannotBe() {
        CutPart part = aChunk();
        part.cut = 0;
        QVERIFY(!decodeCutPart(encodeCutPart(part)));
        part = aChunk();
        part.number = 0;
        QVERIFY(!decodeCutPart(encodeCutPart(part)));
        part = aChunk();
        part.to.clear();
        QVERIFY(!decodeCutPart(encodeCutPart(part)));
        part = anEnd();
        part.to = "z";
        QVERIFY(!decodeCutPart(encodeCutPart(part)));
        part = aChunk();
        part.what = static_cast<CutPart::What>(4);
        QVERIFY(!decodeCutPart(encodeCutPart(part)));
        part = aChunk();
        part.what = CutPart::What::Begin;
        QVERIFY(!decodeCutPart(encodeCutPart(part)));
        QVERIFY(!decodeCutWant(encodeCutWant({0, 2, "here"})));
        QVERIFY(!decodeCutWant(encodeCutWant({2, 0, "here"})));
    }
    void kindRefusesRowsThatLieElsewhere() {
        const CutKind& kind = *toy::toyLinks().cuts();
        QVERIFY_OK(kind.check(aChunk()));
        for (const char* key : {"a/ana", "a/c", "l/ben", ""}) {
            CutPart part = aChunk();
            part.body.clear();
            appendBlob(part.body, key);
            appendBlob(part.body, "7");
            QVERIFY2(!kind.check(part), key);
        }
    }
    void truncatedEndIsRefused() {
        // Lanes with sub-keys lie behind the others, and may be none.
        Positions plain;
        plain.add(Lane{Uuid::fromRandom(1, 2), 3, {}}, 1, 9);
        CutPart last = anEnd();
        last.body = encodeCutPlace(77, plain);
        const Bytes whole = encodeCutPart(last);
        for (std::size_t size = 0; size < whole.size(); ++size) QVERIFY(!cutTaken(BytesView(whole).substr(0, size)));
        QVERIFY(cutTaken(whole));
    }
    void damageIsRefusedOrHarmless_data() {
        QTest::addColumn<bool>("ends");
        QTest::newRow("chunk") << false;
        QTest::newRow("end") << true;
    }
    void damageIsRefusedOrHarmless() {
        QFETCH(const bool, ends);
        const Bytes whole = encodeCutPart(ends ? anEnd() : aChunk());
        test::Mutator mutator(ends ? 31 : 32);
        int refused = 0;
        for (int i = 0; i < kDamagedCuts; ++i) {
            // An allocation of its own size: a read beyond the end is seen by the sanitizer.
            const Bytes damaged = mutator.damaged(whole);
            const std::vector<char> exact(damaged.begin(), damaged.end());
            (void)decodeCutWant(BytesView(exact.data(), exact.size()));
            if (!cutTaken(BytesView(exact.data(), exact.size()))) ++refused;
        }
        QVERIFY(refused > 0);
    }
    void positionsKnowWhetherTheyHoldOthers() {
        const Projections& order = toy::toyKind().projections();
        Positions more = cutPlace();
        more.add(Lane{Uuid::fromRandom(1, 2), 3, {}, "add"}, 1, 4);
        QVERIFY(more.coversAll(order, cutPlace()) && !cutPlace().coversAll(order, more));
        QVERIFY(cutPlace().coversAll(order, more, Uuid::fromRandom(1, 2)));
        Positions over = cutPlace();
        over.setComplete({Uuid::fromRandom(1, 2), {}}, 3, 3);
        QVERIFY(over.coversAll(order, more) && !more.coversAll(order, over));
        more.unite(over);
        QVERIFY(more == over);
    }
};

TRIBUTARY_TEST(TestCut)

#include "tst_cut.moc"
