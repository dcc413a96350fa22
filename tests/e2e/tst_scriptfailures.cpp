// A failing step stops an exported script with the reason, the state reached and the next command; secrets stay out.
#include "scriptworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::ScriptCase;
using tributary::test::ScriptWorld;
using tributary::test::TerminalWorld;

namespace {

const QString kFrom = QStringLiteral("source=/mapr/sanfrancisco/customers");
const QString kTo = QStringLiteral("replica=/mapr/newyork/customers");

ScriptCase multiMaster() {
    return {QStringLiteral("multi-master-setup"), {kFrom, kTo}, {}};
}

/// Empty when the script said why it stopped, how far it came and what to do next, and ended with `code`.
QString missingFrom(const Ran& ran, int code, const QString& step, const QString& reason) {
    if (ran.code != code) return QStringLiteral("exit %1, not %2: %3").arg(ran.code).arg(code).arg(ran.err);
    for (const QString& part :
         {QStringLiteral("stopped at step"), step, reason, QStringLiteral("  reached: "), QStringLiteral("  try: ")}) {
        if (!ran.err.contains(part)) return QStringLiteral("no `%1` in: %2").arg(part, ran.err);
    }
    return {};
}

bool writeFile(const QString& path, const QByteArray& text) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

}  // namespace

