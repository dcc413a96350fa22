// Dates, times and timestamps: the calendar against known days, both directions, and what is refused.
#include "engine/systems/maprdb/json/jsontime.h"

#include <QDate>

#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestJsonTime : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheCalendar() {
        // Qt counts no year 0, so from 1 on.
        const QDate epoch(1970, 1, 1);
        for (qint64 days = epoch.daysTo(QDate(1, 1, 1)); days < epoch.daysTo(QDate(9999, 12, 31)); days += 97) {
            const QString expected = epoch.addDays(days).toString(Qt::ISODate);
            QCOMPARE(QString::fromStdString(dayText(days)), expected);
            QCOMPARE(parseDay(expected.toStdString()).valueOr(1), std::int64_t{days});
        }
    }
    void goesToTheEndsOfTheRange() {
        for (const std::int64_t days : {std::int64_t{INT32_MIN}, std::int64_t{INT32_MAX}, std::int64_t{-719'529}}) {
            QCOMPARE(parseDay(dayText(days)).valueOr(0), days);
        }
        for (const std::int64_t millis : {INT64_MIN, INT64_MAX, std::int64_t{-1}, std::int64_t{0}}) {
            QCOMPARE(parseTimestamp(timestampText(millis)).valueOr(77), millis);
        }
        QCOMPARE(QString::fromStdString(timestampText(-1)), QStringLiteral("1969-12-31T23:59:59.999Z"));
    }
    void readsZonesAndShortForms() {
        QCOMPARE(parseTimestamp("1970-01-01").valueOr(1), std::int64_t{0});
        QCOMPARE(parseTimestamp("1970-01-01T00:00Z").valueOr(1), std::int64_t{0});
        QCOMPARE(parseTimestamp("1970-01-01T02:00:00+02:00").valueOr(1), std::int64_t{0});
        QCOMPARE(parseTimestamp("1969-12-31T22:30:00.250-0130").valueOr(1), std::int64_t{250});
        QCOMPARE(parseTime("10:15").valueOr(1), std::int64_t{36'900'000});
        QCOMPARE(parseTime("00:00:00.5").valueOr(1), std::int64_t{500});
        QCOMPARE(parseDay("+12026-01-31").valueOr(1), parseDay("12026-01-31").valueOr(2));
    }
    void refuses_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"2023-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "2026-1-1", "2026-01-01 ", "",
              "9999999999-01-01", "24:00", "10:60", "10:15:60", "10:15:30.", "10:15:30.1234", "1970-01-01T",
              "1970-01-01T10:00:00+19:00", "1970-01-01T10", "-292275056-01-01T00:00:00Z"}) {
            QTest::newRow(*text == '\0' ? "empty" : text) << text;
        }
    }
    void refuses() {
        QFETCH(QString, text);
        const std::string bytes = text.toStdString();
        QVERIFY(!parseDay(bytes) && !parseTime(bytes) && !parseTimestamp(bytes));
    }
};
TRIBUTARY_TEST(TestJsonTime)
#include "tst_jsontime.moc"
