// The page's own commands, as they stand, through `tributary maprcli` on a running workspace.
#include <QDir>
#include <QRegularExpression>

#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

class TestSeed000 : public QObject {
    Q_OBJECT
private:
    /// Lines of the page that begin with maprcli and name no placeholder, in order; empty when the folder is absent.
    static QStringList literalCommands() {
        QDir seeds(QStringLiteral(TRIBUTARY_SOURCE_DIR "/../shared/seeds"));
        QStringList out;
        const QStringList files = seeds.entryList({QStringLiteral("000_*.txt")}, QDir::Files);
        if (files.isEmpty()) return out;
        QFile page(seeds.filePath(files.first()));
        if (!page.open(QIODevice::ReadOnly)) return out;
        for (const QString& line : QString::fromUtf8(page.readAll()).split(QLatin1Char('\n'))) {
            const QString command = line.trimmed();
            if (command.startsWith(QStringLiteral("maprcli ")) && !command.contains(QLatin1Char('<'))) out << command;
        }
        return out;
    }

private slots:
    void proceduresCommandsRunAsTheyStand() {
        QStringList commands = literalCommands();
        if (commands.isEmpty()) {
            qInfo(
                "the folder shared/seeds is absent: the page's commands cannot be read, its order is followed from "
                "memory");
            commands = {QStringLiteral("maprcli table create -path %1 -copymetafrom %2"),
                        QStringLiteral("maprcli table replica add -path %2 -replica %1 -paused true"),
                        QStringLiteral("maprcli table replica list -path %2"),
                        QStringLiteral("maprcli table upstream add -path %1 -upstream %2"),
                        QStringLiteral("maprcli table upstream list -path %1"),
                        QStringLiteral("maprcli table replica resume -path mapr/sanfrancisco/customers -replica %1")};
            for (QString& command : commands) {
                command.replace(QStringLiteral("%1"), QLatin1String(TerminalWorld::kNy));
                command.replace(QStringLiteral("%2"), QLatin1String(TerminalWorld::kSf));
            }
        }
        QCOMPARE(commands.size(), 6);
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 2000 --seed 1")));
        for (int i = 0; i < 5; ++i) QVERIFY_RAN(world.verb(commands[i]));
        // Written before the copy, while the agreement is whole and the link paused: nothing may flow yet.
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/sanfrancisco/customers early profile:v=1")));
        const Ran listed = world.verb(commands[2]);
        QVERIFY2(listed.out.contains(QStringLiteral("REPLICA_STATE_REPLICATING")), qPrintable(listed.all()));
        QCOMPARE(listed.out.count(QLatin1Char('\n')), 2);
        QVERIFY(
            !world.verb(QStringLiteral("get /mapr/newyork/customers early")).out.contains(QStringLiteral("profile:v")));
        QVERIFY_RAN(world.verb(
            QStringLiteral("hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src /mapr/sanfrancisco/customers "
                           "-dst /mapr/newyork/customers -bulkload false -mapreduce false")));
        const Ran trap = world.verb(commands[5]);
        QVERIFY2(trap.code != 0 && trap.all().contains(QStringLiteral("slash")), qPrintable(trap.all()));
        QString corrected = commands[5];
        corrected.replace(QStringLiteral(" mapr/"), QStringLiteral(" /mapr/"));
        QVERIFY_RAN(world.verb(corrected));
        // The other direction, from the page's templates.
        QVERIFY_RAN(world.verb(QStringLiteral(
            "maprcli table replica add -path /mapr/newyork/customers -replica /mapr/sanfrancisco/customers")));
        QVERIFY_RAN(world.verb(QStringLiteral(
            "maprcli table upstream add -path /mapr/sanfrancisco/customers -upstream /mapr/newyork/customers")));
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/newyork/customers late profile:v=2")));
        QVERIFY_RAN(world.until0(QStringLiteral("diff /mapr/sanfrancisco/customers /mapr/newyork/customers")));
    }
    void familyIsAddedToASubsetAsThePageSays() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        for (const char* line :
             {"maprcli table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers",
              "maprcli table replica add -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers -columns "
              "profile",
              "maprcli table upstream add -path /mapr/newyork/customers -upstream /mapr/sanfrancisco/customers",
              "put /mapr/sanfrancisco/customers k orders:total=7",
              "maprcli table replica pause -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers",
              "maprcli table replica edit -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers "
              "-columns profile,orders",
              "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src /mapr/sanfrancisco/customers "
              "-dst /mapr/newyork/customers -columns orders -bulkload false -mapreduce false",
              "maprcli table replica resume -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"}) {
            QVERIFY_RAN(world.verb(QString::fromLatin1(line)));
        }
        QVERIFY_RAN(world.until0(QStringLiteral("diff /mapr/sanfrancisco/customers /mapr/newyork/customers")));
        QVERIFY(
            world.verb(QStringLiteral("get /mapr/newyork/customers k")).out.contains(QStringLiteral("orders:total")));
    }
};
TRIBUTARY_TEST(TestSeed000)
#include "tst_seed000.moc"
