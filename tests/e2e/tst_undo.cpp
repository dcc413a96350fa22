// Undo, approvals, stops and the order of runs on the real executable: nothing is taken away unasked, nothing waits on.
#include <signal.h>

#include <QElapsedTimer>
#include <QRegularExpression>

#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

const QString kSf = QString::fromLatin1(TerminalWorld::kSf);
const QString kNy = QString::fromLatin1(TerminalWorld::kNy);

QString setup(const QString& replica = kNy) {
    return QStringLiteral("run multi-master-setup --set source=%1 --set replica=%2").arg(kSf, replica);
}

QJsonObject jsonOf(const Ran& ran) {
    return QJsonDocument::fromJson(ran.out.toUtf8()).object();
}

/// A runbook of one step that waits.
void writeWaiting(const TerminalWorld& world, const QByteArray& step) {
    QFile file(world.dir() + QStringLiteral("/waiting.yaml"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("runbook: waiting\ntitle: Waits\nsystem: maprdb\nsteps:\n" + step);
}

bool has(const Ran& ran, const char* text) {
    return ran.all().contains(QString::fromUtf8(text));
}

}  // namespace

class TestUndoByTerminal : public QObject {
    Q_OBJECT

private slots:
    void rowsThatExistNowhereElseAreCountedAndNeedTheirTablesName() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(setup()));
        QVERIFY_RAN(world.verb(QStringLiteral("put %1 shared profile:name=s").arg(kSf)));
        QVERIFY_RAN(world.until0(QStringLiteral("diff %1 %2").arg(kSf, kNy)));
        QVERIFY_RAN(world.verb(QStringLiteral("fault cut sanfrancisco newyork")));
        QVERIFY_RAN(world.verb(QStringLiteral("put %1 only-here profile:name=x").arg(kNy)));

        const Ran plan = world.verb(QStringLiteral("run --undo --dry-run"));
        QVERIFY_RAN(plan);
        QVERIFY2(has(plan, "2 rows in all, 1 row exists nowhere else: only-here"), qPrintable(plan.all()));
        QVERIFY2(has(plan, "--approve create-replica=/mapr/newyork/customers"), qPrintable(plan.all()));
        QVERIFY(has(plan, "LOST for ever: 1 row (create-replica)"));
        QVERIFY(plan.out.indexOf(QStringLiteral("authorize-reverse (step")) <
                plan.out.indexOf(QStringLiteral("create-replica (step")));
        const QJsonArray steps =
            jsonOf(world.verb(QStringLiteral("--json run --undo --dry-run"))).value(QStringLiteral("steps")).toArray();
        QJsonObject last;
        for (const QJsonValue& step : steps) {
            if (step.toObject().value(QStringLiteral("id")).toString() != QStringLiteral("create-replica")) continue;
            last = step.toObject().value(QStringLiteral("commands")).toArray().first().toObject();
        }
        QCOMPARE(last.value(QStringLiteral("only_here")).toInt(), 1);
        QCOMPARE(last.value(QStringLiteral("keys")).toArray().first().toString(), QStringLiteral("only-here"));

        for (const char* line : {"run --undo", "run --undo --yes", "run --undo --approve create-replica=nothing"}) {
            const Ran refused = world.verb(QString::fromLatin1(line));
            QCOMPARE(refused.code, 8);
            QVERIFY2(has(refused, "--approve create-replica=/mapr/newyork/customers"), qPrintable(refused.all()));
        }
        QVERIFY_RAN(world.verb(QStringLiteral("get %1 only-here").arg(kNy)));
        QVERIFY2(has(world.verb(QStringLiteral("report list")), "success"), "a refused undo leaves the run as it was");

        const Ran undone = world.verb(QStringLiteral("run --undo --approve create-replica=%1").arg(kNy));
        QVERIFY_RAN(undone);
        QVERIFY(world.verb(QStringLiteral("maprcli table info -path %1").arg(kNy)).code != 0);
        QVERIFY2(has(world.verb(QStringLiteral("report list")), "undone"), "its own outcome");
        QCOMPARE(jsonOf(world.verb(QStringLiteral("--json report"))).value(QStringLiteral("outcome")).toString(),
                 QStringLiteral("undone"));
        QVERIFY(has(world.verb(QStringLiteral("report --format junit")), "name=\"outcome\" value=\"undone\""));
        QVERIFY(has(world.verb(QStringLiteral("report")), "Outcome: **undone"));
    }
    void aSideThatCannotBeAskedMakesTheCountUnknown() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(setup()));
        QVERIFY_RAN(world.verb(QStringLiteral("put %1 k profile:name=x").arg(kNy)));
        QVERIFY_RAN(world.verb(QStringLiteral("fault kill sanfrancisco")));
        const Ran plan = world.verb(QStringLiteral("run --undo --dry-run"));
        QCOMPARE(plan.code, 3);
        QVERIFY2(has(plan, "how many exist nowhere else is not known"), qPrintable(plan.all()));
        QCOMPARE(world.verb(QStringLiteral("run --undo --yes")).code, 8);
    }
    void theRunBegunLastIsTheNewestAndSeveralThatQualifyAreNamed() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const QString other = QStringLiteral("/mapr/newyork/another");
        const QString until = QStringLiteral(" --until create-replica");
        QVERIFY_RAN(world.verb(setup() + until));
        QVERIFY_RAN(world.verb(setup(other) + until));
        const QJsonArray runs =
            jsonOf(world.verb(QStringLiteral("--json report list"))).value(QStringLiteral("runs")).toArray();
        QCOMPARE(runs.size(), 2);
        const QString newest = runs[0].toObject().value(QStringLiteral("run")).toString();
        const QString older = runs[1].toObject().value(QStringLiteral("run")).toString();
        const QJsonObject report = jsonOf(world.verb(QStringLiteral("--json report")));
        QCOMPARE(report.value(QStringLiteral("run")).toString(), newest);
        QCOMPARE(report.value(QStringLiteral("parameters")).toObject().value(QStringLiteral("replica")).toString(),
                 other);
        for (const char* line : {"run --resume", "run --undo", "run --undo --dry-run"}) {
            const Ran refused = world.verb(QString::fromLatin1(line));
            QCOMPARE(refused.code, 2);
            QVERIFY2(refused.all().contains(newest) && refused.all().contains(older), qPrintable(refused.all()));
        }
        QVERIFY_RAN(world.verb(QStringLiteral("run --yes --undo ") + older));
        // Now only one is left; the undo of the other one is what changed meanwhile.
        QVERIFY_RAN(world.verb(QStringLiteral("run --resume --accept-drift")));
        QVERIFY_RAN(world.until0(QStringLiteral("diff %1 %2").arg(kSf, other)));
    }
    void aRunbookThatIsNamedUndoesNoRunOfAnother() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(setup() + QStringLiteral(" --until create-replica")));
        for (const char* line : {"run redirect-and-return --undo --yes", "run redirect-and-return --undo --dry-run",
                                 "run redirect-and-return --resume"}) {
            const Ran refused = world.verb(QString::fromLatin1(line));
            QCOMPARE(refused.code, 2);
            QVERIFY2(has(refused, "no run of redirect-and-return can be"), qPrintable(refused.all()));
        }
        const QString id = jsonOf(world.verb(QStringLiteral("--json report"))).value(QStringLiteral("run")).toString();
        const Ran other = world.verb(QStringLiteral("run redirect-and-return --yes --undo ") + id);
        QCOMPARE(other.code, 2);
        QVERIFY2(has(other, "is one of multi-master-setup"), qPrintable(other.all()));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table info -path %1").arg(kNy)));
        QVERIFY_RAN(world.verb(QStringLiteral("run multi-master-setup --undo --yes")));
    }
    void anUndoThatFindsSomethingElseInItsPlaceHasFailed() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY(QDir().mkpath(world.dir() + QStringLiteral("/runbooks")));
        QFile book(world.dir() + QStringLiteral("/runbooks/adds.yaml"));
        QVERIFY(book.open(QIODevice::WriteOnly));
        book.write(
            "runbook: adds\ntitle: Adds\nsystem: maprdb\nsteps:\n  - id: one\n    title: Adds a family\n    do: " +
            QByteArray("maprcli table cf create -path ") + TerminalWorld::kSf +
            " -cfname more\n    verify: {becomes: family-exists " + TerminalWorld::kSf +
            " more}\n    undo: " + "maprcli table create -path " + TerminalWorld::kSf + "\n");
        book.close();
        QVERIFY_RAN(world.verb(QStringLiteral("run adds")));
        const Ran undone = world.verb(QStringLiteral("run --undo --yes"));
        QCOMPARE(undone.code, 7);
        QVERIFY2(!has(undone, "one: undone"), qPrintable(undone.all()));
    }
    void filesOfARunAreLookedAtBeforeItBegins_data() {
        QTest::addColumn<QString>("option");
        for (const char* option : {"--events", "--junit", "--report"}) {
            QTest::newRow(option) << QString::fromLatin1(option);
        }
    }
    void filesOfARunAreLookedAtBeforeItBegins() {
        QFETCH(QString, option);
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const Ran refused = world.verb(setup() + QStringLiteral(" %1 nowhere/file").arg(option));
        QCOMPARE(refused.code, 2);
        QVERIFY2(has(refused, "there is no folder nowhere"), qPrintable(refused.all()));
        QVERIFY(world.verb(QStringLiteral("maprcli table info -path %1").arg(kNy)).code != 0);
    }
    void whatRunsIsStoppedWithoutADrawing() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QFile drawing(world.dir() + QStringLiteral("/topology.yaml"));
        QVERIFY(drawing.open(QIODevice::Append));
        drawing.write("  bad: [\n");
        drawing.close();
        const Ran status = world.verb(QStringLiteral("status"));
        QCOMPARE(status.code, 2);
        QVERIFY2(has(status, "these clusters go on: newyork (process "), qPrintable(status.all()));
        const Ran down = world.verb(QStringLiteral("down"));
        QVERIFY_RAN(down);
        QVERIFY2(has(down, "newyork is down") && has(down, "sanfrancisco is down"), qPrintable(down.all()));
        QVERIFY(drawing.remove());
        const Ran again = world.verb(QStringLiteral("down"));
        QVERIFY_RAN(again);
        QVERIFY2(has(again, "newyork was down already"), qPrintable(again.all()));
    }
    void whatNeedsATypedNameIsRefusedBeforeTheFirstStep() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(setup()));
        const QString rebuild =
            QStringLiteral("run rebuild-replica --yes --no-input --set source=%1 --set replica=%2").arg(kSf, kNy);
        const Ran refused = world.verb(rebuild);
        QCOMPARE(refused.code, 8);
        QVERIFY2(has(refused, "--approve delete-replica=/mapr/newyork/customers"), qPrintable(refused.all()));
        const Ran list = world.verb(QStringLiteral("maprcli table replica list -json -path ") + kSf);
        QVERIFY2(list.out.contains(QStringLiteral("\"total\":1")), qPrintable(list.all()));  // nothing is gone
        QVERIFY_RAN(world.verb(rebuild + QStringLiteral(" --approve delete-replica=") + kNy));
    }
    void outputThatCannotBeWrittenIsSaidAndEndsNotWith0_data() {
        QTest::addColumn<QString>("options");
        QTest::newRow("events") << QStringLiteral("--events /dev/full");
        QTest::newRow("report") << QStringLiteral("--report /dev/full");
        QTest::newRow("junit") << QStringLiteral("--junit /dev/full");
    }
    void outputThatCannotBeWrittenIsSaidAndEndsNotWith0() {
        QFETCH(QString, options);
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const Ran ran = world.verb(setup() + QStringLiteral(" --until create-replica ") + options);
        QCOMPARE(ran.code, 70);
        QVERIFY2(ran.err.contains(options.section(QLatin1Char(' '), 1)), qPrintable(ran.err));
        QVERIFY(has(world.verb(QStringLiteral("report")), "until-reached"));  // the run itself went on
    }
    void aStopRequestEndsAWaitWithinASecond_data() {
        QTest::addColumn<QByteArray>("step");
        QTest::addColumn<int>("signal");
        const QByteArray wait = "  - id: w\n    title: W\n    wait: 10m\n";
        const QByteArray verify =
            "  - id: w\n    title: W\n    verify: {becomes: dataset-exists /mapr/newyork/never, within: 12h}\n";
        QTest::newRow("wait, SIGTERM") << wait << SIGTERM;
        QTest::newRow("wait, SIGINT") << wait << SIGINT;
        QTest::newRow("wait, a terminal that was closed") << wait << SIGHUP;
        QTest::newRow("verify, SIGTERM") << verify << SIGTERM;
        QTest::newRow("verify, SIGINT") << verify << SIGINT;
    }
    void aStopRequestEndsAWaitWithinASecond() {
        QFETCH(QByteArray, step);
        QFETCH(int, signal);
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        writeWaiting(world, step);
        QProcess waiting;
        waiting.setProcessChannelMode(QProcess::MergedChannels);
        waiting.setStandardInputFile(QProcess::nullDevice());
        waiting.start(TerminalWorld::executable(), {QStringLiteral("-w"), world.dir(), QStringLiteral("run"),
                                                    world.dir() + QStringLiteral("/waiting.yaml")});
        QByteArray seen;
        const auto underWay = [&] {
            waiting.waitForReadyRead(50);
            seen += waiting.readAll();
            return seen.contains("[1/1] w: W");
        };
        QTRY_VERIFY_WITH_TIMEOUT(underWay(), 20'000);
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(waiting.processId()), signal);
        QVERIFY(waiting.waitForFinished(10'000));
        QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));  // a second, on a busy machine
        seen += waiting.readAll();
        QCOMPARE(waiting.exitCode(), 130);
        QVERIFY2(seen.contains("run --resume"), seen.constData());
        QVERIFY(has(world.verb(QStringLiteral("report")), "**stopped**"));
    }
    void aRefusedResumeSaysWhatChangedAndNotTheSameCommandAgain() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(setup() + QStringLiteral(" --until register-replica")));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table replica remove -path %1 -replica %2").arg(kSf, kNy)));
        const Ran refused = world.verb(QStringLiteral("run --resume"));
        QCOMPARE(refused.code, 5);
        QVERIFY2(has(refused, "gone: replica /mapr/newyork/customers"), qPrintable(refused.all()));
        QVERIFY2(has(refused, "step register-replica"), qPrintable(refused.all()));
        QVERIFY2(has(refused, "--accept-drift"), qPrintable(refused.all()));
        const QString next = refused.err.section(QStringLiteral("Next:"), 1).trimmed();
        QVERIFY2(next.endsWith(QStringLiteral("--accept-drift")), qPrintable(refused.err));
    }
    void aDryRunDoesNotWaitForAFrozenCluster() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const int pid = world.daemonPid(QStringLiteral("newyork"));
        QVERIFY(pid > 1);
        ::kill(pid, SIGSTOP);
        QElapsedTimer timer;
        timer.start();
        const Ran dry = world.verb(setup() + QStringLiteral(" --dry-run"));
        const qint64 tookMs = timer.elapsed();
        ::kill(pid, SIGCONT);
        QVERIFY2(tookMs < 10'000, qPrintable(QString::number(tookMs)));
        QVERIFY_RAN(dry);
        QVERIFY2(!has(dry, "[now: true]") && has(dry, "newyork"), qPrintable(dry.all()));
        QVERIFY2(has(dry, "[now: unknown]") && !has(dry, "[now: false]"), qPrintable(dry.all()));
        QVERIFY2(dry.err.contains(QStringLiteral("not known")), qPrintable(dry.err));
    }
    void aFrozenClusterIsNotCalledDown() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(QStringLiteral("fault freeze sanfrancisco")));
        const Ran get = world.verb(QStringLiteral("get /mapr/sanfrancisco/customers k"));
        QVERIFY2(get.code == 3, qPrintable(get.all()));
        QVERIFY2(get.err.contains(QStringLiteral("cluster sanfrancisco runs and does not answer")),
                 qPrintable(get.err));
        QVERIFY2(!get.err.contains(QStringLiteral("not up")) && get.err.contains(QStringLiteral("fault list")),
                 qPrintable(get.err));
        QVERIFY_RAN(world.verb(QStringLiteral("fault thaw sanfrancisco")));
    }
    void aRunThatHoldsTheClustersItselfSaysSoAndUpNamesIt() {
        TerminalWorld world(QStringLiteral("multi-master"));
        writeWaiting(world, "  - id: w\n    title: W\n    wait: 10m\n");
        QProcess run;
        run.setProcessChannelMode(QProcess::MergedChannels);
        run.setStandardInputFile(QProcess::nullDevice());
        run.start(TerminalWorld::executable(), {QStringLiteral("-w"), world.dir(), QStringLiteral("run"),
                                                world.dir() + QStringLiteral("/waiting.yaml")});
        QByteArray seen;
        const auto underWay = [&] {
            run.waitForReadyRead(50);
            seen += run.readAll();
            return seen.contains("[1/1] w: W");
        };
        QTRY_VERIFY_WITH_TIMEOUT(underWay(), 30'000);
        QVERIFY2(seen.contains("in its own process"), seen.constData());
        const Ran up = world.verb(QStringLiteral("up"));
        QCOMPARE(up.code, 10);
        QVERIFY2(up.err.contains(QString::number(run.processId())), qPrintable(up.all()));
        TerminalWorld::terminate(run);
        QCOMPARE(run.exitCode(), 130);
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
    }
};
TRIBUTARY_TEST(TestUndoByTerminal)
#include "tst_undo.moc"
