// JSON tables through the built executable: drawn, made, written by mapr dbshell, replicated by fields, killed.
#include <QFile>

#include "shellworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::ShellWorld;

namespace {

constexpr const char* kSf = "/mapr/sanfrancisco/people";
constexpr const char* kNy = "/mapr/newyork/people";

/// Two clusters, a JSON table with a family below a path, and a link of some of its fields.
constexpr const char* kDrawing = R"(tributary: 1
clusters:
  sanfrancisco: {system: maprdb, gateways: [gw-sf-1, gw-sf-2]}
  newyork: {system: maprdb, gateways: [gw-ny-1, gw-ny-2]}
datasets:
  /mapr/sanfrancisco/people:
    kind: json-table
    exists: true
    families: [{name: default}, {name: pay, jsonpath: job.pay}]
  /mapr/newyork/people: {kind: json-table}
replicas:
  - {from: /mapr/sanfrancisco/people, to: /mapr/newyork/people, columns: "name,job.pay"}
upstreams:
  - {at: /mapr/newyork/people, from: /mapr/sanfrancisco/people}
)";

class JsonWorld : public ShellWorld {
public:
    JsonWorld() : ShellWorld(QStringLiteral("multi-master")) {
        QFile file(dir() + QStringLiteral("/topology.yaml"));
        if (file.open(QIODevice::WriteOnly)) file.write(kDrawing);
    }
    /// One line of the document shell.
    [[nodiscard]] Ran documents(const QString& line) const {
        return run({QStringLiteral("-w"), dir(), QStringLiteral("mapr"), QStringLiteral("dbshell"),
                    QStringLiteral("-c"), line});
    }
    [[nodiscard]] Ran insert(const char* table, const QString& document) const {
        return documents(QStringLiteral("insert %1 --value '%2'").arg(QLatin1String(table), document));
    }
    [[nodiscard]] QString all(const char* table) const {
        const Ran found = documents(QStringLiteral("find ") + QLatin1String(table));
        return found.code == 0 ? found.out : found.all();
    }
};

}  // namespace

