// Exported scripts, unchanged, on the embedded engine: they do what the runbook does, and survive being killed.
#include <QDir>

#include "scriptworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::ScriptCase;
using tributary::test::ScriptWorld;
using tributary::test::TerminalWorld;

namespace {

const QString kSource = QStringLiteral("source=/mapr/sanfrancisco/customers");
const QString kReplica = QStringLiteral("replica=/mapr/newyork/customers");
const QString kDiff = QStringLiteral("diff /mapr/sanfrancisco/customers /mapr/newyork/customers");

ScriptCase setup() {
    return {QStringLiteral("multi-master-setup"), {kSource, kReplica, QStringLiteral("compare=true")}, {}};
}

/// The shipped runbooks in an order in which each finds what it needs.
QList<ScriptCase> tour() {
    return {
        setup(),
        {QStringLiteral("column-family-addition"), {kSource, kReplica, QStringLiteral("family=preferences")}, {}},
        {QStringLiteral("redirect-and-return"),
         {QStringLiteral("offline=/mapr/sanfrancisco/customers"), QStringLiteral("standby=/mapr/newyork/customers")},
         {QStringLiteral("--yes")}},
        {QStringLiteral("replica-resync"), {kSource, kReplica}, {QStringLiteral("--yes")}},
        {QStringLiteral("rebuild-replica"),
         {kSource, kReplica, QStringLiteral("multimaster=true")},
         {QStringLiteral("--approve"), QStringLiteral("delete-replica=/mapr/newyork/customers")}},
        {QStringLiteral("replication-teardown"), {kSource, kReplica}, {QStringLiteral("--yes")}},
        {QStringLiteral("replica-setup"), {kSource, kReplica}, {}}};
}

/// Whether scripts are killed at every place (long runs), or at each eighth of one script (the gate).
bool isEveryPlace() {
    return qEnvironmentVariableIsSet("TRIBUTARY_EVERY_PLACE");
}
int placesApart() {
    return isEveryPlace() ? 1 : 8;
}

/// What the clusters record, without figures that move by themselves: totalrows counts a row that lies in the file and
/// was written since twice, until the next checkpoint.
QString records(const TerminalWorld& world) {
    QString out;
    for (const char* path : {TerminalWorld::kSf, TerminalWorld::kNy}) {
        for (const char* command :
             {"table info -path %1 -json", "table cf list -path %1", "table upstream list -path %1",
              "table replica list -path %1 -refreshnow true -json"}) {
            const QString line = QStringLiteral("maprcli ") + QString::fromLatin1(command).arg(QLatin1String(path));
            for (const QString& text : world.verb(line).out.split(QLatin1Char('\n'))) {
                static const QRegularExpression kMoves(
                    QStringLiteral("time|Pending|size|copyTable|isUptodate|segments|totalrows"));
                if (!text.contains(kMoves)) out += text + QLatin1Char('\n');
            }
        }
    }
    return out;
}

/// The lines of the records that are others now; empty when none is.
QString changedIn(const TerminalWorld& world, const QString& before) {
    const QStringList was = before.split(QLatin1Char('\n'));
    const QStringList now = records(world).split(QLatin1Char('\n'));
    QString out;
    for (qsizetype i = 0; i < std::max(was.size(), now.size()); ++i) {
        if (was.value(i) != now.value(i))
            out += was.value(i) + QStringLiteral(" -> ") + now.value(i) + QLatin1Char('\n');
    }
    return out;
}

}  // namespace

