// The pace of a workload, and its life through lost connections, on a clock that only moves when slept on.
#include <QTest>
#include <algorithm>
#include <set>

#include "app/rows/workload.h"
#include "fakecells.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using tributary::app::test::FakeCellClient;
using tributary::app::test::FakeCells;

class WorkloadTest : public QObject {
    Q_OBJECT

    /// A world of one table; every answer takes a millisecond.
    struct World {
        Micros nowUs = 1'000'000'000;
        int downFor = 0;  ///< the next attempts to connect fail
        int connections = 0;
        FakeCells cells;
        AckLog log;
        std::vector<std::uint64_t> sequences;
        Micros stopAtUs = INT64_MAX;

        WorkloadWorld seams() {
            WorkloadWorld world;
            world.nowUs = [this] { return nowUs; };
            world.sleepUs = [this](Micros us) {
                nowUs += us;
                return nowUs < stopAtUs;
            };
            world.connect = [this]() -> Result<std::unique_ptr<engine::ControlClient>> {
                if (downFor > 0) {
                    --downFor;
                    return Error{ErrorCode::Unavailable, "the engine is not up", {}, {}};
                }
                ++connections;
                return std::unique_ptr<engine::ControlClient>(std::make_unique<FakeCellClient>(cells));
            };
            world.record = [this](const std::vector<std::pair<std::string, Bytes>>& rows, std::uint64_t first) {
                for (std::size_t i = 0; i < rows.size(); ++i) {
                    sequences.push_back(first + i);
                    auto& entry = log.keys[rows[i].first];
                    entry.sequence = first + i;
                }
                nowUs += 1'000;
                return okStatus();
            };
            return world;
        }
    };

