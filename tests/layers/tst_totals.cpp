// The gate's sums: what packaging/totals.awk makes of ctest's log, crashes and timeouts included.
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include "testmain.h"

using namespace Qt::StringLiterals;

namespace {

/// One executable's part of LastTest.log, as ctest writes it.
QString part(const QString& name, const QString& output, const QString& verdict) {
    return u"1/2 Testing: %1\n1/2 Test: %1\nCommand: \"/x/%1\"\nDirectory: /x\n\"%1\" start time: Nov 22 00:30 UTC\n"
           "Output:\n----------------------------------------------------------\n%2<end of output>\n"
           "Test time =   0.01 sec\n----------------------------------------------------------\n%3\n"
           "\"%1\" end time: Nov 22 00:30 UTC\n\"%1\" time elapsed: 00:00:00\n"
           "----------------------------------------------------------\n\n"_s.arg(name, output, verdict);
}

QString started(const QString& name) {
    return u"********* Start testing of %1 *********\n"_s.arg(name);
}
QString totals(int passed, int failed) {
    return u"Totals: %1 passed, %2 failed, 0 skipped, 0 blacklisted, 8ms\n"_s.arg(passed).arg(failed);
}

}  // namespace

class TestTotals : public QObject {
    Q_OBJECT
private slots:
    void sums_data() {
        QTest::addColumn<QString>("log");
        QTest::addColumn<QString>("sums");
        const QString one = started(u"A"_s) + totals(7, 0);
        const QString passed = u"Test Passed."_s;
        const QString failed = u"Test Failed."_s;
        QTest::newRow("nothing ran") << QString() << u"0 0"_s;
        QTest::newRow("two classes") << part(u"a"_s, one + started(u"B"_s) + totals(5, 0), passed) << u"12 0"_s;
        QTest::newRow("two executables") << part(u"a"_s, one, passed) + part(u"b"_s, one, passed) << u"14 0"_s;
        QTest::newRow("failures") << part(u"a"_s, started(u"A"_s) + totals(3, 2), failed) << u"3 2"_s;
        QTest::newRow("crash in the second class") << part(u"a"_s, one + started(u"B"_s), failed) << u"7 1"_s;
        QTest::newRow("crash after a failed class")
            << part(u"a"_s, started(u"A"_s) + totals(3, 2) + started(u"B"_s), failed) << u"3 3"_s;
        QTest::newRow("crash before any class") << part(u"a"_s, u""_s, failed) << u"0 1"_s;
        QTest::newRow("failed exit without a failure") << part(u"a"_s, one, failed) << u"7 1"_s;
        QTest::newRow("timeout") << part(u"a"_s, started(u"A"_s), u"Test Failed."_s) << u"0 1"_s;
        QTest::newRow("no Qt Test, passed") << part(u"a"_s, u"fine\n"_s, passed) << u"1 0"_s;
        QTest::newRow("cut off in the middle")
            << part(u"a"_s, one, passed) + u"2/2 Testing: b\n"_s + started(u"B"_s) << u"7 1"_s;
    }
    void sums() {
        QFETCH(const QString, log);
        QFETCH(const QString, sums);
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"LastTest.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(log.toUtf8());
        file.close();
        QProcess awk;
        awk.start(u"awk"_s, {u"-f"_s, QStringLiteral(TRIBUTARY_SOURCE_DIR "/packaging/totals.awk"), file.fileName()});
        QVERIFY2(awk.waitForFinished(), qPrintable(awk.errorString()));
        QCOMPARE(QString::fromUtf8(awk.readAllStandardError()), QString());
        QCOMPARE(QString::fromUtf8(awk.readAllStandardOutput()).trimmed(), sums);
    }
};
TRIBUTARY_TEST(TestTotals)
#include "tst_totals.moc"
