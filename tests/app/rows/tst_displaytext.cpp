// Bytes in JSON documents.
#include "app/rows/displaytext.h"

#include <QTest>

#include "testmain.h"

using namespace tributary::app;

class DisplayTextTest : public QObject {
    Q_OBJECT

private slots:
    void hexShowsEveryByte() { QCOMPARE(hexBytes(std::string("\x00\xab", 2)), std::string("00ab")); }

    void jsonHoldsTheBytesAndTheWordForThem_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("text") << QByteArray("c1") << QByteArray(R"({"key":"c1"})");
        QTest::newRow("backslash") << QByteArray("a\\b") << QByteArray(R"({"key":"a\\b","key_escaped":"a\\\\b"})");
        QTest::newRow("no UTF-8") << QByteArray("\xff") << QByteArray(R"({"key_hex":"ff","key_escaped":"\\xff"})");
        QTest::newRow("control") << QByteArray("\x1b") << QByteArray(R"({"key":"\u001b","key_escaped":"\\x1b"})");
    }
    void jsonHoldsTheBytesAndTheWordForThem() {
        QFETCH(QByteArray, bytes);
        auto json = nlohmann::ordered_json::object();
        addBytes(json, "key", bytes.toStdString());
        QTEST(QByteArray::fromStdString(json.dump()), "json");
    }
};
TRIBUTARY_TEST(DisplayTextTest)
#include "tst_displaytext.moc"
