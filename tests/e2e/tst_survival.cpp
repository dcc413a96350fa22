// kill -9 at the worst moments: the engine comes back, the run resumes, nothing acknowledged is lost.
#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

class TestSurvival : public QObject {
    Q_OBJECT
private:
    static void startEngines(TerminalWorld& world, bool apart) {
        if (!apart) {
            QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
            return;
        }
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan --cluster sanfrancisco")));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan --cluster newyork")));
    }
    static QString runLine() {
        return QStringLiteral("run multi-master-setup --set source=%1 --set replica=%2")
            .arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
    }
    static void finishAndProve(TerminalWorld& world, bool apart, const QString& acks) {
        startEngines(world, apart);
        const Ran resumed = world.verb(QStringLiteral("run --resume"));
        QVERIFY2(resumed.code == 0, qPrintable(resumed.all()));
        QVERIFY_RAN(world.until0(
            QStringLiteral("diff %1 %2").arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy))));
        for (const char* table : {TerminalWorld::kSf, TerminalWorld::kNy}) {
            QVERIFY_RAN(
                TerminalWorld::run({QStringLiteral("-w"), world.dir(), QStringLiteral("workload"), QLatin1String(table),
                                    QStringLiteral("--verify"), QStringLiteral("--ack-log"), acks}));
        }
    }

private slots:
    void runResumesAfterKill9_data() {
        QTest::addColumn<bool>("apart");
        QTest::addColumn<QString>("moment");
        const QList<std::pair<const char*, QString>> moments{
            {"during the copy", QStringLiteral("load-replica: $ hbase")},
            {"during catch-up", QStringLiteral("catch-up: ")},
            {"between two steps", QStringLiteral("list-upstreams: done")},
        };
        bool given = false;
        const int times = qEnvironmentVariableIntValue("TRIBUTARY_KILL_ROUNDS", &given);
        for (int round = 1; round <= (given ? times : 1); ++round) {
            for (const bool apart : {false, true}) {
                for (const auto& [name, moment] : moments) {
                    QTest::addRow("%s, %s, %d", apart ? "a daemon each" : "one daemon", name, round) << apart << moment;
                }
            }
        }
    }
    void runResumesAfterKill9() {
        QFETCH(bool, apart);
        QFETCH(QString, moment);
        TerminalWorld world(QStringLiteral("multi-master"));
        startEngines(world, apart);
        const int rows = qEnvironmentVariableIsSet("TRIBUTARY_KILL_ROUNDS") ? 150'000 : 50'000;
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate %1 --seed 1").arg(rows)));
        const QString acks = world.dir() + QStringLiteral("/acks");
        QProcess load;
        load.setStandardInputFile(QProcess::nullDevice());
        load.start(TerminalWorld::executable(),
                   {QStringLiteral("-w"), world.dir(), QStringLiteral("workload"), QLatin1String(TerminalWorld::kSf),
                    QStringLiteral("--rate"), QStringLiteral("2000"), QStringLiteral("--seconds"), QStringLiteral("60"),
                    QStringLiteral("--ack-log"), acks});
        QVERIFY(load.waitForStarted());
        QProcess& run = world.start(runLine());
        QString seen;
        QElapsedTimer timer;
        timer.start();
        while (!seen.contains(moment) && timer.elapsed() < 60'000 && run.state() != QProcess::NotRunning) {
            run.waitForReadyRead(100);
            seen += QString::fromUtf8(run.readAll());
        }
        QVERIFY2(seen.contains(moment), qPrintable(seen));
        run.kill();
        world.killDaemon(QStringLiteral("newyork"));
        if (apart) world.killDaemon(QStringLiteral("sanfrancisco"));
        run.waitForFinished();
        load.terminate();
        QVERIFY(load.waitForFinished(30'000));
        finishAndProve(world, apart, acks);
    }
    void aHungProcessIsNotTakenForAStoppedOne() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const int pid = world.daemonPid(QStringLiteral("newyork"));
        QVERIFY(pid > 1);
        ::kill(pid, SIGSTOP);
        const Ran status = world.verb(QStringLiteral("status"));
        const Ran up = world.verb(QStringLiteral("up --no-wan"));
        ::kill(pid, SIGCONT);
        QVERIFY2(status.all().contains(QStringLiteral("process %1 runs cluster newyork and is stopped").arg(pid)),
                 qPrintable(status.all()));
        QVERIFY2(!up.all().contains(QStringLiteral("newyork is up")), qPrintable(up.all()));
        QVERIFY_RAN(world.until0(QStringLiteral("scan /mapr/sanfrancisco/customers --limit 1")));
    }
    void acknowledgedWritesSurviveRepeatedKills() {
        TerminalWorld world(QStringLiteral("multi-master"));
        const QString acks = world.dir() + QStringLiteral("/acks");
        for (int round = 0; round < 3; ++round) {
            QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
            QProcess load;
            load.setStandardInputFile(QProcess::nullDevice());
            load.start(
                TerminalWorld::executable(),
                {QStringLiteral("-w"), world.dir(), QStringLiteral("workload"), QLatin1String(TerminalWorld::kSf),
                 QStringLiteral("--rate"), QStringLiteral("max"), QStringLiteral("--seconds"), QStringLiteral("30"),
                 QStringLiteral("--seed"), QString::number(round), QStringLiteral("--ack-log"), acks});
            QVERIFY(load.waitForStarted());
            const auto ackedBytes = [&] { return QFile(acks).size(); };
            const qint64 before = ackedBytes();
            QTRY_VERIFY_WITH_TIMEOUT(ackedBytes() > before + 4'000, 20'000);
            world.killDaemon(QStringLiteral("sanfrancisco"));
            load.terminate();
            QVERIFY(load.waitForFinished(30'000));
        }
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(TerminalWorld::run({QStringLiteral("-w"), world.dir(), QStringLiteral("workload"),
                                        QLatin1String(TerminalWorld::kSf), QStringLiteral("--verify"),
                                        QStringLiteral("--ack-log"), acks}));
    }
};
TRIBUTARY_TEST(TestSurvival)
#include "tst_survival.moc"
