// The main job and its neighbours through the terminal: rings, gateways, the order of the page, a second owner.
#include <QTcpServer>

#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

class TestMainJob : public QObject {
    Q_OBJECT
private:
    static QString diffLine() {
        return QStringLiteral("diff %1 %2").arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
    }
    static QString runLine() {
        return QStringLiteral("run multi-master-setup --set source=%1 --set replica=%2")
            .arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
    }

private slots:
    void runbookRunsWithoutADaemonToo() {
        TerminalWorld world(QStringLiteral("multi-master"));
        const Ran ran = world.verb(runLine());
        QVERIFY2(ran.code == 0, qPrintable(ran.all()));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(diffLine()));
        // A second run of a finished runbook finds everything done.
        QVERIFY_RAN(world.verb(runLine()));
    }
    void writesInNewYorkBeforeTheReverseEdgeAreTheDivergenceThatThePagesOrderLeaves() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(runLine() + QStringLiteral(" --until catch-up")));
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/newyork/customers too-early profile:v=1")));
        QVERIFY_RAN(world.verb(QStringLiteral("run --resume")));
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/newyork/customers in-time profile:v=1")));
        const auto inTime = [&] {
            return world.verb(QStringLiteral("get /mapr/sanfrancisco/customers in-time"))
                .out.contains(QStringLiteral("profile:v"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(inTime(), 20'000);
        const Ran compared = world.verb(diffLine());
        QCOMPARE(compared.code, 1);
        QVERIFY2(compared.all().contains(QStringLiteral("too-early")), qPrintable(compared.all()));
    }
    void ringOfThreeComesToRest() {
        TerminalWorld world(QStringLiteral("ring-of-three"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const QStringList sites{QStringLiteral("sanfrancisco"), QStringLiteral("newyork"), QStringLiteral("singapore")};
        for (int i = 0; i < 3; ++i) {
            const QString from = QStringLiteral("/mapr/%1/customers").arg(sites[i]);
            const QString to = QStringLiteral("/mapr/%1/customers").arg(sites[(i + 1) % 3]);
            QVERIFY_RAN(world.verb(QStringLiteral("maprcli table replica add -path %1 -replica %2").arg(from, to)));
            QVERIFY_RAN(world.verb(QStringLiteral("maprcli table upstream add -path %1 -upstream %2").arg(to, from)));
        }
        std::vector<QProcess*> writers;
        for (int i = 0; i < 3; ++i) {
            writers.push_back(
                &world.start(QStringLiteral("workload /mapr/%1/customers --rate 300 --seconds 2 --seed %2 --prefix %1")
                                 .arg(sites[i])
                                 .arg(i)));
        }
        for (QProcess* writer : writers) QVERIFY(writer->waitForFinished(30'000));
        QVERIFY_RAN(world.until0(QStringLiteral("diff /mapr/sanfrancisco/customers /mapr/newyork/customers")));
        QVERIFY_RAN(world.until0(QStringLiteral("diff /mapr/newyork/customers /mapr/singapore/customers")));
    }
    void stoppedGatewaysShowAndClear() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(runLine()));
        for (const char* gateway : {"gw-ny-1", "gw-ny-2"}) {
            QVERIFY_RAN(world.verb(QStringLiteral("fault gateway stop ") + QString::fromLatin1(gateway)));
        }
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/sanfrancisco/customers k profile:v=1")));
        const QString list =
            QStringLiteral("maprcli table replica list -path /mapr/sanfrancisco/customers -refreshnow true -json");
        const auto broken = [&] {
            const Ran ran = world.verb(list);
            return ran.out.contains(QStringLiteral("ErrAllGatewaysUnreachable")) &&
                   !ran.out.contains(QStringLiteral("\"bytesPending\":0"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(broken(), 20'000);
        const auto alarm = [&] {
            return world.verb(QStringLiteral("maprcli alarm list -cluster sanfrancisco"))
                .out.contains(QStringLiteral("VOLUME_ALARM_TABLE_REPL_ERROR"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(alarm(), 20'000);
        QVERIFY_RAN(world.verb(QStringLiteral("fault clear")));
        QTRY_VERIFY_WITH_TIMEOUT(!alarm(), 20'000);
        QVERIFY_RAN(world.until0(diffLine()));
    }
    void everyShippedRunbookRunsOnTheEngine() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 3000 --seed 5")));
        const QString pair = QStringLiteral("--no-input --yes --set source=%1 --set replica=%2")
                                 .arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
        QVERIFY_RAN(world.verb(QStringLiteral("run multi-master-setup ") + pair));
        QVERIFY_RAN(world.verb(QStringLiteral("run column-family-addition --set family=preferences ") + pair));
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/newyork/customers someone preferences:colour=green")));
        QVERIFY_RAN(
            world.verb(QStringLiteral("run redirect-and-return --no-input --yes --set offline=%1 --set standby=%2")
                           .arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy))));
        QVERIFY_RAN(world.verb(QStringLiteral("run rebuild-replica --set multimaster=true --approve delete-replica=%1 ")
                                   .arg(QLatin1String(TerminalWorld::kNy)) +
                               pair));
        QVERIFY_RAN(world.until0(diffLine()));
        QVERIFY_RAN(world.verb(QStringLiteral("get /mapr/newyork/customers someone")));
        QVERIFY_RAN(world.verb(QStringLiteral("run replication-teardown ") + pair));
        const Ran left =
            world.verb(QStringLiteral("maprcli table replica list -json -path ") + QLatin1String(TerminalWorld::kSf));
        QVERIFY2(left.out.contains(QStringLiteral("\"total\":0")), qPrintable(left.all()));
        QVERIFY_RAN(world.verb(QStringLiteral("run replica-setup ") + pair));
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/sanfrancisco/customers late profile:name=Eve")));
        QVERIFY_RAN(world.until0(diffLine()));
    }
    void aPortThatSomebodyTookMeanwhileIsChosenAnew() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const quint16 before = world.gatewayPort(QStringLiteral("sanfrancisco"));
        QVERIFY_RAN(world.verb(QStringLiteral("down")));
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost, before));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY(world.gatewayPort(QStringLiteral("sanfrancisco")) != before);
    }
    void secondUpLeavesTheRunningDaemonAlone() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const auto ports = [&] {
            QFile file(world.dir() + QStringLiteral("/.tributary/clusters/sanfrancisco/ports.json"));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        const QByteArray before = ports();
        QVERIFY(!before.isEmpty());
        QProcess second;
        second.setStandardInputFile(QProcess::nullDevice());
        second.setProcessChannelMode(QProcess::MergedChannels);
        second.start(TerminalWorld::executable(),
                     world.words(QStringLiteral("up --foreground --cluster sanfrancisco")));
        QVERIFY(second.waitForFinished(20'000));
        const QByteArray said = second.readAll();
        QVERIFY2(said.contains("sanfrancisco was up already"), said.constData());
        QCOMPARE(ports(), before);
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table info -path /mapr/sanfrancisco/customers")));
    }
};
TRIBUTARY_TEST(TestMainJob)
#include "tst_mainjob.moc"
