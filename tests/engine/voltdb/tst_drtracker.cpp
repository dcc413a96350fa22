// DR ids, stamps and trackers: what arrives once, twice, too early, and in any order of pieces.
#include "engine/systems/voltdb/dr/drtracker.h"

#include <set>

#include "engine/systems/voltdb/dr/drstamp.h"
#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

class TestDrTracker : public QObject {
    Q_OBJECT
private slots:
    void idsHoldClusterAndSequence() {
        const DrId id = DrId::of(127, 5);
        QVERIFY(id.cluster() == 127 && id.sequence() == 5 && !id.isEmpty());
        QCOMPARE(id.bits(), (std::uint64_t{127} << 55U) + 5);
        const DrId empty = DrId::empty(3);
        QVERIFY(empty.isEmpty() && empty.cluster() == 3 && empty.sequence() == kSequenceMax);
        QVERIFY(DrId::of(1, kSequenceMax) < DrId::of(2, 0));
        QVERIFY(DrId::of(200, 0).cluster() == (200 & 127));  // more bits than there are do not reach others
    }

    void stampsTellWhoIsLater_data() {
        QTest::addColumn<int>("cluster");
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<int>("counter");
        QTest::addColumn<int>("order");  // against cluster 2, one second after the epoch, counter 7
        QTest::newRow("later") << 9 << static_cast<qint64>(kEpochMs + 1001) << 0 << static_cast<int>(StampOrder::Newer);
        QTest::newRow("the counter") << 9 << static_cast<qint64>(kEpochMs + 1000) << 8
                                     << static_cast<int>(StampOrder::Newer);
        QTest::newRow("earlier") << 1 << static_cast<qint64>(kEpochMs + 999) << 511
                                 << static_cast<int>(StampOrder::Older);
        QTest::newRow("lower cluster") << 1 << static_cast<qint64>(kEpochMs + 1000) << 7
                                       << static_cast<int>(StampOrder::SameTimeLowerCluster);
        QTest::newRow("higher cluster") << 3 << static_cast<qint64>(kEpochMs + 1000) << 7
                                        << static_cast<int>(StampOrder::SameTimeHigherCluster);
        QTest::newRow("itself") << 2 << static_cast<qint64>(kEpochMs + 1000) << 7 << static_cast<int>(StampOrder::Same);
    }
    void stampsTellWhoIsLater() {
        QFETCH(int, cluster);
        QFETCH(qint64, ms);
        QFETCH(int, counter);
        const DrStamp existing = DrStamp::of(2, kEpochMs + 1000, 7);
        QCOMPARE(existing.micros(), std::int64_t{1'000'007});
        QVERIFY(existing.cluster() == 2 && (existing.bits() >> 49U) == 2);
        const DrStamp incoming = DrStamp::of(cluster, ms, static_cast<std::uint64_t>(counter));
        QTEST(static_cast<int>(orderOf(incoming, existing)), "order");
    }

    void timesBeforeTheEpochAreTheEpoch() {
        QCOMPARE(DrStamp::of(1, 0, 0).micros(), std::int64_t{0});
        QCOMPARE(DrStamp::of(127, kEpochMs + (std::int64_t{1} << 40U) - 1, 511).cluster(), 127);
    }

    void arrivals_data() {
        QTest::addColumn<quint64>("first");
        QTest::addColumn<quint64>("last");
        QTest::addColumn<QString>("said");  // of a tracker that has 0 to 9
        QTest::newRow("next") << quint64{10} << quint64{12} << QStringLiteral("SUCCESS");
        QTest::newRow("all known") << quint64{3} << quint64{9} << QStringLiteral("DUPLICATE");
        QTest::newRow("partly known") << quint64{8} << quint64{11} << QStringLiteral("SUCCESS");
        QTest::newRow("too early") << quint64{11} << quint64{11} << QStringLiteral("GAP");
    }
    void arrivals() {
        QFETCH(quint64, first);
        QFETCH(quint64, last);
        QFETCH(QString, said);
        FaultPoints faults;
        faults.countReached(true);
        DrTracker tracker(faults, 9);
        const DrArrival arrival = tracker.arrive({first, last}, 70, 0);
        QCOMPARE(QString::fromUtf8(drArrivalName(arrival).data()), said);
        QCOMPARE(tracker.last(), std::optional<std::uint64_t>(arrival == DrArrival::Success ? last : 9));
        QCOMPARE(tracker.lastSpUniqueId(), arrival == DrArrival::Success ? std::uint64_t{70} : std::uint64_t{0});
        QCOMPARE(faults.reach().contains("dr-gap"), arrival == DrArrival::Gap);
        QCOMPARE(faults.reach().contains("dr-duplicate"), arrival == DrArrival::Duplicate);
    }

    void aPartitionThatIsNewIsAmbiguousUntilItBegins() {
        FaultPoints faults;
        DrTrackers trackers(faults);
        QVERIFY(trackers.arrive(1, 0, {0, 0}, 1, 0) == DrArrival::Ambiguous);
        QVERIFY(trackers.acknowledged(1, 0) == DrId::empty(1));
        trackers.begin(1, 0);
        trackers.begin(1, kMpPartition);
        trackers.begin(2, 0);
        QVERIFY(trackers.arrive(1, 0, {0, 4}, 1, 0) == DrArrival::Success);
        trackers.begin(1, 0);  // again: nothing is forgotten
        QVERIFY(trackers.acknowledged(1, 0) == DrId::of(1, 4));
        QVERIFY(trackers.acknowledged(1, kMpPartition) == DrId::empty(1));
        trackers.forget(1);
        QVERIFY(trackers.size() == 1 && trackers.find(2, 0) != nullptr);
    }

