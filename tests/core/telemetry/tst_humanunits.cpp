// Durations, sizes and counts as people write them.
#include <QTest>
#include <limits>

#include "core/telemetry/humanunits.h"
#include "testmain.h"

namespace tributary::test {

class HumanUnitsTest final : public QObject {
    Q_OBJECT

private slots:
    void durations_data() {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << qint64{0} << QStringLiteral("0 ms");
        QTest::newRow("below a second") << qint64{999} << QStringLiteral("999 ms");
        QTest::newRow("tenths are cut") << qint64{1'299} << QStringLiteral("1.2 s");
        QTest::newRow("seconds") << qint64{59'999} << QStringLiteral("59 s");
        QTest::newRow("minutes") << qint64{200'000} << QStringLiteral("3 min 20 s");
        QTest::newRow("hours") << qint64{7'500'000} << QStringLiteral("2 h 05 min");
        QTest::newRow("days") << qint64{4 * 86'400'000LL + 3 * 3'600'000LL} << QStringLiteral("4 d 3 h");
        QTest::newRow("negative") << qint64{-1'500} << QStringLiteral("-1.5 s");
        QTest::newRow("smallest") << std::numeric_limits<qint64>::min() << QStringLiteral("-106751991167 d 7 h");
    }
    void durations() {
        QFETCH(const qint64, ms);
        QFETCH(const QString, text);
        QCOMPARE(QString::fromStdString(humanDuration(ms)), text);
    }

    void sizes_data() {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << quint64{0} << QStringLiteral("0 B");
        QTest::newRow("bytes") << quint64{999} << QStringLiteral("999 B");
        QTest::newRow("kilobytes") << quint64{1'500} << QStringLiteral("1.5 kB");
        QTest::newRow("megabytes") << quint64{340'000'000} << QStringLiteral("340 MB");
        QTest::newRow("rounds up to the next unit") << quint64{999'960} << QStringLiteral("1.0 MB");
        QTest::newRow("largest") << std::numeric_limits<quint64>::max() << QStringLiteral("18.4 EB");
    }
    void sizes() {
        QFETCH(const quint64, bytes);
        QFETCH(const QString, text);
        QCOMPARE(QString::fromStdString(humanBytes(bytes)), text);
    }

    void counts() {
        QCOMPARE(humanCount(0), std::string("0"));
        QCOMPARE(humanCount(12'345), std::string("12.3 k"));
        QCOMPARE(humanCount(1'200'000), std::string("1.2 M"));
    }

    void countsSayOneAndMany() {
        QCOMPARE(countText(1, "step"), std::string("1 step"));
        QCOMPARE(countText(0, "step"), std::string("0 steps"));
        QCOMPARE(countText(1234, "row"), std::string("1,234 rows"));
    }
};
TRIBUTARY_TEST(HumanUnitsTest)

}  // namespace tributary::test

#include "tst_humanunits.moc"
