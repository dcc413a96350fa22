// What may be a name.
#include "core/base/naming.h"

#include <QTest>

#include "core/base/escape.h"
#include "testmain.h"

using namespace tributary;

class TestNaming : public QObject {
    Q_OBJECT

private slots:
    void goodNamesPass_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"newyork", "sf.prod-2", "_x", "7", "a@b", "m\u00fcnchen", "\u6771\u4eac"}) {
            QTest::newRow(name) << QString::fromUtf8(name);
        }
        QTest::newRow("longest") << QString(128, QLatin1Char('a'));
    }
    void goodNamesPass() {
        QFETCH(QString, name);
        const Status status = checkName("a cluster", name.toStdString());
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().what.c_str());
    }

    void badNamesAreRefusedWithTheReason_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* tag, const QByteArray& name, const char* reason) {
            QTest::newRow(tag) << name << QByteArray(reason);
        };
        row("empty", "", "it is empty");
        row("here", ".", "a folder's own name");
        row("above", "..", "a folder's own name");
        row("outside", "../../outside", "it holds '/'");
        row("path", "a/b", "it holds '/'");
        row("hidden", ".git", "it begins with '.'");
        row("option", "-rf", "it begins with '-'");
        row("escape", "a\x1b[31m", "a control character");
        row("zero", QByteArray("a\0b", 3), "a control character");
        row("line feed", "a\nb", "a control character");
        row("C1", "a\xc2\x9b", "that nobody sees");
        row("right to left", "a\xe2\x80\xae", "that nobody sees");
        row("no UTF-8", "a\xff", "it is not UTF-8");
        row("blank", "x y", "it holds a blank");
        row("no-break space", "x\xc2\xa0y", "takes for a blank");
        row("zero width", "x\xe2\x80\x8by", "that nobody sees");
        row("ideographic space", "x\xe3\x80\x80y", "it holds a blank");
        row("dash", "x\xe2\x80\x94y", "it holds a blank");
        row("colon", "a:b", "it holds ':'");
        row("quote", "a'b", "it holds '''");
        row("dollar", "a$b", "it holds '$'");
        row("backslash", "a\\b", "it holds '\\'");
        row("too long", QByteArray(129, 'a'), "the limit 'name' of 128 bytes");
    }
    void badNamesAreRefusedWithTheReason() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, reason);
        const Status status = checkName("a cluster", name.toStdString());
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::InvalidInput);
        QVERIFY2(QByteArray::fromStdString(status.error().what).contains(reason), status.error().what.c_str());
        QCOMPARE(shownLine(status.error().what), status.error().what);
        QVERIFY(status.error().what.size() < 300);
    }
};
TRIBUTARY_TEST(TestNaming)
#include "tst_naming.moc"
