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
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table create -path /mapr/newyork/binary")));
        refused(QStringLiteral("maprcli table replica add -path %1 -replica /mapr/newyork/binary").arg(table),
                QStringLiteral("both must be of one kind"));
        const Ran wrong = world.insert("/mapr/newyork/binary", QStringLiteral("{\"_id\":\"a\"}"));
        QVERIFY2(wrong.code != 0 && wrong.all().contains(QStringLiteral("is no JSON table")), qPrintable(wrong.all()));
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
