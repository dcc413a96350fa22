// Tiers, columns and unknowns of a link's history.
#include <QTest>

#include "core/telemetry/lagseries.h"
#include "testmain.h"

namespace tributary::test {

using Value = std::optional<std::int64_t>;

class LagSeriesTest final : public QObject {
    Q_OBJECT

    static constexpr Millis kStart = 1'700'000'040'000;  // on a whole minute

    static LagSample at(Millis offsetMs, Value lagMs) {
        LagSample sample;
        sample.linkId = "a->b";
        sample.atMs = kStart + offsetMs;
        sample.lagMs = lagMs;
        return sample;
    }

private slots:
    void everyFigureKeepsItsOwnUnknown() {
        LagSeries series;
        LagSample sample = at(0, 5);
        sample.bytesPending = 0;
        series.add(sample);
        const auto one = [&series](LagFigure figure) {
            return series.query(figure, kStart, kStart + 1'000, 1).at(0).last;
        };
        QCOMPARE(one(LagFigure::Lag), Value(5));
        QCOMPARE(one(LagFigure::BytesPending), Value(0));  // nothing pending is known
        QVERIFY(!one(LagFigure::OperationsPending).has_value());
        QVERIFY(!one(LagFigure::TransportLag).has_value());
    }

    void columnHoldsMinMaxAndLast() {
        LagSeries series;
        for (const std::int64_t lag : {40, 90, 10, 60}) series.add(at(100, lag));
        const LagColumn column = series.query(LagFigure::Lag, kStart, kStart + 1'000, 1).at(0);
        QCOMPARE(column.min, Value(10));
        QCOMPARE(column.max, Value(90));
        QCOMPARE(column.last, Value(60));
        QVERIFY(!column.hasUnknown);
    }

    void unknownIsAGapAndNeverZero() {
        LagSeries series;
        for (int second = 0; second < 10; ++second) {
            series.add(at(second * 1'000, second >= 3 && second < 6 ? Value() : Value(7)));
        }
        const auto columns = series.query(LagFigure::Lag, kStart, kStart + 10'000, 10);
        QCOMPARE(columns.size(), std::size_t{10});
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const bool gap = i >= 3 && i < 6;
            QCOMPARE(columns[i].max, gap ? Value() : Value(7));
            QCOMPARE(columns[i].hasUnknown, gap);
        }
    }

    void newestSampleThatSaysUnknownLeavesNoLast() {
        LagSeries series;
        series.add(at(0, 7));
        series.add(at(400, std::nullopt));
        const LagColumn column = series.query(LagFigure::Lag, kStart, kStart + 1'000, 1).at(0);
        QCOMPARE(column.max, Value(7));
        QVERIFY(!column.last.has_value());
        QVERIFY(column.hasUnknown);
    }

    void sampleSpeaksUntilItIsStale() {
        LagSeries series({.staleAfterMs = 3'000, .buckets = {600, 720, 1440}});
        series.add(at(0, 7));
        const auto columns = series.query(LagFigure::Lag, kStart - 2'000, kStart + 8'000, 10);
        QStringList seen;
        for (const LagColumn& column : columns)
            seen << (column.max ? QString::number(*column.max) : QStringLiteral("-"));
        QCOMPARE(seen.join(QLatin1Char(' ')), QStringLiteral("- - 7 7 7 7 - - - -"));
    }

    void timeBeforeTheFirstSampleIsUnknown() {
        LagSeries series;
        for (int second = 30; second < 33; ++second) series.add(at(second * 1'000, 7));
        const auto columns = series.query(LagFigure::Lag, kStart, kStart + 33'000, 33);
        for (std::size_t i = 0; i < columns.size(); ++i) QCOMPARE(columns[i].max, i < 30 ? Value() : Value(7));
    }
    void unknownSampleIsNotCarriedAsTheValueBeforeIt() {
        LagSeries series;
        series.add(at(0, 7));
        series.add(at(1'000, std::nullopt));
        QVERIFY(!series.query(LagFigure::Lag, kStart + 2'000, kStart + 3'000, 1).at(0).max.has_value());
    }

    void memoryIsBoundedAndOldTimeIsCoarser() {
        LagSeries series({.staleAfterMs = 3'000, .buckets = {10, 10, 10}});
        // 10 minutes: longer than the 10 s of the first tier and the 100 s of the second.
        for (int second = 0; second < 600; ++second) series.add(at(second * 1'000, second));
        QCOMPARE(series.bucketCount(), std::size_t{30});
        QCOMPARE(series.oldestMs(), std::optional<Millis>(kStart));
        const auto minute = series.query(LagFigure::Lag, kStart, kStart + 60'000, 6);
        for (const LagColumn& column : minute) {  // one bucket of a minute fills all six
            QCOMPARE(column.min, Value(0));
            QCOMPARE(column.max, Value(59));
        }
        const auto newest = series.query(LagFigure::Lag, kStart + 595'000, kStart + 600'000, 5);
        for (std::size_t i = 0; i < 5; ++i) QCOMPARE(newest[i].max, Value(595 + static_cast<std::int64_t>(i)));
    }

    void columnsAreContiguousAndSpanTheQuestion_data() {
        QTest::addColumn<qint64>("spanMs");
        QTest::addColumn<int>("columnsMax");
        QTest::addColumn<int>("expected");
        QTest::newRow("even") << qint64{60'000} << 60 << 60;
        QTest::newRow("uneven") << qint64{10'007} << 13 << 13;
        QTest::newRow("more columns than ms") << qint64{5} << 80 << 5;
        QTest::newRow("empty span") << qint64{0} << 80 << 0;
        QTest::newRow("reversed span") << qint64{-100} << 80 << 0;
        QTest::newRow("no columns") << qint64{100} << 0 << 0;
    }
    void columnsAreContiguousAndSpanTheQuestion() {
        QFETCH(const qint64, spanMs);
        QFETCH(const int, columnsMax);
        QFETCH(const int, expected);
        LagSeries series;
        series.add(at(0, 1));
        const auto columns =
            series.query(LagFigure::Lag, kStart, kStart + spanMs, static_cast<std::size_t>(columnsMax));
        QCOMPARE(columns.size(), static_cast<std::size_t>(expected));
        if (columns.empty()) return;
        QCOMPARE(columns.front().fromMs, kStart);
        QCOMPARE(columns.back().toMs, kStart + spanMs);
        for (std::size_t i = 1; i < columns.size(); ++i) QCOMPARE(columns[i].fromMs, columns[i - 1].toMs);
    }

    void clockThatWasSetBackDropsItsFuture() {
        LagSeries series;
        for (int second = 0; second < 120; ++second) series.add(at(second * 1'000, 1));
        series.add(at(30'000, 99));
        QCOMPARE(series.latest()->atMs, kStart + 30'000);
        QVERIFY(!series.query(LagFigure::Lag, kStart + 60'000, kStart + 120'000, 1).at(0).max.has_value());
        QCOMPARE(series.query(LagFigure::Lag, kStart + 30'000, kStart + 31'000, 1).at(0).last, Value(99));
    }

    void slightlyLateSampleIsFoldedIn() {
        LagSeries series;
        series.add(at(5'000, 1));
        series.add(at(3'000, 50));
        QCOMPARE(series.query(LagFigure::Lag, kStart + 5'000, kStart + 6'000, 1).at(0).max, Value(50));
    }
};

TRIBUTARY_TEST(LagSeriesTest)

}  // namespace tributary::test

#include "tst_lagseries.moc"
