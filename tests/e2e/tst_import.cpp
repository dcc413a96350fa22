// The page's procedure and captured answers, imported as they stand.
#include <QDir>

#include "scriptworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::ScriptWorld;
using tributary::test::TerminalWorld;

namespace {

/// The vendor's page; a short one with the same commands where the folder is absent.
QByteArray proceduresPage() {
    const QDir seeds(QStringLiteral(TRIBUTARY_SOURCE_DIR "/../shared/seeds"));
    const QDir beside(QStringLiteral(TRIBUTARY_SOURCE_DIR "/../../shared/seeds"));
    for (const QDir& folder : {seeds, beside}) {
        const QStringList files = folder.entryList({QStringLiteral("000_*.txt")}, QDir::Files);
        if (!files.isEmpty()) return ScriptWorld::contents(folder.filePath(files.first()));
    }
    qInfo("the folder shared/seeds is absent: a page of our own with the same commands is imported");
    return "  1. In one direction\n maprcli table create -path <path to the replica> -copyMetaFrom <path to the source "
           "table>\n"
           " maprcli table replica add -path <path to the source table> -replica <path to the replica> -paused true\n"
           " maprcli table upstream add -path <path to the replica> -upstream <path to the source table>\n"
           " Load the replica with the CopyTable utility.\n"
           " maprcli table replica resume -path <path to the source table> -replica <path to the replica>\n"
           " maprcli table replica resume -path mapr/sanfrancisco/customers -replica /mapr/newyork/customers\n"
           "  2. In the other direction:\n"
           " maprcli table replica add -path <path to the source table> -replica <path to the replica>\n"
           " maprcli table upstream add -path <path to the replica> -upstream <path to the source table>\n";
}

bool writePage(const QString& path, const QByteArray& text) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

}  // namespace

