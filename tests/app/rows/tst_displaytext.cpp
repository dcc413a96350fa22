// Bytes that a terminal can show.
#include "app/rows/displaytext.h"

#include <QTest>

#include "testmain.h"

using namespace tributary::app;

class DisplayTextTest : public QObject {
    Q_OBJECT

private slots:
    void bytesBecomeOnePrintableLine_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("utf8");
        QTest::newRow("text") << QByteArray("Ada") << QByteArray("Ada") << true;
        QTest::newRow("umlaut") << QByteArray("\xc3\xbc") << QByteArray("\xc3\xbc") << true;
        QTest::newRow("escape sequence") << QByteArray("\x1b[31m") << QByteArray("\\x1b[31m") << true;
        QTest::newRow("line end") << QByteArray("a\nb") << QByteArray("a\\x0ab") << true;
        QTest::newRow("backslash") << QByteArray("a\\b") << QByteArray("a\\\\b") << true;
        QTest::newRow("lone byte") << QByteArray(
                                          "\xff"
                                          "a")
                                   << QByteArray("\\xffa") << false;
        QTest::newRow("cut sequence") << QByteArray("\xe2\x82") << QByteArray("\\xe2\\x82") << false;
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << QByteArray("\\xc0\\xaf") << false;
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("\\xed\\xa0\\x80") << false;
        QTest::newRow("C1 control") << QByteArray("\xc2\x9b") << QByteArray("\\xc2\\x9b") << true;
    }
    void bytesBecomeOnePrintableLine() {
        QFETCH(QByteArray, bytes);
        QTEST(QByteArray::fromStdString(displayBytes(bytes.toStdString())), "text");
        QTEST(isUtf8(bytes.toStdString()), "utf8");
    }
    void hexShowsEveryByte() { QCOMPARE(hexBytes(std::string("\x00\xab", 2)), std::string("00ab")); }
};
TRIBUTARY_TEST(DisplayTextTest)
#include "tst_displaytext.moc"
