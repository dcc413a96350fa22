// Decimal numbers taken apart.
#include "core/base/decimaltext.h"

#include "testmain.h"

using namespace tributary;

class TestDecimalText : public QObject {
    Q_OBJECT
private slots:
    void isTakenApart_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("parts");
        const auto row = [](const char* text, const char* parts) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(parts);
        };
        row("0", "+ 0 . e0 scale 0");
        row("-12.50", "- 12 . 50 e0 scale 2");
        row("+1e3", "+ 1 . e3 scale -3");
        row(".5E-2", "+ . 5 e-2 scale 3");
        row("7.", "+ 7 . e0 scale 0");
        row("1e+999999", "+ 1 . e999999 scale -999999");
        for (const char* bad : {"", "-", ".", "+.", "e1", "1e", "1e+", "1e1234567", "1e1.5", "--1", "1.2.3", " 1", "1 ",
                                "0x1", "1,5", "nan", "1e-"}) {
            row(bad, "none");
        }
    }
    void isTakenApart() {
        QFETCH(QString, text);
        QFETCH(QString, parts);
        const std::string given = text.toStdString();
        const auto taken = takeApartDecimal(given);
        if (!taken) {
            QCOMPARE(QStringLiteral("none"), parts);
            return;
        }
        const auto word = [](std::string_view view) {
            return view.empty() ? QString() : QString::fromStdString(std::string(view)) + QLatin1Char(' ');
        };
        QCOMPARE(QStringLiteral("%1 %2. %3e%4 scale %5")
                     .arg(taken->negative ? QLatin1Char('-') : QLatin1Char('+'))
                     .arg(word(taken->whole), word(taken->behind))
                     .arg(taken->exponent)
                     .arg(taken->scale()),
                 parts);
    }
};
TRIBUTARY_TEST(TestDecimalText)
#include "tst_decimaltext.moc"
