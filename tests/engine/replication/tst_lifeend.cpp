// Ends of lives: their bytes, and that positions drop exactly what is whole.
#include "engine/replication/lifeend.h"

#include "engine/replication/positions.h"
#include "engine/systems/maprdb/tables/tableprojections.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

const Uuid kWriter = Uuid::fromRandom(1, 2);

Lane lane(std::uint64_t incarnation, const std::string& projection = {}) {
    return {kWriter, incarnation, projection};
}

const Projections& order() {
    return maprdb::columnProjections();
}

Bytes bytesOf(const Positions& positions) {
    Bytes bytes;
    positions.encode(bytes);
    return bytes;
}

}  // namespace

class LifeEndTest : public QObject {
    Q_OBJECT
private slots:
    void keepsItsBytes() {
        const LifeEnd end{Uuid::fromBytes(BytesView("0123456789abcdef")), 3, 260, 7};
        const Bytes bytes = encodeLifeEnd(end);
        const char golden[] = "0123456789abcdef\3\0\0\0\0\0\0\0\4\1\0\0\0\0\0\0\7\0\0\0\0\0\0\0";
        QCOMPARE(bytes, Bytes(golden, sizeof(golden) - 1));
        const auto read = decodeLifeEnd(bytes);
        QVERIFY_OK(read);
        QVERIFY(read.value().origin == end.origin);
        QCOMPARE(read.value().from, end.from);
        QCOMPARE(read.value().incarnation, end.incarnation);
        QCOMPARE(read.value().last, end.last);
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            QVERIFY(!decodeLifeEnd(BytesView(bytes).substr(0, cut)));
        }
        QVERIFY(!decodeLifeEnd(bytes + "x"));
        for (const LifeEnd& impossible : {LifeEnd{kWriter, 0, 4, 1}, LifeEnd{kWriter, 5, 4, 1},
                                          LifeEnd{kWriter, 1, 4, 0}, LifeEnd{kWriter, 1, UINT64_MAX, 1}}) {
            QVERIFY(!decodeLifeEnd(encodeLifeEnd(impossible)));
        }
    }
    void wholeLifeIsDroppedAndStaysKnown() {
        Positions positions;
        positions.add(lane(5), 1, 10);
        positions.add(lane(5, "a"), 3, 4);
        QVERIFY(positions.closes(order(), {kWriter, 1, 5, 10}));
        positions.close(order(), {kWriter, 1, 5, 10});
        QVERIFY(positions.lanes().empty());
        QVERIFY(!positions.empty());
        QVERIFY(positions.covers(order(), lane(5), 10));
        QVERIFY(positions.covers(order(), lane(5, "a:x"), 999));
        QVERIFY(!positions.covers(order(), lane(6), 1));
        QVERIFY(!positions.closes(order(), {kWriter, 1, 5, 10}));
        positions.take(order(), lane(5, "b"), 2, 2);
        QVERIFY(positions.lanes().empty());
    }
    void lifeOfWhichTheEndIsMissingIsKept() {
        Positions positions;
        positions.add(lane(5), 1, 9);
        QVERIFY(!positions.closes(order(), {kWriter, 1, 5, 10}));
        const Positions before = positions;
        positions.close(order(), {kWriter, 1, 5, 10});
        QVERIFY(positions == before);
        QVERIFY(!positions.covers(order(), lane(5), 10));
    }
    void lifeOfWhichTheBeginningIsMissingIsKept() {
        Positions positions;
        positions.add(lane(5), 4, 10);
        positions.close(order(), {kWriter, 1, 5, 10});
        QVERIFY(!positions.covers(order(), lane(5), 3));
        QVERIFY(positions.complete().empty());
    }
    void lifeThatNothingCameOfIsNotComplete() {
        Positions positions;
        positions.close(order(), {kWriter, 1, 5, 10});
        QVERIFY(positions.empty());
    }
    void aFilterCompletesItsOwnSightOnly() {
        Positions positions;
        positions.add(lane(5, "a"), 1, 6);
        positions.add(lane(5), 7, 10);
        positions.add(lane(5, "b"), 2, 2);
        positions.close(order(), {kWriter, 1, 5, 10});
        QVERIFY(positions.covers(order(), lane(5, "a"), 1));
        QVERIFY(positions.covers(order(), lane(5, "a:x"), 8));
        QVERIFY(!positions.covers(order(), lane(5), 1));
        QVERIFY(positions.covers(order(), lane(5), 7));
        QVERIFY(positions.covers(order(), lane(5, "b"), 2));
        QVERIFY(!positions.covers(order(), lane(5, "b"), 3));
    }
    void livesThatFollowEachOtherAreOneRange() {
        Positions positions;
        std::uint64_t from = 1;
        for (std::uint64_t life = 10; life <= 10'000; life += 10) {
            positions.add(lane(life), 1, 3);
            positions.close(order(), {kWriter, from, life, 3});
            from = life + 1;
        }
        QCOMPARE(positions.complete().begin()->second.ranges().size(), std::size_t{1});
        QVERIFY2(bytesOf(positions).size() < 40, std::to_string(bytesOf(positions).size()).c_str());
    }
    void aLifeThatTheOriginDoesNotKnowStaysOpen() {
        Positions positions;
        positions.add(lane(7), 1, 2);
        positions.add(lane(9), 1, 2);
        positions.close(order(), {kWriter, 1, 9, 2});
        QVERIFY(!positions.covers(order(), lane(7), 3));
        QVERIFY(!positions.covers(order(), lane(6), 1));
        QVERIFY(positions.covers(order(), lane(8), 1));
        QVERIFY(positions.covers(order(), lane(9), 2));
    }
    void bytesKeepWhatIsComplete() {
        Positions positions;
        positions.add(lane(5), 1, 10);
        positions.add(lane(6), 1, 3);
        const Bytes asBefore = bytesOf(positions).substr(0, bytesOf(positions).size() - 1);
        positions.close(order(), {kWriter, 1, 5, 10});
        positions.setComplete({kWriter, "a"}, 20, 30);
        const Bytes bytes = bytesOf(positions);
        ByteReader reader(bytes);
        Positions read;
        QVERIFY(read.decode(reader));
        QVERIFY(read == positions);
        // As they were written before lives ended.
        ByteReader older(asBefore);
        QVERIFY(read.decode(older, true));
        QVERIFY(read.complete().empty());
        QCOMPARE(read.lanes().size(), std::size_t{2});
        ByteReader strict(asBefore);
        QVERIFY(!read.decode(strict));
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            ByteReader half(BytesView(bytes).substr(0, cut));
            Positions damaged;
            QVERIFY2(!damaged.decode(half), std::to_string(cut).c_str());
        }
    }
};
TRIBUTARY_TEST(LifeEndTest)
#include "tst_lifeend.moc"
