// A copy whose client was killed is seen: in the link's state, as an alarm, by the doctor; until it is copied to the
// end.
#include "shellworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::ShellWorld;
using tributary::test::TerminalWorld;

class TestStalledCopy : public QObject {
    Q_OBJECT

    static QJsonObject linkOf(const TerminalWorld& world) {
        const Ran status = world.verb(QStringLiteral("status --json"));
        const QJsonObject document = QJsonDocument::fromJson(status.out.toUtf8()).object();
        return document.value(QStringLiteral("links")).toArray().at(0).toObject();
    }
    static QString stateOf(const TerminalWorld& world) {
        return linkOf(world).value(QStringLiteral("state")).toString();
    }
    static QString alarms(const TerminalWorld& world) {
        return world.verb(QStringLiteral("maprcli alarm list -cluster sanfrancisco")).out;
    }
    static void killDuringTheCopy(TerminalWorld& world) {
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 200000"), 240'000));
        for (const char* line :
             {"table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers",
              "table replica add -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers",
              "table upstream add -path /mapr/newyork/customers -upstream "
              "/mapr/sanfrancisco/customers"}) {
            QVERIFY_RAN(world.verb(QStringLiteral("maprcli ") + QLatin1String(line)));
        }
        QProcess& copy = world.start(
            QStringLiteral("hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src /mapr/sanfrancisco/customers -dst "
                           "/mapr/newyork/customers -bulkload false"));
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(world), QStringLiteral("copying"), 30'000);
        copy.kill();
        QVERIFY(copy.waitForFinished());
    }

private slots:
    void aKilledCopyIsAStateAnAlarmAndAFinding() {
        ShellWorld world(QStringLiteral("multi-master"));
        killDuringTheCopy(world);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(world), QStringLiteral("stalled"), 40'000);
        const QJsonObject link = linkOf(world);
        QVERIFY(link.value(QStringLiteral("lagMs")).isNull());
        QVERIFY(link.value(QStringLiteral("error")).toString().contains(QStringLiteral("copy stalled since 20")));
        const Ran status = world.verb(QStringLiteral("status"));
        QVERIFY2(
            status.out.contains(QStringLiteral("Next:\n  tributary hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable")),
            qPrintable(status.out));
        QVERIFY2(alarms(world).contains(QStringLiteral("VOLUME_ALARM_TABLE_REPL_ERROR")), qPrintable(alarms(world)));
        const Ran doctor = world.verb(QStringLiteral("doctor"));
        QVERIFY2(doctor.out.simplified().contains(QStringLiteral("copy stalled since")), qPrintable(doctor.out));
        const Ran list =
            world.verb(QStringLiteral("maprcli table replica list -path /mapr/sanfrancisco/customers -json"));
        QVERIFY2(list.out.contains(QStringLiteral("\"isUptodate\":false")) ||
                     list.out.contains(QStringLiteral("\"isUptodate\": false")),
                 qPrintable(list.out));
        // Run again to its end, it is whole, and so said.
        QVERIFY_RAN(
            world.verb(QStringLiteral("hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src "
                                      "/mapr/sanfrancisco/customers -dst /mapr/newyork/customers -bulkload false"),
                       240'000));
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(world), QStringLiteral("replicating"), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(!alarms(world).contains(QStringLiteral("TABLE_REPL_ERROR")), 10'000);
        QVERIFY_RAN(world.verb(QStringLiteral("diff /mapr/sanfrancisco/customers /mapr/newyork/customers"), 240'000));
    }

    void aRestartDoesNotHideItAndRemovingTheReplicaEndsIt() {
        ShellWorld world(QStringLiteral("multi-master"));
        killDuringTheCopy(world);
        QVERIFY_RAN(world.verb(QStringLiteral("down")));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(world), QStringLiteral("stalled"), 40'000);
        QVERIFY_RAN(world.verb(QStringLiteral(
            "maprcli table replica remove -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers")));
        QTRY_VERIFY_WITH_TIMEOUT(!alarms(world).contains(QStringLiteral("TABLE_REPL_ERROR")), 10'000);
    }
};
TRIBUTARY_TEST(TestStalledCopy)
#include "tst_stalledcopy.moc"