    static WorkloadOptions options(double rate, double seconds) {
        WorkloadOptions options;
        options.path = "/mapr/sf/t";
        options.family = "f";
        options.ratePerS = rate;
        options.seconds = seconds;
        return options;
    }

private slots:
    void thePaceIsKept_data() {
        QTest::addColumn<double>("rate");
        for (const double rate : {1.0, 50.0, 1000.0, 20'000.0}) QTest::addRow("%g a second", rate) << rate;
    }
    void thePaceIsKept() {
        QFETCH(double, rate);
        World world;
        const auto result = runWorkload(options(rate, 10), world.seams(), 1, 0);
        QVERIFY_OK(result);
        const auto acknowledged = static_cast<double>(result.value().acknowledged);
        QVERIFY2(acknowledged <= rate * 10 && acknowledged >= rate * 10 * 0.98 - 1,
                 qPrintable(QString::number(acknowledged)));
        QCOMPARE(result.value().lastSequence, result.value().acknowledged);
    }

    void withoutARateFullBatchesGo() {
        World world;
        const auto result = runWorkload(options(0, 1), world.seams(), 1, 0);
        QVERIFY_OK(result);
        QVERIFY(!world.cells.batches.empty());
        for (const std::size_t batch : world.cells.batches) QCOMPARE(batch, std::size_t{500});
    }

    void aPauseIsForgivenAndNotMadeUpFor() {
        Pacer pacer(100, 0);
        QCOMPARE(pacer.due(1'000'000, 1000), std::uint64_t{100});
        pacer.sent(100);
        QCOMPARE(pacer.due(1'000'000, 1000), std::uint64_t{0});
        pacer.forgive(60'000'000);
        QCOMPARE(pacer.due(60'000'000, 1000), std::uint64_t{0});
        QCOMPARE(pacer.due(60'100'000, 1000), std::uint64_t{10});
        QVERIFY(pacer.nextUs() > 60'000'000 && pacer.nextUs() < 60'020'000);
    }

    void aLostAnswerIsNotRecordedAndTheSequenceNotUsedAgain() {
        World world;
        world.cells.loseAnswer = 1;
        world.downFor = 0;
        const auto result = runWorkload(options(100, 5), world.seams(), 1, 0);
        QVERIFY_OK(result);
        QCOMPARE(result.value().reconnects, std::uint64_t{1});
        QCOMPARE(world.connections, 2);
        QVERIFY(result.value().unacknowledged > 0);
        QCOMPARE(world.sequences.size(), result.value().acknowledged);
        QCOMPARE(world.sequences.front(), result.value().unacknowledged + 1);
        const std::set<std::uint64_t> unique(world.sequences.begin(), world.sequences.end());
        QCOMPARE(unique.size(), world.sequences.size());
        FakeCellClient client(world.cells);
        for (auto& [key, entry] : world.log.keys) {
            QCOMPARE(sequenceOfValue(key, world.cells.rows[key]["f:v"]), std::optional<std::uint64_t>(entry.sequence));
        }
    }

    void anEngineThatIsDownIsWaitedFor() {
        World world;
        world.downFor = 6;
        const auto result = runWorkload(options(100, 20), world.seams(), 1, 0);
        QVERIFY_OK(result);
        QVERIFY(result.value().acknowledged > 1000);
        QVERIFY(result.value().acknowledged < 2000);
        QCOMPARE(result.value().lastTrouble, std::string("the engine is not up"));
    }

    void refusalsAreCountedAndOutlived() {
        World world;
        world.cells.refuse = 3;
        const auto result = runWorkload(options(1000, 5), world.seams(), 1, 0);
        QVERIFY_OK(result);
        QVERIFY(result.value().acknowledged > 3000);
        QCOMPARE(world.sequences.size(), result.value().acknowledged);
    }

    void aStopRequestEndsIt() {
        World world;
        world.stopAtUs = world.nowUs + 2'000'000;
        const auto result = runWorkload(options(100, 0), world.seams(), 1, 0);
        QVERIFY_OK(result);
        QVERIFY(result.value().acknowledged > 190 && result.value().acknowledged < 210);
    }

    void overwritesTakeTheirShare_data() {
        QTest::addColumn<double>("share");
        for (const double share : {0.0, 0.3, 1.0}) QTest::addRow("%g", share) << share;
    }
    void overwritesTakeTheirShare() {
        QFETCH(double, share);
        World world;
        WorkloadOptions asked = options(0, 0.2);
        asked.overwrite = share;
        asked.batchRowsMax = 20;
        const auto result = runWorkload(asked, world.seams(), 1, 1000);
        QVERIFY_OK(result);
        const auto written = static_cast<double>(result.value().acknowledged);
        const auto fresh = std::count_if(world.cells.rows.begin(), world.cells.rows.end(),
                                         [](const auto& row) { return row.first >= "w000000001000"; });
        QVERIFY(written >= 1000);
        const double seen = 1 - static_cast<double>(fresh) / written;
        QVERIFY2(std::abs(seen - share) < 0.05, qPrintable(QString::number(seen)));
    }

    void skewSendsOverwritesToAFewKeys_data() {
        QTest::addColumn<double>("skew");
        QTest::addColumn<double>("share");  // of the hottest tenth
        QTest::newRow("even") << 0.0 << 0.1;
        QTest::newRow("hot") << 0.8 << 0.631;
        QTest::newRow("few") << 0.95 << 0.891;
    }
    void skewSendsOverwritesToAFewKeys() {
        QFETCH(double, skew);
        QFETCH(double, share);
        WorkloadOptions asked = options(0, 1);
        asked.overwrite = 1;
        asked.skew = skew;
        WorkloadKeys keys(asked, 1000);
        constexpr std::uint64_t kWrites = 20'000;
        std::uint64_t hot = 0;
        for (std::uint64_t i = 0; i < kWrites; ++i) {
            keys.beginBatch();
            if (keys.next(i) < keys.keyAt(100)) ++hot;
        }
        const double seen = static_cast<double>(hot) / kWrites;
        QVERIFY2(std::abs(seen - share) < 0.02, qPrintable(QString::number(seen)));
    }

    void hotKeysDoNotTurnOverwritesIntoNewKeys() {
        WorkloadOptions asked = options(0, 1);
        asked.overwrite = 1;
        asked.skew = 0.8;
        WorkloadKeys keys(asked, 10'000);
        std::uint64_t fresh = 0;
        for (std::uint64_t i = 0; i < 10'000; ++i) {
            if (i % 100 == 0) keys.beginBatch();
            if (keys.next(i) >= keys.keyAt(10'000)) ++fresh;
        }
        QVERIFY2(fresh < 20, qPrintable(QString::number(fresh)));
    }

    void keysOfOneBatchDiffer_data() {
        QTest::addColumn<double>("skew");
        QTest::newRow("even") << 0.0;
        QTest::newRow("few hot keys") << 0.95;
    }
    void keysOfOneBatchDiffer() {
        QFETCH(double, skew);
        WorkloadOptions asked = options(0, 1);
        asked.overwrite = 1;
        asked.skew = skew;
        WorkloadKeys keys(asked, 3);
        keys.beginBatch();
        std::set<std::string> seen;
        for (std::uint64_t i = 0; i < 50; ++i) seen.insert(keys.next(i));
        QCOMPARE(seen.size(), std::size_t{50});
    }
};
TRIBUTARY_TEST(WorkloadTest)
#include "tst_workload.moc"
