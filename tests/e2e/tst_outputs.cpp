// stdout and stderr that are closed, full or without a reader: the exit code tells what became of the work.
#include "shellworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::ShellWorld;

class TestOutputs : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        world_ = std::make_unique<ShellWorld>(QStringLiteral("multi-master"));
        QVERIFY_RAN(world_->verb(QStringLiteral("up")));
        QVERIFY_RAN(world_->verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 5000")));
    }
    void cleanupTestCase() { world_.reset(); }

    void theExitCodeIsThatOfTheWork_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("exit");
        const auto row = [](const char* line, int exit) { QTest::newRow(line) << QString::fromLatin1(line) << exit; };
        // Nobody can be told: the work counts.
        row("tributary nosuch 2>/dev/full", 2);
        row("tributary nosuch 2>&-", 2);
        row("tributary 2>/dev/full", 2);
        row("tributary status --nosuch 2>/dev/full", 2);
        row("tributary load /mapr/sanfrancisco/customers --generate 10 2>/dev/full >/dev/null", 0);
        row("tributary up 2>/dev/full >/dev/null", 0);
        row("tributary get /mapr/sanfrancisco/customers nosuch 2>&-", 1);
        row("tributary new \"$TRIBUTARY_WORKSPACE/full\" 2>/dev/full >/dev/null", 0);
        row("tributary new \"$TRIBUTARY_WORKSPACE/closed\" 2>&- >/dev/null", 0);
        row("tributary console 2>/dev/full <<<'nosuch'", 2);
        row("tributary run nosuch 2>/dev/full; test $? -ne 134", 0);
        row("tributary import nosuch 2>/dev/full; test $? -lt 70", 0);
        // What was asked for is lost.
        row("tributary help >/dev/full", 74);
        row("tributary help >&-", 74);
        row("tributary --version >/dev/full", 74);
        row("tributary status >/dev/full", 74);
        row("tributary status --json >/dev/full", 74);
        row("tributary watch --once >/dev/full", 74);
        row("tributary metrics >/dev/full", 74);
        row("tributary doctor --json >&-", 74);
        row("tributary scan /mapr/sanfrancisco/customers --limit 0 >/dev/full", 74);
        row("tributary scan /mapr/sanfrancisco/customers --limit 0 --json >/dev/full", 74);
        row("tributary get /mapr/sanfrancisco/customers c000000000000001 >/dev/full", 74);
        row("tributary load /mapr/sanfrancisco/customers --generate 10 --json >/dev/full", 74);
        row("tributary maprcli table info -path /mapr/sanfrancisco/customers -json >/dev/full", 74);
        row("tributary fault list >/dev/full", 74);
        row("tributary runbook list >/dev/full", 74);
        row("tributary completion bash >/dev/full", 74);
        row("tributary check >/dev/full; test $? -ne 134", 0);
        row("tributary new \"$TRIBUTARY_WORKSPACE/lost\" >&- 2>&-", 74);
        // Both: what went wrong with the work comes first.
        row("tributary get /mapr/sanfrancisco/customers nosuch >/dev/full", 1);
        row("tributary get /mapr/sanfrancisco/customers nosuch --json >/dev/full", 1);
        row("tributary nosuch --json >/dev/full", 2);
        row("tributary nosuch >/dev/full 2>/dev/full", 2);
        // A reader that has seen enough.
        row("tributary scan /mapr/sanfrancisco/customers --limit 0 | head -n1", 74);
        row("tributary scan /mapr/sanfrancisco/customers --limit 0 2>&1 >/dev/null | true", 0);
    }
    void theExitCodeIsThatOfTheWork() {
        QFETCH(QString, line);
        QFETCH(int, exit);
        const Ran ran = world_->shell(line);
        QCOMPARE_EXIT(ran, exit);
    }

    void whatIsLostIsNamed() {
        const Ran ran = world_->shell(QStringLiteral("tributary status --json >/dev/full"));
        QCOMPARE(ran.err,
                 QStringLiteral("tributary: the output could not be written: No space left on device; the work "
                                "itself is done\n"));
    }

    void closedDescriptorsAreNotTakenByFiles() {
        // A volume's file that got number 2 would be written over by the next complaint.
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.shell(QStringLiteral("tributary up >&- 2>&- <&-; test $? -eq 74")));
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/sanfrancisco/customers k profile:name=x")));
        QVERIFY_RAN(world.verb(QStringLiteral("down")));
        const Ran backup = world.shell(QStringLiteral("tributary backup \"$TRIBUTARY_WORKSPACE.tar.zst\" 2>&- >&-"));
        QCOMPARE_EXIT(backup, 74);
        QVERIFY_RAN(world.shell(QStringLiteral("tributary restore \"$TRIBUTARY_WORKSPACE.tar.zst\" --check")));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(QStringLiteral("get /mapr/sanfrancisco/customers k")));
    }

private:
    std::unique_ptr<ShellWorld> world_;
};
TRIBUTARY_TEST(TestOutputs)
#include "tst_outputs.moc"
