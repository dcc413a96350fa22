// A daemon that is stopped, somebody else's, moved, a zombie or shared: what cannot be told is not called down.
#include <sys/stat.h>
#include <sys/wait.h>
#include <QDir>
#include <QFileInfo>

#include "shellworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::ShellWorld;
using tributary::test::TerminalWorld;

class TestDaemonLife : public QObject {
    Q_OBJECT

    static QJsonObject clusterOf(const Ran& status, const QString& name) {
        const QJsonObject document = QJsonDocument::fromJson(status.out.toUtf8()).object();
        for (const QJsonValue& cluster : document.value(QStringLiteral("clusters")).toArray()) {
            if (cluster[QStringLiteral("name")].toString() == name) return cluster.toObject();
        }
        return {};
    }
    static QString stateOf(const Ran& status, const QString& name) {
        return clusterOf(status, name).value(QStringLiteral("state")).toString();
    }
    /// Not when only its parent's record of it is left: who reaps it, and when, is not the test's.
    static bool lives(int pid) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
        if (pid <= 1 || !stat.open(QIODevice::ReadOnly)) return false;
        const QByteArray text = stat.readAll();
        return !text.mid(text.lastIndexOf(')')).startsWith(") Z");
    }

private slots:
    void aStoppedDaemonIsNotCalledDown() {
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const int pid = world.daemonPid(QStringLiteral("newyork"));
        QCOMPARE(::kill(pid, SIGSTOP), 0);
        const QString named = QStringLiteral("process %1 ").arg(pid);
        QElapsedTimer timer;
        timer.start();
        for (const char* line :
             {"tributary down", "tributary status", "tributary up", "tributary down --cluster newyork",
              "tributary maprcli table info -path /mapr/sanfrancisco/customers",
              "tributary load /mapr/newyork/customers --generate 1"}) {
            const Ran ran = world.shell(QLatin1String(line));
            QVERIFY2(ran.code == 3,
                     qPrintable(QLatin1String(line) + QStringLiteral(": %1 ").arg(ran.code) + ran.all()));
            QVERIFY2(ran.all().contains(named), qPrintable(QLatin1String(line) + ran.all()));
            QVERIFY2(ran.all().contains(QStringLiteral("kill -CONT %1").arg(pid)), qPrintable(ran.all()));
            QVERIFY2(!ran.out.contains(QStringLiteral("down")), qPrintable(ran.all()));
        }
        QVERIFY2(timer.elapsed() < 30'000, "each is known at once: nothing is waited for");
        const Ran status = world.verb(QStringLiteral("status --json"));
        QCOMPARE(stateOf(status, QStringLiteral("newyork")), QStringLiteral("?"));
        QCOMPARE(clusterOf(status, QStringLiteral("newyork")).value(QStringLiteral("pid")).toInt(), pid);
        const Ran doctor = world.verb(QStringLiteral("doctor"));
        QCOMPARE_EXIT(doctor, 1);
        QVERIFY2(doctor.out.contains(QStringLiteral("is stopped (by a signal or a debugger)")), qPrintable(doctor.out));
        const Ran clear = world.verb(QStringLiteral("fault clear"));  // whether one is left cannot be told
        QVERIFY2(clear.code == 3 && !clear.out.contains(QStringLiteral("no faults")), qPrintable(clear.all()));
        const Ran backup = world.verb(QStringLiteral("backup"));
        QVERIFY2(backup.code != 0 && backup.all().contains(QString::number(pid)), qPrintable(backup.all()));
        const Ran run =
            world.verb(QStringLiteral("run multi-master-setup --set source=/mapr/sanfrancisco/customers --set "
                                      "replica=/mapr/newyork/customers --yes"));
        QVERIFY2(run.code == 3, qPrintable(run.all()));
        QCOMPARE(::kill(pid, SIGCONT), 0);
        QVERIFY_RAN(world.verb(QStringLiteral("down")));
        QTRY_VERIFY(!lives(pid));
    }

    void upStartsAgainWhatAFaultKilledAndSaysWhatIsFrozen() {
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(QStringLiteral("fault kill newyork")));
        const Ran freeze = world.verb(QStringLiteral("fault freeze newyork"));
        QVERIFY2(freeze.code != 0 && freeze.all().contains(QStringLiteral("is killed")), qPrintable(freeze.all()));
        const Ran twice = world.verb(QStringLiteral("fault kill newyork"));
        QVERIFY2(twice.all().contains(QStringLiteral("was killed already")), qPrintable(twice.all()));
        const Ran again = world.verb(QStringLiteral("up"));
        QVERIFY_RAN(again);
        QVERIFY2(again.all().contains(QStringLiteral("newyork is up again")), qPrintable(again.all()));
        QCOMPARE(stateOf(world.verb(QStringLiteral("status --json")), QStringLiteral("newyork")), QStringLiteral("up"));
        QVERIFY_RAN(world.verb(QStringLiteral("fault freeze newyork")));
        const Ran frozen = world.verb(QStringLiteral("up"));
        QVERIFY2(frozen.code != 0 && frozen.all().contains(QStringLiteral("tributary fault thaw newyork")),
                 qPrintable(frozen.all()));
        QVERIFY_RAN(world.verb(QStringLiteral("fault thaw newyork")));
        const Ran thawed = world.verb(QStringLiteral("fault thaw newyork"));
        QVERIFY2(thawed.all().contains(QStringLiteral("was not frozen")), qPrintable(thawed.all()));
    }
    void anotherUserMayNotLookAndIsToldSo() {
        if (::geteuid() != 0) {
            qWarning("not tried, because it needs root: down and status as another user");
            return;
        }
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        // The test's own folder is private; the program may lie where others may not go either.
        const QString above = QFileInfo(world.dir()).path();
        QCOMPARE(::chmod(above.toUtf8().constData(), 0755), 0);
        const QString program = above + QStringLiteral("/tributary");
        QVERIFY(QFile::copy(TerminalWorld::executable(), program));
        QCOMPARE(::chmod(program.toUtf8().constData(), 0755), 0);
        const auto asNobody = [&](const QString& words) {
            return world.shell(QStringLiteral("cd / && setpriv --reuid=65534 --regid=65534 --clear-groups '%1' %2")
                                   .arg(program, words));
        };
        for (const char* words : {"down", "up", "get /mapr/newyork/customers x", "fault list", "plan"}) {
            const Ran ran = asNobody(QLatin1String(words));
            QVERIFY2(ran.code == 1 || ran.code == 3, qPrintable(QLatin1String(words) + ran.all()));
            QVERIFY2(ran.all().contains(QStringLiteral("no permission")), qPrintable(QLatin1String(words) + ran.all()));
            QVERIFY2(!ran.out.contains(QStringLiteral("down")), qPrintable(ran.all()));
            QVERIFY2(!ran.out.contains(QStringLiteral("is up")), qPrintable(ran.all()));
        }
        for (const char* words : {"report list", "report", "run --resume", "run --undo --dry-run"}) {
            const Ran ran = asNobody(QLatin1String(words));
            QVERIFY2(ran.code == 1 && ran.err.contains(QStringLiteral("runs cannot be looked at")),
                     qPrintable(QLatin1String(words) + ran.all()));
        }
        QCOMPARE_EXIT(asNobody(QStringLiteral("down")), 1);
        const Ran status = asNobody(QStringLiteral("status --json"));
        if (status.code == 3) QCOMPARE(stateOf(status, QStringLiteral("newyork")), QStringLiteral("?"));
        QVERIFY2(status.code == 3 || status.all().contains(QStringLiteral("no permission")), qPrintable(status.all()));
        QVERIFY(lives(world.daemonPid(QStringLiteral("newyork"))));
        QCOMPARE(stateOf(world.verb(QStringLiteral("status --json")), QStringLiteral("newyork")), QStringLiteral("up"));
    }

    void aMovedWorkspaceIsFoundByItsProcess() {
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 500")));
        const int pid = world.daemonPid(QStringLiteral("sanfrancisco"));
        const QString moved = QFileInfo(world.dir()).path() + QStringLiteral("/elsewhere");
        QVERIFY(QDir().rename(world.dir(), moved));
        const Ran status = ShellWorld::shellAt(moved, QStringLiteral("tributary status"));
        QVERIFY2(!status.out.contains(QStringLiteral("maprdb  down")), qPrintable(status.all()));
        QVERIFY2(status.out.simplified().contains(
                     QStringLiteral("process %1, which was started in %2").arg(pid).arg(world.dir())),
                 qPrintable(status.all()));
        const Ran doctor = ShellWorld::shellAt(moved, QStringLiteral("tributary doctor"));
        QCOMPARE_EXIT(doctor, 1);
        QVERIFY2(doctor.out.simplified().contains(QStringLiteral("the folder was moved since")),
                 qPrintable(doctor.out));
        const Ran up = ShellWorld::shellAt(moved, QStringLiteral("tributary up"));
        QVERIFY2(up.err.contains(QStringLiteral("the folder was moved since")), qPrintable(up.all()));
        const Ran down = ShellWorld::shellAt(moved, QStringLiteral("tributary down"));
        QCOMPARE_EXIT(down, 0);
        QCOMPARE(down.out, QStringLiteral("sanfrancisco is down\nnewyork is down\n"));
        QVERIFY(!lives(pid));
        QVERIFY_RAN(ShellWorld::shellAt(moved, QStringLiteral("tributary up")));
        const Ran info = ShellWorld::shellAt(moved, QStringLiteral("tributary status --json"));
        QCOMPARE(clusterOf(info, QStringLiteral("sanfrancisco"))[QStringLiteral("tables")][0][QStringLiteral("rows")]
                     .toInt(),
                 500);
        QVERIFY_RAN(ShellWorld::shellAt(moved, QStringLiteral("tributary down")));
        QVERIFY(QDir().rename(moved, world.dir()));
    }

    void aCopyOfAWorkspaceIsNotItsOriginal() {
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const int pid = world.daemonPid(QStringLiteral("sanfrancisco"));
        const QString copy = QFileInfo(world.dir()).path() + QStringLiteral("/copy");
        QVERIFY_RAN(world.shell(QStringLiteral("cp -a '%1' '%2'").arg(world.dir(), copy)));
        const Ran status = ShellWorld::shellAt(copy, QStringLiteral("tributary status --json"));
        QCOMPARE(stateOf(status, QStringLiteral("sanfrancisco")), QStringLiteral("down"));
        const Ran down = ShellWorld::shellAt(copy, QStringLiteral("tributary down"));
        QCOMPARE_EXIT(down, 0);
        QVERIFY2(down.out.contains(QStringLiteral("sanfrancisco was down already")), qPrintable(down.all()));
        QVERIFY(lives(pid));
        QCOMPARE(stateOf(world.verb(QStringLiteral("status --json")), QStringLiteral("sanfrancisco")),
                 QStringLiteral("up"));
    }

    void aZombieIsGone() {
        // As under a first process of a container that fetches no exit codes.
        QCOMPARE(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const int pid = world.daemonPid(QStringLiteral("newyork"));
        QElapsedTimer timer;
        timer.start();
        const Ran down = world.verb(QStringLiteral("down"));
        QCOMPARE_EXIT(down, 0);
        QVERIFY2(timer.elapsed() < 15'000, qPrintable(down.all()));
        QVERIFY(::kill(pid, 0) == 0);  // as far as the table of processes goes
        QCOMPARE(stateOf(world.verb(QStringLiteral("status --json")), QStringLiteral("newyork")),
                 QStringLiteral("down"));
        QCOMPARE(::waitpid(pid, nullptr, 0), pid);
        QCOMPARE(::prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
    }

    void oneOfTwoClustersOfAProcessStopsAlone() {
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const int pid = world.daemonPid(QStringLiteral("newyork"));
        QCOMPARE(world.daemonPid(QStringLiteral("sanfrancisco")), pid);
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/sanfrancisco/customers before profile:name=x")));
        const Ran down = world.verb(QStringLiteral("down --cluster sanfrancisco"));
        QCOMPARE_EXIT(down, 0);
        QCOMPARE(down.out, QStringLiteral("sanfrancisco is down\n"));
        const Ran status = world.verb(QStringLiteral("status --json"));
        QCOMPARE(stateOf(status, QStringLiteral("sanfrancisco")), QStringLiteral("down"));
        QCOMPARE(stateOf(status, QStringLiteral("newyork")), QStringLiteral("up"));
        QVERIFY(lives(pid));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table create -path /mapr/newyork/other")));
        const Ran up = world.verb(QStringLiteral("up"));
        QCOMPARE(up.out, QStringLiteral("newyork was up already\nsanfrancisco is up\n"));
        QVERIFY(world.daemonPid(QStringLiteral("sanfrancisco")) != pid);
        QVERIFY_RAN(world.verb(QStringLiteral("get /mapr/sanfrancisco/customers before")));
        const Ran both = world.verb(QStringLiteral("down"));
        QCOMPARE_EXIT(both, 0);
        QTRY_VERIFY(!lives(pid));
    }

    void theLastClusterTakesItsProcessAlong() {
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const int pid = world.daemonPid(QStringLiteral("sanfrancisco"));
        QVERIFY_RAN(world.verb(QStringLiteral("down --cluster newyork")));
        QVERIFY_RAN(world.verb(QStringLiteral("down --cluster sanfrancisco")));
        QVERIFY(!lives(pid));
    }

    void theFirstForegroundStartHasTheMetricsSocket() {
        ShellWorld world(QStringLiteral("multi-master"));
        QProcess& daemon = world.start(QStringLiteral("up --foreground"));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(world.dir() + QStringLiteral("/.tributary/metrics.sock")), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(world.verb(QStringLiteral("status --json")), QStringLiteral("newyork")),
                                  QStringLiteral("up"), 20'000);
        TerminalWorld::terminate(daemon);
        const QString said = QString::fromUtf8(daemon.readAll());
        QVERIFY2(!said.contains(QStringLiteral("no page for metrics")), qPrintable(said));
    }

    void longPathsFallBackToAPrivateFolder() {
        ShellWorld world(QStringLiteral("multi-master"));
        const QString above = QFileInfo(world.dir()).path();
        const QString deep = above + QStringLiteral("/") + QString(110, QLatin1Char('d'));
        QVERIFY(QDir().rename(world.dir(), deep));
        const QMap<QString, QString> nowhere{{QStringLiteral("XDG_RUNTIME_DIR"), QStringLiteral("/nowhere/at/all")}};
        QVERIFY_RAN(ShellWorld::shellAt(deep, QStringLiteral("tributary up"), nowhere));
        QCOMPARE(
            stateOf(ShellWorld::shellAt(deep, QStringLiteral("tributary status --json")), QStringLiteral("newyork")),
            QStringLiteral("up"));
        QVERIFY_RAN(ShellWorld::shellAt(deep, QStringLiteral("tributary down"), nowhere));
        // A folder that others can write is not trusted, and named.
        const QString runtime = above + QStringLiteral("/run");
        QVERIFY(QDir().mkpath(runtime + QStringLiteral("/tributary")));
        QCOMPARE(::chmod((runtime + QStringLiteral("/tributary")).toUtf8().constData(), 0777), 0);
        const Ran refused =
            ShellWorld::shellAt(deep, QStringLiteral("tributary up"), {{QStringLiteral("XDG_RUNTIME_DIR"), runtime}});
        QCOMPARE_EXIT(refused, 1);
        QVERIFY2(refused.err.contains(runtime + QStringLiteral("/tributary: ")), qPrintable(refused.all()));
        QVERIFY2(refused.err.contains(QStringLiteral("others may enter it")), qPrintable(refused.all()));
        QVERIFY(QDir().rename(deep, world.dir()));
    }
};
TRIBUTARY_TEST(TestDaemonLife)
#include "tst_daemonlife.moc"
