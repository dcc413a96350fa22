// Numbers in JSON text that an integer can hold, and those that none can.
#include "core/base/jsonnumbers.h"

#include "testmain.h"

using namespace tributary;

class TestJsonNumbers : public QObject {
    Q_OBJECT
private slots:
    void areWholeOrNamed_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* json, const char* named) {
            QTest::newRow(json) << QByteArray(json) << QByteArray(named);
        };
        row("", "");
        row("{\"a\":[0,-1,9223372036854775807,18446744073709551615,-9223372036854775808]}", "");
        row("{\"1.5\":\"2e400 \\\" 3.5\"}", "");
        row("{\"a\":1.5}", "1.5");
        row("[18446744073709551616]", "18446744073709551616");
        row("[-9223372036854775809]", "-9223372036854775809");
        row("[7,1e25]", "1e25");
        row("[\"\\\\\",2.0]", "2.0");
    }
    void areWholeOrNamed() {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, named);
        const Status found = checkWholeNumbers(json.toStdString());
        QCOMPARE(found.ok(), named.isEmpty());
        if (found.ok()) return;
        QCOMPARE(found.error().code, ErrorCode::InvalidInput);
        QVERIFY2(found.error().what.find(named.toStdString()) != std::string::npos, found.error().what.c_str());
    }
};
TRIBUTARY_TEST(TestJsonNumbers)
#include "tst_jsonnumbers.moc"
