// Durations and bandwidths.
#include "core/topology/measures.h"

#include "testmain.h"

using namespace tributary;

class TestMeasures : public QObject {
    Q_OBJECT
private slots:
    void readsDurations_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("us");  // -1: refused
        const auto row = [](const char* text, qint64 us) { QTest::newRow(text) << QString::fromUtf8(text) << us; };
        row("35ms", 35'000);
        row("10s", 10'000'000);
        row("500us", 500);
        row("1.5s", 1'500'000);
        row("0.5ms", 500);
        row("2 h", 7'200'000'000);
        row("7d", 604'800'000'000);
        row("0", 0);
        row("0s", 0);
        row("5", -1);
        row("-1s", -1);
        row("ms", -1);
        row("1x", -1);
        row("1.s", -1);
        row("0.5us", -1);
        row("1.0000001s", -1);
        row("99999999999999s", -1);
        row("999999999999d", -1);
        row("", -1);
    }
    void readsDurations() {
        QFETCH(QString, text);
        QFETCH(qint64, us);
        const Result<Micros> parsed = parseDuration(text.toStdString());
        QCOMPARE(parsed.ok(), us >= 0);
        if (us < 0) {
            QVERIFY(!parsed.error().fix.empty());
            return;
        }
        QCOMPARE(qint64{*parsed}, us);
        const Result<Micros> again = parseDuration(formatDuration(*parsed));
        QVERIFY_OK(again);
        QCOMPARE(*again, *parsed);
    }

    void readsSecondsWithAndWithoutUnit() {
        QCOMPARE(parseSeconds("300").valueOr(-1), std::int64_t{300});
        QCOMPARE(parseSeconds("7d").valueOr(-1), std::int64_t{604'800});
        QCOMPARE(parseSeconds("0").valueOr(-1), std::int64_t{0});
        QVERIFY(!parseSeconds("500ms").ok());
        QVERIFY(!parseSeconds("1.5").ok());
        QVERIFY(!parseSeconds("-1").ok());
    }

    void latenciesAreWholeMilliseconds_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("us");  // -1: refused
        QTest::addColumn<QString>("fix");
        const auto row = [](const char* text, qint64 us, const char* fix) {
            QTest::newRow(text) << QString::fromUtf8(text) << us << QString::fromUtf8(fix);
        };
        row("35ms", 35'000, "");
        row("1.5s", 1'500'000, "");
        row("2000us", 2'000, "");
        row("0", 0, "");
        row("1.5ms", -1, "write 1ms or 2ms");
        row("300us", -1, "write 0 or 1ms");
        row("soon", -1, "a number and a unit: us, ms, s, m, h or d, as in 35ms");
    }
    void latenciesAreWholeMilliseconds() {
        QFETCH(QString, text);
        QFETCH(qint64, us);
        const Result<Micros> parsed = parseLatency(text.toStdString());
        QCOMPARE(parsed.ok(), us >= 0);
        if (parsed) {
            QCOMPARE(qint64{*parsed}, us);
        } else {
            QTEST(QString::fromStdString(parsed.error().fix), "fix");
        }
    }

    void readsBandwidths_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes");  // -1: refused
        const auto row = [](const char* text, qint64 bytes) {
            QTest::newRow(text) << QString::fromUtf8(text) << bytes;
        };
        row("200Mbit/s", 25'000'000);
        row("1MB/s", 1'000'000);
        row("64KiB/s", 65'536);
        row("1.5Gbit/s", 187'500'000);
        row("7B/s", 7);
        row("200Mbit", -1);
        row("4bit/s", -1);
        row("0MB/s", -1);
        row("1TB/s", -1);
        row("fast", -1);
        row("999999999999GB/s", -1);
    }
    void readsBandwidths() {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        const Result<std::uint64_t> parsed = parseBandwidth(text.toStdString());
        QCOMPARE(parsed.ok(), bytes >= 0);
        if (bytes < 0) return;
        QCOMPARE(static_cast<qint64>(*parsed), bytes);
        const Result<std::uint64_t> again = parseBandwidth(formatBandwidth(*parsed));
        QVERIFY_OK(again);
        QCOMPARE(*again, *parsed);
    }

    void writesTheShortestForm() {
        QCOMPARE(formatDuration(35'000), std::string("35ms"));
        QCOMPARE(formatDuration(604'800'000'000), std::string("7d"));
        QCOMPARE(formatDuration(1'500'000), std::string("1500ms"));
        QCOMPARE(formatBandwidth(25'000'000), std::string("200Mbit/s"));
        QCOMPARE(formatBandwidth(1'000'000), std::string("8Mbit/s"));
        QCOMPARE(formatBandwidth(65'537), std::string("65537B/s"));
        QCOMPARE(formatBandwidth(20ULL << 20U), std::string("20MiB/s"));
        QCOMPARE(formatBandwidth(2ULL << 30U), std::string("2GiB/s"));
        QCOMPARE(formatBandwidth(64ULL << 10U), std::string("64KiB/s"));
        QCOMPARE(formatBandwidth(128'000), std::string("1024kbit/s"));
    }
};
TRIBUTARY_TEST(TestMeasures)
#include "tst_measures.moc"