    void rangesAreASetWhateverTheOrder_data() {
        QTest::addColumn<int>("seed");
        for (int i = 0; i < 20; ++i) QTest::addRow("seed %d", i) << i;
    }
    void rangesAreASetWhateverTheOrder() {
        QFETCH(int, seed);
        Mutator random(static_cast<std::uint64_t>(seed));
        FaultPoints faults;
        DrTracker tracker(faults);
        std::set<std::uint64_t> model;
        for (int i = 0; i < 200; ++i) {
            const std::uint64_t first = random.below(300);
            const DrRange range{first, first + random.below(6)};
            tracker.merge(range);
            for (std::uint64_t id = range.first; id <= range.last; ++id) model.insert(id);
            std::uint64_t count = 0;
            for (std::size_t r = 0; r < tracker.ranges().size(); ++r) {
                const DrRange& each = tracker.ranges()[r];
                count += each.last - each.first + 1;
                QVERIFY(model.contains(each.first) && model.contains(each.last) && !model.contains(each.last + 1));
                QVERIFY(r == 0 || each.first > tracker.ranges()[r - 1].last + 1);
            }
            QCOMPARE(count, static_cast<std::uint64_t>(model.size()));
            QCOMPARE(tracker.missing(), *model.rbegin() + 1 - model.size());
            std::uint64_t safe = 0;
            while (model.contains(safe)) ++safe;
            QCOMPARE(tracker.safePoint(), safe == 0 ? std::nullopt : std::optional(safe - 1));
            Bytes bytes;
            tracker.encode(bytes);
            ByteReader in(bytes);
            const auto back = DrTracker::decode(in, faults);
            QVERIFY_OK(back);
            QVERIFY(*back == tracker && in.atEnd());
        }
    }

    void everyTransactionIsAppliedOnceHoweverOftenItIsSent_data() {
        QTest::addColumn<QString>("bug");
        QTest::addColumn<bool>("seen");
        QTest::newRow("as it should be") << QString() << false;
        QTest::newRow("duplicates applied") << QStringLiteral("bug-dr-duplicate-applied") << true;
        QTest::newRow("gaps passed") << QStringLiteral("bug-dr-gap-passed") << true;
    }
    void everyTransactionIsAppliedOnceHoweverOftenItIsSent() {
        QFETCH(QString, bug);
        bool wrong = false;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            Mutator random(seed);
            FaultPoints faults;
            if (!bug.isEmpty()) faults.arm(bug.toStdString());
            DrTracker tracker(faults);
            std::vector<int> applied(100, 0);
            // A wire that loses, repeats and reorders buffers of one to four ids; the producer goes on from the safe
            // point.
            for (int sent = 0; sent < 2000 && tracker.safePoint().value_or(0) < 99; ++sent) {
                const std::uint64_t next = tracker.safePoint() ? *tracker.safePoint() + 1 : 0;
                const std::uint64_t first = random.below(std::min<std::uint64_t>(next + 8, 100));
                const std::uint64_t last = std::min<std::uint64_t>(first + random.below(4), 99);
                if (first < next && last >= next && random.below(2) == 0) continue;  // lost
                const std::uint64_t known = tracker.last() ? *tracker.last() + 1 : 0;
                if (tracker.arrive({first, last}, 0, 0) != DrArrival::Success) continue;
                const bool repeated = last < known;  // then a consumer that believes it applies it once more
                for (std::uint64_t id = repeated ? first : std::max(first, known); id <= last; ++id) ++applied[id];
            }
            for (const int times : applied) wrong = wrong || times != 1;
        }
        QTEST(wrong, "seen");
    }

    void damagedTrackersAreRefusedAndChangeNothing() {
        FaultPoints faults;
        DrTrackers trackers(faults);
        for (int cluster = 0; cluster < 3; ++cluster) {
            trackers.begin(cluster, cluster * 5);
            (void)trackers.arrive(cluster, cluster * 5, {0, 1000}, 7, 8);  // taken: the first ids
        }
        const Bytes whole = trackers.encode();
        DrTrackers copy(faults);
        QVERIFY_OK(copy.decode(whole));
        QCOMPARE(copy.encode(), whole);
        Mutator mutator(1);
        int refused = 0;
        for (int i = 0; i < fuzzRounds(3000); ++i) {
            const Status read = copy.decode(mutator.damaged(whole));
            if (!read) {
                ++refused;
                QVERIFY(read.error().code == ErrorCode::Corrupt);
                continue;
            }
            QVERIFY_OK(copy.decode(copy.encode()));
            QVERIFY_OK(copy.decode(whole));
        }
        QVERIFY(refused > 100);
        QCOMPARE(copy.encode(), whole);
    }
};
TRIBUTARY_TEST(TestDrTracker)
#include "tst_drtracker.moc"
