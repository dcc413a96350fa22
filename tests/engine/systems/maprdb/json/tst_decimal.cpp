// Decimals: text in both directions, comparison and sums by exact value.
#include "engine/systems/maprdb/json/decimal.h"

#include <cmath>

#include "engine/systems/maprdb/json/jsonlimits.h"
#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestDecimal : public QObject {
    Q_OBJECT
private slots:
    void printsAsBigDecimal_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char* text, const char* printed) { QTest::newRow(text) << text << printed; };
        row("0", "0");
        row("-0", "0");
        row("0.00", "0.00");
        row("007", "7");
        row("-12.50", "-12.50");
        row(".5", "0.5");
        row("1e3", "1E+3");
        row("12e3", "1.2E+4");
        row("0.0000001", "1E-7");
        row("0.000001", "0.000001");
        row("123e-9", "1.23E-7");
    }
    void printsAsBigDecimal() {
        QFETCH(QString, text);
        QFETCH(QString, printed);
        const auto value = Decimal::parse(text.toStdString());
        QVERIFY_OK(value);
        QCOMPARE(QString::fromStdString(value->text()), printed);
        QVERIFY(Decimal::parse(value->text()).value() == value.value());
    }
    void refuses_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "-", ".", "1.2.3", "1e", "e5", "1e99999999", "0x1", "1 ", "--1", "1e9999"}) {
            QTest::newRow(*text == '\0' ? "empty" : text) << text;
        }
        QTest::newRow("too many digits") << QString(static_cast<int>(kDecimalDigitsMax) + 1, QLatin1Char('1'));
    }
    void refuses() {
        QFETCH(QString, text);
        QVERIFY(!Decimal::parse(text.toStdString()));
    }
    void comparesByValue() {
        const char* ascending[] = {"-1e30", "-2", "-1.5", "-0.001", "0",  "1e-30",
                                   "0.5",   "1",  "1.01", "9.99",   "10", "1e3"};
        for (int i = 0; i < 12; ++i) {
            for (int j = 0; j < 12; ++j) {
                const int order = Decimal::parse(ascending[i])->compare(Decimal::parse(ascending[j]).value());
                QCOMPARE(order, i < j ? -1 : i > j ? 1 : 0);
            }
        }
        QCOMPARE(Decimal::parse("1.50")->compare(Decimal::parse("1.5").value()), 0);
        QCOMPARE(Decimal::parse("0.00")->compare(Decimal::parse("-0").value()), 0);
    }
    void addsExactly_data() {
        QTest::addColumn<QString>("left");
        QTest::addColumn<QString>("right");
        QTest::addColumn<QString>("sum");
        QTest::newRow("carries") << "999.9"
                                 << "0.1"
                                 << "1000.0";
        QTest::newRow("scales") << "1"
                                << "0.25"
                                << "1.25";
        QTest::newRow("to zero") << "1.50"
                                 << "-1.5"
                                 << "0.00";
        QTest::newRow("below zero") << "1"
                                    << "-2.5"
                                    << "-1.5";
        QTest::newRow("two negatives") << "-7"
                                       << "-5"
                                       << "-12";
        QTest::newRow("with zero") << "0"
                                   << "-3"
                                   << "-3";
        QTest::newRow("exponents") << "1e2"
                                   << "1"
                                   << "101";
    }
    void addsExactly() {
        QFETCH(QString, left);
        QFETCH(QString, right);
        QFETCH(QString, sum);
        const Decimal a = Decimal::parse(left.toStdString()).value();
        const Decimal b = Decimal::parse(right.toStdString()).value();
        QCOMPARE(QString::fromStdString(a.plus(b)->text()), sum);
        QCOMPARE(QString::fromStdString(b.plus(a)->text()), sum);
    }
    void agreesWithIntegers() {
        Mutator dice(3);
        for (int i = 0; i < 5'000; ++i) {
            const auto a = static_cast<std::int64_t>(dice.below(2'000'000)) - 1'000'000;
            const auto b = static_cast<std::int64_t>(dice.below(2'000'000)) - 1'000'000;
            const Decimal sum = Decimal::ofInteger(a).plus(Decimal::ofInteger(b)).value();
            QCOMPARE(sum.truncated(), std::optional(a + b));
            QCOMPARE(Decimal::ofInteger(a).compare(Decimal::ofInteger(b)), a < b ? -1 : a > b ? 1 : 0);
        }
    }
    void refusesASumThatIsTooLong() { QVERIFY(!Decimal::parse("1e6000")->plus(Decimal::parse("1e-6000").value())); }
    void cutsTowardsZero() {
        QCOMPARE(Decimal::parse("-1.9")->truncated(), std::optional<std::int64_t>(-1));
        QCOMPARE(Decimal::parse("0.9")->truncated(), std::optional<std::int64_t>(0));
        QCOMPARE(Decimal::parse("12e2")->truncated(), std::optional<std::int64_t>(1'200));
        QCOMPARE(Decimal::parse("-9223372036854775808")->truncated(), std::optional<std::int64_t>(INT64_MIN));
        QCOMPARE(Decimal::parse("9223372036854775808")->truncated(), std::nullopt);
    }
    void knowsADoubleExactly() {
        QCOMPARE(QString::fromStdString(Decimal::exactly(0.5).text()), QStringLiteral("0.5"));
        QCOMPARE(QString::fromStdString(Decimal::exactly(0.1).text()),
                 QStringLiteral("0.1000000000000000055511151231257827021181583404541015625"));
        QCOMPARE(Decimal::exactly(-1e300).nearest(), -1e300);
        QCOMPARE(Decimal::exactly(5e-324).nearest(), 5e-324);
        QVERIFY(std::isinf(Decimal::parse("1e400")->nearest()));
        QCOMPARE(Decimal::parse("1e-400")->nearest(), 0.0);
    }
};
TRIBUTARY_TEST(TestDecimal)
#include "tst_decimal.moc"
