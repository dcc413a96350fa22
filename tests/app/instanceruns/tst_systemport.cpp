// Which system a line is for, and what has no environment.
#include "app/instanceruns/systemport.h"

#include <QTemporaryDir>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class TestSystemPort : public QObject {
    Q_OBJECT
private slots:
    void aLineIsForTheSystemOfItsProgram_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("system");
        const auto row = [](const char* line, const char* system) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(system);
        };
        row("tt start app:instance001", "tarantool");
        row("  tt frobnicate", "tarantool");
        row("box app:instance001 \"return 1", "tarantool");
        row("box app:instance001 box.info.ro", "tarantool");
        row("instance wipe app:instance001", "tarantool");
        row("voltadmin promote --host=west", "voltdb");
        row("sqlcmd --query=x", "voltdb");
        row("maprcli table info -path /mapr/a/t", "maprdb");
        row("rm -rf x", "");
        row("", "");
    }
    void aLineIsForTheSystemOfItsProgram() {
        QFETCH(QString, line);
        QFETCH(QString, system);
        QCOMPARE(systemOfLine(line.toStdString()), system.toStdString());
        const bool onProcesses = system == QStringLiteral("tarantool") || system == QStringLiteral("voltdb");
        QCOMPARE(runsOnInstances(systemOfLine(line.toStdString())), onProcesses);
    }
    void withoutAnEnvironmentThereIsNoPort() {
        QTemporaryDir folder;
        const auto port = instancePort(folder.path().toStdString(), {"/bin/true", {}});
        QVERIFY(!port && port.error().code == ErrorCode::NotFound);
    }
};
TRIBUTARY_TEST(TestSystemPort)
#include "tst_systemport.moc"
