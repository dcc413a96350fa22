// Rates over a sliding window, and when a backlog is empty at them.
#include "engine/replication/linkprogress.h"
#include "engine/replication/payload.h"
#include "engine/replication/throughput.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

class TestThroughput : public QObject {
    Q_OBJECT

private slots:
    void aSteadyStreamIsToldPerSecond() {
        Throughput passed;
        for (Millis at = 10'000; at < 14'000; at += 50) passed.note(1'000, 5, at);
        const Throughput::Rate rate = passed.rate(14'000);
        QCOMPARE(rate.bytesPerS, std::uint64_t{20'000});
        QCOMPARE(rate.operationsPerS, std::uint64_t{100});
    }
    void whatIsUnderWayShowsNoDip() {
        Throughput passed;
        for (Millis at = 10'000; at < 14'000; at += 50) passed.note(1'000, 5, at);
        for (Millis at = 14'000; at < 14'250; at += 10) QCOMPARE(passed.rate(at).bytesPerS, std::uint64_t{20'000});
    }
    void whatPassedLongAgoIsForgotten() {
        Throughput passed;
        passed.note(3'000'000, 30, 10'000);
        QCOMPARE(passed.rate(10'100).bytesPerS, std::uint64_t{0});  // its slot is not whole
        QCOMPARE(passed.rate(10'250).bytesPerS, std::uint64_t{1'000'000});
        QCOMPARE(passed.rate(13'200).operationsPerS, std::uint64_t{10});
        QCOMPARE(passed.rate(13'250).bytesPerS, std::uint64_t{0});
        passed.note(3'000, 3, 100'000);
        QCOMPARE(passed.rate(100'250).bytesPerS, std::uint64_t{1'000});
        QCOMPARE(Throughput().rate(5'000).operationsPerS, std::uint64_t{0});
    }

    void aBacklogThatShrinksHasAnEnd_data() {
        QTest::addColumn<int>("ackedPerStep");  // of two that arrive in each step
        QTest::addColumn<bool>("ends");
        QTest::newRow("grows") << 1 << false;
        QTest::newRow("stays") << 2 << false;
        QTest::newRow("shrinks") << 4 << true;
    }
    void aBacklogThatShrinksHasAnEnd() {
        QFETCH(int, ackedPerStep);
        QFETCH(bool, ends);
        LinkSnapshot snapshot;
        LinkProgress progress(snapshot);
        LogEntry entry;
        entry.envelope.operations = 1;
        PayloadHeader header;
        header.stamp = stampFromMs(1'000);
        entry.payload = std::make_shared<const Bytes>(encodePayload(header, Bytes(400, '\0')));
        const std::uint64_t bytes = entry.payload->size();
        std::uint64_t sequence = 0;
        const auto arrive = [&](Millis at) {
            entry.lsn = ++sequence;
            progress.count(entry, at);
            progress.sent({sequence, sequence, bytes, 1, bytes, 1'000, at});
        };
        for (int i = 0; i < 300; ++i) arrive(1'000);
        std::uint64_t acked = 0;
        for (Millis at = 10'000; at < 14'000; at += 100) {
            arrive(at);
            arrive(at);
            acked += static_cast<std::uint64_t>(ackedPerStep);
            QVERIFY(progress.acked({acked, acked, 0}, {at, at}, false) == AckOutcome::Moved);
        }
        LinkStatus status;
        progress.fill(status, 14'000);
        QCOMPARE(status.operationsPerS, static_cast<std::uint64_t>(ackedPerStep) * 10);
        QCOMPARE(status.bytesPerS, static_cast<std::uint64_t>(ackedPerStep) * 10 * bytes);
        QCOMPARE(status.drainMs >= 0, ends);
        if (!ends) return;
        // 300 waited and 80 came; 160 are gone: 220 shrink by 20 in a second.
        QCOMPARE(status.operationsPending, std::uint64_t{220});
        QCOMPARE(status.drainMs, Millis{11'000});
        progress.fill(status = LinkStatus(), 60'000);
        QCOMPARE(status.drainMs, Millis{-1});  // nothing has moved for long: no end is in sight
    }
};
TRIBUTARY_TEST(TestThroughput)
#include "tst_throughput.moc"