class TestImport : public QObject {
    Q_OBJECT

private slots:
    void thePagesProcedureRunsAndEndsIdentical() {
        const TerminalWorld world(QStringLiteral("multi-master"));
        const QTemporaryDir folder;
        const QString page = folder.path() + QStringLiteral("/Setting Up.txt");
        QVERIFY(writePage(page, proceduresPage()));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(QStringLiteral("load /mapr/sanfrancisco/customers --generate 2000 --seed 1")));
        const Ran imported = TerminalWorld::run({QStringLiteral("-w"), world.dir(), QStringLiteral("import"), page});
        QVERIFY_RAN(imported);
        QVERIFY2(imported.err.contains(QStringLiteral("leading slash is missing")), qPrintable(imported.err));
        QVERIFY2(imported.err.contains(QStringLiteral("CopyTable utility")), qPrintable(imported.err));
        QVERIFY_RAN(
            TerminalWorld::run({QStringLiteral("runbook"), QStringLiteral("validate"), imported.out.trimmed()}));
        const Ran asked = world.verb(QStringLiteral("run setting-up"));
        QCOMPARE(asked.code, 2);
        QVERIFY2(asked.err.contains(QStringLiteral("--set source-table=")), qPrintable(asked.err));
        QVERIFY_RAN(
            world.verb(QStringLiteral("run setting-up --set source-table=/mapr/sanfrancisco/customers "
                                      "--set replica=/mapr/newyork/customers")));
        QVERIFY_RAN(world.verb(QStringLiteral("put /mapr/newyork/customers late profile:v=2")));
        QVERIFY_RAN(world.until0(QStringLiteral("diff /mapr/sanfrancisco/customers /mapr/newyork/customers")));
    }

    void observedClustersAreDrawnAsTheyAre() {
        const TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(
            world.verb(QStringLiteral("run multi-master-setup --set source=/mapr/sanfrancisco/customers "
                                      "--set replica=/mapr/newyork/customers")));
        QByteArray captured;
        for (const char* path : {TerminalWorld::kSf, TerminalWorld::kNy}) {
            for (const char* command : {"table info", "table cf list", "table replica list", "table upstream list"}) {
                const QString line =
                    QStringLiteral("maprcli %1 -path %2 -json").arg(QLatin1String(command), QLatin1String(path));
                captured += "$ " + line.toUtf8() + "\n" + world.verb(line).out.toUtf8();
            }
        }
        for (const char* cluster : {"sanfrancisco", "newyork"}) {
            captured += world
                            .verb(QStringLiteral("maprcli cluster gateway resolve -dstcluster %1 -json")
                                      .arg(QLatin1String(cluster)))
                            .out.toUtf8();
        }
        const QTemporaryDir folder;
        QVERIFY(writePage(folder.path() + QStringLiteral("/answers.txt"), captured));
        const QString drawing = folder.path() + QStringLiteral("/topology.yaml");
        QVERIFY_RAN(
            TerminalWorld::run({QStringLiteral("import"), QStringLiteral("--observed"),
                                folder.path() + QStringLiteral("/answers.txt"), QStringLiteral("-o"), drawing}));
        const QByteArray text = ScriptWorld::contents(drawing);
        for (const char* part : {"gw-sf-1", "gw-ny-2", "profile", "orders", "upstreams:", "replicas:"}) {
            QVERIFY2(text.contains(part), text.constData());
        }
        QVERIFY_RAN(TerminalWorld::run({QStringLiteral("-w"), folder.path(), QStringLiteral("check")}));
    }

    void strictImportsTakeAllOrNothing() {
        const QTemporaryDir folder;
        const QString script = folder.path() + QStringLiteral("/setup.sh");
        const QString book = folder.path() + QStringLiteral("/setup.yaml");
        QVERIFY(writePage(
            script,
            "maprcli table info -path /mapr/sf/t\nif true; then\n  maprcli table delete -path /mapr/sf/t\nfi\n"));
        const QStringList words{QStringLiteral("import"), script, QStringLiteral("-o"), book};
        const Ran strict = TerminalWorld::run(words + QStringList{QStringLiteral("--strict")});
        QCOMPARE(strict.code, 1);
        QVERIFY2(strict.err.contains(QStringLiteral("setup.sh:3: `maprcli table delete")), qPrintable(strict.err));
        QVERIFY(!QFile::exists(book));
        const Ran told = TerminalWorld::run(words);
        QVERIFY_RAN(told);
        QVERIFY2(told.err.contains(QStringLiteral("Not read:")), qPrintable(told.err));
        QVERIFY(ScriptWorld::contents(book).contains("#   line 3: `maprcli table delete"));
        const Ran json = TerminalWorld::run(
            {QStringLiteral("import"), script, QStringLiteral("-o"), QStringLiteral("-"), QStringLiteral("--json")});
        QVERIFY_RAN(json);
        QVERIFY2(json.out.contains(QStringLiteral("\"unread\"")) && json.out.contains(QStringLiteral("\"line\": 3")),
                 qPrintable(json.out));
    }

    void aDrawingOfRealGatewaysStarts() {
        const QTemporaryDir folder;
        const QString answers = folder.path() + QStringLiteral("/answers.json");
        QVERIFY(writePage(
            answers,
            "{\"status\":\"OK\",\"data\":[{\"path\":\"/mapr/sf/t\",\"tabletype\":\"binary\"}]}\n"
            "{\"status\":\"OK\",\"data\":[{\"cfname\":\"f\"}]}\n"
            "{\"status\":\"OK\",\"data\":[{\"cluster\":\"sf\",\"gatewayConfig\":\"10.1.2.3:7660 gw-2:7660\"}]}\n"));
        const Ran drawn = TerminalWorld::run({QStringLiteral("import"), QStringLiteral("--observed"), answers,
                                              QStringLiteral("-o"), folder.path() + QStringLiteral("/topology.yaml")});
        QVERIFY_RAN(drawn);
        QVERIFY2(drawn.err.contains(QStringLiteral("--with-addresses")), qPrintable(drawn.err));
        const QStringList here{QStringLiteral("-w"), folder.path()};
        QVERIFY_RAN(TerminalWorld::run(here + QStringList{QStringLiteral("up")}));
        QVERIFY_RAN(TerminalWorld::run(here + QStringList{QStringLiteral("put"), QStringLiteral("/mapr/sf/t"),
                                                          QStringLiteral("key"), QStringLiteral("f:a=1")}));
        QVERIFY_RAN(TerminalWorld::run(here + QStringList{QStringLiteral("down")}));
    }
};
TRIBUTARY_TEST(TestImport)
#include "tst_import.moc"
