// Quantiles out of counted latencies.
#include "app/rows/latencyhistogram.h"

#include <QTest>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class LatencyHistogramTest : public QObject {
    Q_OBJECT

private slots:
    void withoutSamplesEverythingIsZero() {
        const LatencyHistogram histogram;
        QCOMPARE(histogram.quantileUs(0.99), Micros{0});
        QCOMPARE(histogram.maxUs(), Micros{0});
    }
    void quantilesAreAtMostThreePercentTooHigh_data() {
        QTest::addColumn<qint64>("scale");
        for (const qint64 scale : {1, 10, 1'000, 1'000'000}) QTest::addRow("%lld us", scale) << scale;
    }
    void quantilesAreAtMostThreePercentTooHigh() {
        QFETCH(qint64, scale);
        LatencyHistogram histogram;
        for (Micros i = 1; i <= 1000; ++i) histogram.add(i * scale);
        for (const double share : {0.01, 0.5, 0.9, 0.99, 1.0}) {
            const double exact = share * 1000 * static_cast<double>(scale);
            const auto told = static_cast<double>(histogram.quantileUs(share));
            QVERIFY2(told >= exact && told <= exact * 1.034 + 1, qPrintable(QString::number(told)));
        }
        QCOMPARE(histogram.maxUs(), Micros{1000 * scale});
        QCOMPARE(histogram.quantileUs(1.0), histogram.maxUs());
    }
    void countsWeigh() {
        LatencyHistogram histogram;
        histogram.add(5, 99);
        histogram.add(1'000'000);
        QCOMPARE(histogram.count(), std::uint64_t{100});
        QCOMPARE(histogram.quantileUs(0.99), Micros{5});
        QCOMPARE(histogram.quantileUs(0.995), Micros{1'000'000});
    }
    void endlessAndNegativeLatenciesAreTaken() {
        LatencyHistogram histogram;
        histogram.add(-3);
        histogram.add(INT64_MAX);
        QCOMPARE(histogram.quantileUs(0.5), Micros{0});
        QCOMPARE(histogram.count(), std::uint64_t{2});
    }
};
TRIBUTARY_TEST(LatencyHistogramTest)
#include "tst_latencyhistogram.moc"
