// What a process that does not start tells whoever started it.
#include "app/daemon/detached.h"

#include <QTemporaryDir>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class TestDetached : public QObject {
    Q_OBJECT
private slots:
    void whatAStartThatFailsSays_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("fix");
        QTest::newRow("a line") << "it is full"
                                << "df -h";
        QTest::newRow("several lines") << "SQL ERROR\n  no such column: A\n  in DR TABLE votes"
                                       << "mend the schema";
        QTest::newRow("nothing to try") << "SQL ERROR\n  no such column"
                                        << "";
    }
    void whatAStartThatFailsSays() {
        QFETCH(QString, what);
        QFETCH(QString, fix);
        const QTemporaryDir dir;
        const Error error{ErrorCode::InvalidInput, what.toStdString(), {}, fix.toStdString()};
        const Status started =
            startDetached("it", dir.path().toStdString() + "/log", [&](StartWaiter&) -> Result<int> { return error; });
        QVERIFY(!started.ok());
        QCOMPARE(QString::fromStdString(started.error().what), what);
        QCOMPARE(QString::fromStdString(started.error().fix), fix);
    }
};
TRIBUTARY_TEST(TestDetached)
#include "tst_detached.moc"