class TestJsonTables : public QObject {
    Q_OBJECT
private slots:
    void drawnTableIsMadePlannedAndReplicatedByFields() {
        JsonWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("check")));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QCOMPARE_EXIT(world.verb(QStringLiteral("plan")), 2);
        QVERIFY_RAN(world.verb(QStringLiteral("apply --yes")));
        const Ran planned = world.verb(QStringLiteral("plan"));
        QVERIFY2(planned.code == 0 && planned.out.contains(QStringLiteral("nothing to do")), qPrintable(planned.all()));
        QVERIFY_RAN(world.insert(
            kSf, QStringLiteral("{\"_id\":\"u1\",\"name\":\"Ann\",\"job\":{\"pay\":3,\"title\":\"smith\"}}")));
        QTRY_COMPARE_WITH_TIMEOUT(
            world.all(kNy),
            QStringLiteral("{\"_id\":\"u1\",\"job\":{\"pay\":3},\"name\":\"Ann\"}\n1 document(s) found.\n"), 30'000);
        const Ran listed =
            world.verb(QStringLiteral("maprcli table replica list -path %1 -json").arg(QLatin1String(kSf)));
        QVERIFY2(listed.out.contains(QStringLiteral("\"maprdb.json\"")), qPrintable(listed.all()));
        QVERIFY2(listed.out.contains(QStringLiteral("\"job.pay,name\"")), qPrintable(listed.all()));
        const Ran status = world.verb(QStringLiteral("status"));
        QVERIFY2(status.out.contains(QStringLiteral("What runs is what is drawn.")), qPrintable(status.all()));
    }
    void commandsMakeATableAndRefuseWhatItIsNot() {
        JsonWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const QString table = QStringLiteral("/mapr/sanfrancisco/t");
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table create -tabletype json -path ") + table));
        const Ran info = world.verb(QStringLiteral("maprcli table info -json -path ") + table);
        QVERIFY2(info.out.contains(QStringLiteral("\"tabletype\":\"json\"")), qPrintable(info.all()));
        QVERIFY2(info.out.contains(QStringLiteral("defaulttraverseperm")), qPrintable(info.all()));
        QVERIFY2(!info.out.contains(QStringLiteral("defaultappendperm")), qPrintable(info.all()));
        const auto refused = [&](const QString& line, const QString& says) {
            const Ran ran = world.verb(line);
            QVERIFY2(ran.code != 0 && ran.all().contains(says), qPrintable(line + QStringLiteral(": ") + ran.all()));
        };
        refused(QStringLiteral("maprcli table cf create -path %1 -cfname a -jsonpath a.b").arg(table),
                QStringLiteral("-force true"));
        QVERIFY_RAN(world.verb(
            QStringLiteral("maprcli table cf create -path %1 -cfname a -jsonpath a.b -force true").arg(table)));
        refused(QStringLiteral("maprcli table cf edit -path %1 -cfname a -appendperm p").arg(table),
                QStringLiteral("has no appendperm"));
        refused(QStringLiteral("maprcli table cf delete -path %1 -cfname a").arg(table), QStringLiteral("not deleted"));
        refused(QStringLiteral("maprcli table cf create -path %1 -cfname b -jsonpath b -force true -ttl 5").arg(table),
                QStringLiteral("expire"));
        refused(QStringLiteral("put %1 row default:x=1").arg(table), QStringLiteral("documents, not cells"));
        refused(QStringLiteral("workload %1 --seconds 1 --ack-log nowhere").arg(table),
                QStringLiteral("documents, not cells"));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table create -path /mapr/newyork/binary")));
        refused(QStringLiteral("maprcli table replica add -path %1 -replica /mapr/newyork/binary").arg(table),
                QStringLiteral("both must be of one kind"));
        const Ran wrong = world.insert("/mapr/newyork/binary", QStringLiteral("{\"_id\":\"a\"}"));
        QVERIFY2(wrong.code != 0 && wrong.all().contains(QStringLiteral("is no JSON table")), qPrintable(wrong.all()));
    }
    void toolsCopyCompareImportAndExport() {
        JsonWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QFile file(world.dir() + QStringLiteral("/in"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"_id\":\"a\",\"n\":{\"$numberLong\":7}}\n\n{\"key\":\"b\",\"n\":[1,{\"x\":null}]}\n");
        file.close();
        const auto mapr = [&](const QString& line) {
            return world.shell(QStringLiteral("cd '%1' && tributary mapr %2 -mapreduce false").arg(world.dir(), line));
        };
        const QString sf = QLatin1String(kSf);
        const Ran halfway = mapr(QStringLiteral("importJSON -src in -dst ") + sf);
        QVERIFY2(halfway.code != 0 && halfway.all().contains(QStringLiteral("line 3 of -src")),
                 qPrintable(halfway.all()));
        const Ran imported = mapr(QStringLiteral("importJSON -src in -idfield key -dst ") + sf);
        QVERIFY2(imported.code == 0 && imported.out.contains(QStringLiteral("documents imported: 2")),
                 qPrintable(imported.all()));
        // Seed 000: the replica is loaded with mapr copytable.
        QVERIFY_RAN(mapr(QStringLiteral("copytable -src %1 -dst %2 -bulkload false").arg(sf, QLatin1String(kNy))));
        const Ran same = mapr(QStringLiteral("difftables -src %1 -dst %2 -outdir d1").arg(sf, QLatin1String(kNy)));
        QVERIFY2(same.out.contains(QStringLiteral("the tables are identical")), qPrintable(same.all()));
        QVERIFY_RAN(
            world.documents(QStringLiteral("update %1 --id a --m {\"$put\":{\"n\":8}}").arg(QLatin1String(kNy))));
        const Ran differ =
            mapr(QStringLiteral("difftableswithcrc -src %1 -dst %2 -outdir d2").arg(sf, QLatin1String(kNy)));
        QVERIFY2(differ.out.contains(QStringLiteral("rows that differ: 1\n")), qPrintable(differ.all()));
        const Ran shown = world.verb(QStringLiteral("diff %1 %2").arg(sf, QLatin1String(kNy)));
        QVERIFY2(shown.code == 1 && shown.out.contains(QStringLiteral("n: '{\"$numberLong\":7}' and '8'")),
                 qPrintable(shown.all()));
        const Ran part =
            mapr(QStringLiteral("copytable -src %1 -dst /mapr/newyork/part -fromid b -bulkload false").arg(sf));
        QVERIFY2(part.out.contains(QStringLiteral("rows copied: 1")), qPrintable(part.all()));
        QVERIFY_RAN(mapr(QStringLiteral("exportJSON -dst out -src ") + sf));
        QFile out(world.dir() + QStringLiteral("/out"));
        QVERIFY(out.open(QIODevice::ReadOnly));
        QCOMPARE(out.readAll(), QByteArray("{\"_id\":\"a\",\"n\":{\"$numberLong\":7}}\n"
                                           "{\"_id\":\"b\",\"key\":\"b\",\"n\":[1,{\"x\":null}]}\n"));
        const auto refused = [&](const QString& line, const QString& says) {
            const Ran ran = mapr(line);
            QVERIFY2(ran.code != 0 && ran.all().contains(says), qPrintable(line + QStringLiteral(": ") + ran.all()));
        };
        // A pipe tells no size; what is in it is read all the same.
        const Ran piped = world.shell(QStringLiteral("cat '%1/out' | tributary mapr importJSON -src /dev/stdin -dst %2 "
                                                     "-mapreduce false")
                                          .arg(world.dir(), sf));
        QVERIFY2(piped.code == 0 && piped.out.contains(QStringLiteral("documents imported: 2")),
                 qPrintable(piped.all()));
        refused(QStringLiteral("importJSON -src /proc/self/mem -dst ") + sf, QStringLiteral("cannot read"));
        refused(QStringLiteral("exportJSON -dst out -src ") + sf, QStringLiteral("exists"));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table create -path /mapr/newyork/binary")));
        refused(QStringLiteral("copytable -src /mapr/newyork/binary -dst /mapr/newyork/b2"),
                QStringLiteral("is a binary table"));
        refused(QStringLiteral("exportJSON -src /mapr/newyork/binary -dst x"), QStringLiteral("is a binary table"));
        refused(QStringLiteral("exportstream -src a -dst b"), QStringLiteral("is not carried"));
        refused(QStringLiteral("copytable -src %1 -dst /mapr/newyork/none -columns a..b").arg(sf),
                QStringLiteral("is no field path"));
        QVERIFY(world.verb(QStringLiteral("maprcli table info -path /mapr/newyork/none")).code !=
                0);  // nothing is left
        QVERIFY(world.verb(QStringLiteral("mapr")).out.contains(QStringLiteral("mapr dbshell")));
    }
    void shippedRunbooksRunOnDocuments() {
        JsonWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.insert(kSf, QStringLiteral("{\"_id\":\"early\",\"n\":1}")));
        const QString ends =
            QStringLiteral(" --yes --set source=%1 --set replica=%2").arg(QLatin1String(kSf), QLatin1String(kNy));
        QVERIFY_RAN(world.verb(QStringLiteral("run multi-master-setup") + ends));
        QVERIFY_RAN(world.insert(kNy, QStringLiteral("{\"_id\":\"late\",\"n\":2}")));
        QVERIFY_RAN(world.until0(QStringLiteral("diff %1 %2").arg(QLatin1String(kSf), QLatin1String(kNy))));
        QVERIFY2(world.all(kSf).contains(QStringLiteral("\"late\"")), qPrintable(world.all(kSf)));
        QVERIFY_RAN(world.verb(QStringLiteral("run replication-teardown") + ends));
        const Ran listed = world.verb(QStringLiteral("maprcli table replica list -path ") + QLatin1String(kSf));
        QVERIFY2(!listed.out.contains(QLatin1String(kNy)), qPrintable(listed.all()));
    }
    void documentsOutliveAKill() {
        JsonWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.verb(QStringLiteral("apply --yes")));
        QString lines;
        for (int i = 0; i < 200; ++i) {
            lines += QStringLiteral("insert %1 --value {\"_id\":\"%2\",\"name\":\"n\",\"i\":%3}\n")
                         .arg(QLatin1String(kSf), QStringLiteral("%1").arg(i, 3, 10, QLatin1Char('0')))
                         .arg(i);
        }
        QFile script(world.dir() + QStringLiteral("/lines"));
        QVERIFY(script.open(QIODevice::WriteOnly) && script.write(lines.toUtf8()) > 0);
        script.close();
        const Ran written = world.shell(QStringLiteral("tributary mapr dbshell < '%1/lines' | wc -l").arg(world.dir()));
        QCOMPARE(written.out.trimmed(), QStringLiteral("200"));
        world.killDaemon(QStringLiteral("sanfrancisco"));
        world.killDaemon(QStringLiteral("newyork"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const QString found = world.all(kSf);
        QVERIFY2(found.contains(QStringLiteral("{\"_id\":\"000\",\"i\":0,\"name\":\"n\"}\n")), qPrintable(found));
        QVERIFY2(found.endsWith(QStringLiteral("200 document(s) found.\n")), qPrintable(found));
        QTRY_VERIFY_WITH_TIMEOUT(world.all(kNy).endsWith(QStringLiteral("200 document(s) found.\n")), 30'000);
        QVERIFY(!world.all(kNy).contains(QStringLiteral("\"i\"")));
    }
};

TRIBUTARY_TEST(TestJsonTables)
#include "tst_jsontables.moc"