class TestScripts : public QObject {
    Q_OBJECT

private slots:
    void everyShippedRunbookRunsAndChangesNothingTheSecondTime() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 2000 --seed 1")));
        for (const ScriptCase& one : tour()) {
            QVERIFY_RAN(scripts.exportScript(one));
            const QByteArray text = ScriptWorld::contents(scripts.script(one));
            QVERIFY_RAN(scripts.run(one));
            QVERIFY_RAN(world.verb(kDiff));
            const QString before = records(world);
            const Ran again = scripts.run(one);
            QVERIFY_RAN(again);
            QVERIFY2(again.err.contains(QStringLiteral("nothing was changed")), qPrintable(again.err));
            QCOMPARE(changedIn(world, before), QString());
            QCOMPARE(ScriptWorld::contents(scripts.script(one)), text);
        }
    }

    void aFreshStartOfAllFindsItHeldAlready() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 500 --seed 1")));
        QVERIFY_RAN(scripts.exportScript(setup()));
        QVERIFY_RAN(scripts.run(setup()));
        const QString before = records(world);
        const Ran anew = scripts.run(setup(), {QStringLiteral("--again")});
        QVERIFY_RAN(anew);
        QVERIFY2(!anew.err.contains(QStringLiteral("$ maprcli table create")), qPrintable(anew.err));
        QCOMPARE(changedIn(world, before), QString());
        QVERIFY_RAN(world.verb(kDiff));
    }

    void killedBetweenAnyTwoStepsItCompletes() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 2000 --seed 1")));
        for (const ScriptCase& one : isEveryPlace() ? tour() : QList<ScriptCase>{setup()}) {
            QVERIFY_RAN(scripts.exportScript(one));
            Ran ended;
            int kills = 0;
            // The first start is killed before any step, each later one some steps further.
            bool killed = scripts.killedBeforeStep(one, 0, ended);
            while (killed) {
                ++kills;
                killed = scripts.killedBeforeStep(one, placesApart(), ended);
            }
            QVERIFY2(ended.code == 0, qPrintable(QString::number(ended.code) + ended.out));
            QVERIFY2(kills >= 3 / placesApart() + 1, qPrintable(QString::number(kills) + ended.out));
            QVERIFY_RAN(world.verb(kDiff));
        }
    }

    void killedInsideAnyCommandItCompletes() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 500 --seed 1")));
        const ScriptCase one = setup();
        QVERIFY_RAN(scripts.exportScript(one));
        QVERIFY_RAN(scripts.run(one));
        const QByteArrayList lines = ScriptWorld::contents(scripts.journal(one)).split('\n');
        const QString before = records(world);
        int commands = 0;
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (!lines[i].contains("\tline-started\t") || commands++ % placesApart() != 0) continue;
            // The journal as a kill behind that command's effect leaves it, its next line torn.
            QFile journal(scripts.journal(one));
            QVERIFY(journal.open(QIODevice::WriteOnly | QIODevice::Truncate));
            journal.write(lines.mid(0, i + 1).join('\n') + "\n2026-01-01T00:0");
            journal.close();
            const Ran ran = scripts.run(one);
            QVERIFY_RAN(ran);
            QVERIFY2(ran.err.contains(QStringLiteral("before the interruption")) ||
                         ran.err.contains(QStringLiteral("looking whether it took effect")),
                     qPrintable(ran.err));
            QCOMPARE(changedIn(world, before), QString());
        }
        QVERIFY(commands >= 9);
        QVERIFY_RAN(world.verb(kDiff));
    }

    void undoTakesBackWhatTheScriptDid() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/sanfrancisco/customers k profile:name=x")));
        QVERIFY_RAN(scripts.exportScript(setup()));
        QVERIFY_RAN(scripts.run(setup(), {QStringLiteral("--until"), QStringLiteral("catch-up")}));
        const Ran plan = scripts.run(setup(), {QStringLiteral("--undo"), QStringLiteral("--dry-run")});
        QVERIFY_RAN(plan);
        QVERIFY2(plan.err.contains(QStringLiteral("--approve create-replica=/mapr/newyork/customers")),
                 qPrintable(plan.err));
        const Ran refused = scripts.run(setup(), {QStringLiteral("--undo"), QStringLiteral("--yes")});
        QCOMPARE(refused.code, 8);
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table info -path /mapr/newyork/customers")));
        const QStringList undo{QStringLiteral("--undo"), QStringLiteral("--approve"),
                               QStringLiteral("create-replica=/mapr/newyork/customers")};
        QVERIFY_RAN(scripts.run(setup(), undo));
        QVERIFY(world.verb(QStringLiteral("maprcli table info -path /mapr/newyork/customers")).code != 0);
        QVERIFY(
            world.verb(QStringLiteral("maprcli table replica list -path /mapr/sanfrancisco/customers")).out.isEmpty());
        QVERIFY_RAN(scripts.run(setup()));
        QVERIFY_RAN(world.verb(kDiff));
    }

    void undoTakesBackWhatWasDoneBeforeAgain() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(scripts.exportScript(setup()));
        QVERIFY_RAN(scripts.run(setup()));
        QVERIFY_RAN(scripts.run(setup(), {QStringLiteral("--again")}));
        QVERIFY_RAN(scripts.run(setup(), {QStringLiteral("--undo"), QStringLiteral("--approve"),
                                          QStringLiteral("create-replica=/mapr/newyork/customers")}));
        QVERIFY(world.verb(QStringLiteral("maprcli table info -path /mapr/newyork/customers")).code != 0);
        QVERIFY(
            world.verb(QStringLiteral("maprcli table replica list -path /mapr/sanfrancisco/customers")).out.isEmpty());
    }

    void approvalsAreRefusedBeforeTheFirstStep() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(scripts.exportScript(setup()));
        QVERIFY_RAN(scripts.run(setup()));
        const QString before = records(world);
        const ScriptCase rebuild{
            QStringLiteral("rebuild-replica"),
            {QStringLiteral("source=/mapr/sanfrancisco/customers"), QStringLiteral("replica=/mapr/newyork/customers")},
            {QStringLiteral("--yes")}};
        QVERIFY_RAN(scripts.exportScript(rebuild));
        const Ran refused = scripts.run(rebuild);
        QCOMPARE(refused.code, 8);
        QVERIFY2(refused.err.contains(QStringLiteral("--approve delete-replica=/mapr/newyork/customers")),
                 qPrintable(refused.err));
        QCOMPARE(changedIn(world, before), QString());
    }

    void fromBeginsInTheMiddleWhenTheEarlierStepsHold() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(scripts.exportScript(setup()));
        const QStringList from{QStringLiteral("--from"), QStringLiteral("register-replica")};
        const Ran early = scripts.run(setup(), from);
        QCOMPARE(early.code, 1);
        QVERIFY2(early.err.contains(QStringLiteral("--from create-replica")), qPrintable(early.err));
        QVERIFY_RAN(world.verb(QStringLiteral(
            "maprcli table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers")));
        QVERIFY_RAN(scripts.run(setup(), from));
        QVERIFY_RAN(world.verb(kDiff));
    }

    void otherParametersAreRefusedByTheJournal() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        QVERIFY_RAN(scripts.world().verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(scripts.exportScript(setup()));
        QVERIFY_RAN(scripts.run(setup(), {QStringLiteral("--until"), QStringLiteral("check-gateways")}));
        const Ran other = scripts.run(setup(), {QStringLiteral("--set"), QStringLiteral("copy=false")});
        QCOMPARE(other.code, 5);
        QVERIFY2(other.err.contains(QStringLiteral("--journal")), qPrintable(other.err));
        QCOMPARE(scripts.run(setup(), {QStringLiteral("--from"), QStringLiteral("nowhere")}).code, 2);
    }
};
TRIBUTARY_TEST(TestScripts)
#include "tst_scripts.moc"