class TestScriptFailures : public QObject {
    Q_OBJECT

private slots:
    void aReplicaPathThatIsTakenStops() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table create -path /mapr/newyork/customers")));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table cf create -path /mapr/newyork/customers -cfname other")));
        QVERIFY_RAN(scripts.exportScript(multiMaster()));
        const QString missing = missingFrom(scripts.run(multiMaster()), 1, QStringLiteral("check-metadata"),
                                            QStringLiteral("same-metadata"));
        QVERIFY2(missing.isEmpty(), qPrintable(missing));
        QVERIFY(
            world.verb(QStringLiteral("maprcli table replica list -path /mapr/sanfrancisco/customers")).out.isEmpty());
    }

    void aMissingPermissionStopsBeforeAnythingIsDone() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(scripts.exportScript(multiMaster()));
        const QString missing =
            missingFrom(scripts.run(multiMaster(), {}, QStringLiteral("ben")), 1,
                        QStringLiteral("check-source-permissions"), QStringLiteral("asked for u:ben"));
        QVERIFY2(missing.isEmpty(), qPrintable(missing));
        QVERIFY(world.verb(QStringLiteral("maprcli table info -path /mapr/newyork/customers")).code != 0);
    }

    void gatewaysThatAreDownStopPartWay() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const ScriptCase link{scripts.folder() + QStringLiteral("/start-link.yaml"), {kFrom, kTo}, {}};
        QVERIFY(
            writeFile(link.runbook,
                      "runbook: start-link\ntitle: Start the link\nsystem: maprdb\nparameters:\n"
                      "  source: {type: dataset}\n  replica: {type: path}\nsteps:\n"
                      "  - id: register\n    title: Register\n    done-when: replica-listed {{source}} {{replica}}\n"
                      "    do: maprcli table replica add -path {{source}} -replica {{replica}}\n"
                      "    verify: {becomes: \"link-state {{source}} {{replica}} unreachable\", within: 20s}\n"
                      "    undo: maprcli table replica remove -path {{source}} -replica {{replica}}\n"
                      "  - id: flows\n    title: It flows\n"
                      "    verify: {becomes: \"link-healthy {{source}} {{replica}}\", within: 2s}\n"
                      "  - id: pause\n    title: Pause\n"
                      "    do: maprcli table replica pause -path {{source}} -replica {{replica}}\n"
                      "    verify: replica-paused {{source}} {{replica}}\n    undo: none\n"));
        for (const char* line :
             {"maprcli table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers",
              "maprcli table upstream add -path /mapr/newyork/customers -upstream /mapr/sanfrancisco/customers",
              "fault gateway stop gw-ny-1", "fault gateway stop gw-ny-2",
              "put /mapr/sanfrancisco/customers k profile:v=1"}) {
            QVERIFY_RAN(world.verb(QString::fromLatin1(line)));
        }
        QVERIFY_RAN(scripts.exportScript(link));
        const Ran ran = scripts.run(link);
        const QString missing =
            missingFrom(ran, 7, QStringLiteral("flows"), QStringLiteral("ErrAllGatewaysUnreachable"));
        QVERIFY2(missing.isEmpty(), qPrintable(missing));
        QVERIFY2(ran.err.contains(QStringLiteral("--undo")), qPrintable(ran.err));
        QVERIFY_RAN(world.verb(QStringLiteral("fault clear")));
        QTRY_VERIFY_WITH_TIMEOUT(scripts.run(link).code == 0, 60'000);
    }

    void aClusterThatIsDownIsUndecided() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        QVERIFY_RAN(scripts.exportScript(multiMaster()));
        const Ran ran = scripts.run(multiMaster());
        QCOMPARE(ran.code, 3);
        QVERIFY2(ran.err.contains(QStringLiteral("nothing was changed")), qPrintable(ran.err));
    }

    void aDeletionWaitsForItsName() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        TerminalWorld& world = scripts.world();
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral(
            "maprcli table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers")));
        const ScriptCase rebuild{QStringLiteral("rebuild-replica"), {kFrom, kTo}, {QStringLiteral("--yes")}};
        QVERIFY_RAN(scripts.exportScript(rebuild));
        const Ran ran = scripts.run(rebuild);
        QVERIFY2(ran.code == 8, qPrintable(ran.all()));
        for (const char* words : {"step delete-replica needs an approval", "nothing was begun",
                                  "--approve delete-replica=/mapr/newyork/customers"}) {
            QVERIFY2(ran.all().contains(QLatin1String(words)), qPrintable(ran.all()));
        }
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table info -path /mapr/newyork/customers")));
    }

    void anUndoThatNarrowsLimitsNamesWhatItDrops() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        QVERIFY_RAN(scripts.world().verb(QStringLiteral("up --no-wan")));
        const ScriptCase widen{scripts.folder() + QStringLiteral("/widen.yaml"), {kFrom}, {QStringLiteral("--yes")}};
        const QByteArray edit = "maprcli table cf edit -path {{source}} -cfname profile -ttl ";
        QVERIFY(writeFile(widen.runbook,
                          "runbook: widen\ntitle: Widen\nsystem: maprdb\nparameters:\n"
                          "  source: {type: dataset}\nsteps:\n  - id: longer\n    title: Longer\n    do: " +
                              edit + "0\n    undo: [\"" + edit + "60\", \"" + edit +
                              "0\"]\n    verify: dataset-exists {{source}}\n"));
        QVERIFY_RAN(scripts.exportScript(widen));
        QVERIFY_RAN(scripts.run(widen));
        const Ran refused = scripts.run(widen, {QStringLiteral("--undo")});
        QVERIFY2(refused.code == 8, qPrintable(refused.all()));
        for (const char* words : {"LOST: cells of family profile that ttl 60 s will not keep; they do not come back",
                                  "it keeps no less than before", "--approve longer=profile"}) {
            QVERIFY2(refused.all().contains(QLatin1String(words)), qPrintable(refused.all()));
        }
        QVERIFY_RAN(scripts.run(
            widen, {QStringLiteral("--undo"), QStringLiteral("--approve"), QStringLiteral("longer=profile")}));
    }

    void secretsAreNowhere() {
        ScriptWorld scripts(QStringLiteral("multi-master"));
        QVERIFY_RAN(scripts.world().verb(QStringLiteral("up --no-wan")));
        ScriptCase login{scripts.folder() + QStringLiteral("/login.yaml"), {kFrom}, {QStringLiteral("--yes")}};
        QByteArray parameters;
        QByteArray steps;
        QByteArrayList canaries;
        for (int i = 0; i < 20; ++i) {
            const QByteArray number = QByteArray::number(i);
            canaries << "canary-" + number + "-3f9c" + QByteArray::number(i * 7919) + "-/+=x";
            const QString file = scripts.folder() + QStringLiteral("/secret") + QString::number(i);
            QVERIFY(writeFile(file, canaries.back()));
            login.set << QStringLiteral("token") + QString::number(i) + QStringLiteral("=file:") + file;
            parameters += "  token" + number + ": {type: secret}\n";
            steps += "  - id: login" + number + "\n    title: Log in with {{token" + number +
                     "}}\n    human: Give maprlogin the password in {{token" + number +
                     " | file}}.\n    verify: dataset-exists {{source}}\n";
        }
        QVERIFY(writeFile(login.runbook,
                          "runbook: login\ntitle: Log in\nsystem: maprdb\nparameters:\n"
                          "  source: {type: dataset}\n" +
                              parameters + "steps:\n" + steps));
        QVERIFY_RAN(scripts.exportScript(login));
        const Ran ran = scripts.run(login);
        QVERIFY_RAN(ran);
        const Ran refused =
            scripts.run(login, {QStringLiteral("--set"), QStringLiteral("token3=") + QString::fromLatin1(canaries[3]),
                                QStringLiteral("--journal"), scripts.folder() + QStringLiteral("/other")});
        QCOMPARE(refused.code, 2);
        const QByteArray all = ScriptWorld::contents(scripts.script(login)) +
                               ScriptWorld::contents(scripts.journal(login)) +
                               ScriptWorld::contents(scripts.journal(login) + QStringLiteral(".log")) +
                               ran.all().toUtf8() + refused.all().toUtf8();
        QVERIFY(all.contains("secret19"));
        for (const QByteArray& canary : canaries) {
            for (const QByteArray& form : {canary, canary.toBase64(), canary.toHex(), canary.toHex().toUpper()}) {
                QVERIFY2(!all.contains(form), canary.constData());
            }
        }
    }
};
TRIBUTARY_TEST(TestScriptFailures)
#include "tst_scriptfailures.moc"
