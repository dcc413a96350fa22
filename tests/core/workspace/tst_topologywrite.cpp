// Writing topology.yaml: what is written reads back equal.
#include <QDir>

#include "core/topology/attributes.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace tributary;

class TestTopologyWrite : public QObject {
    Q_OBJECT
private slots:
    void everyExampleReadsBackEqual_data() {
        QTest::addColumn<QString>("path");
        for (const char* folder : {"/tests/data/workspaces", "/resources/examples"}) {
            const QDir dir(QStringLiteral(TRIBUTARY_SOURCE_DIR) + QString::fromUtf8(folder));
            for (const QString& name : dir.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
                QTest::newRow(qPrintable(name)) << dir.filePath(name + QStringLiteral("/topology.yaml"));
            }
        }
    }
    void everyExampleReadsBackEqual() {
        QFETCH(QString, path);
        const Result<Topology> loaded = loadTopology(path.toStdString());
        QVERIFY_OK(loaded);
        const std::string text = writeTopology(*loaded);
        const Result<Topology> again = parseTopology(text, "written");
        QVERIFY_OK(again);
        QVERIFY(withoutPositions(*again) == withoutPositions(*loaded));
        QCOMPARE(writeTopology(*again), text);
    }

    void oddNamesReadBackEqual_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"no",
                                 "null",
                                 "~",
                                 "true",
                                 "007",
                                 "a: b",
                                 "a #b",
                                 "#a",
                                 "- a",
                                 "-",
                                 "it's",
                                 "\"q\"",
                                 "a\\b",
                                 "ö ü",
                                 "a,b",
                                 "{a}",
                                 "[a]",
                                 "*a",
                                 "&a",
                                 "!a",
                                 "%a",
                                 "@a",
                                 "`a",
                                 "|",
                                 ">",
                                 "?",
                                 "a:",
                                 ":a",
                                 "u:ana | u:ben",
                                 " a ",
                                 "tab\there",
                                 "new\nline",
                                 "..",
                                 "...",
                                 "---",
                                 "=",
                                 "<<"}) {
            QTest::newRow(name) << QString::fromUtf8(name);
        }
    }
    void oddNamesReadBackEqual() {
        QFETCH(QString, name);
        const std::string text = name.toStdString();
        for (const std::string& yaml : {"k: " + yamlScalar(text) + "\n", "k: {x: [" + yamlScalar(text) + "]}\n",
                                        "k:\n  " + yamlScalar(text) + ": v\n"}) {
            const Result<StrictNode> root = parseStrictYaml(yaml, "f");
            QVERIFY_OK(root);
            const StrictNode& value = root->children.at(0);
            const std::string read = value.isScalar() ? value.scalar
                                     : value.flow     ? value.children.at(0).children.at(0).scalar
                                                      : value.children.at(0).key;
            QCOMPARE(read, text);
        }
    }

    void everyAttributeSurvives() {
        Topology topology;
        Cluster cluster;
        cluster.name = "a";
        cluster.gateways = {{"g-1", "h:1", {}}, {"g-2", "", {}}};
        cluster.users = {"ana"};
        cluster.groups = {{"ops", {"ana", "no"}}, {"none", {}}};
        cluster.secure = true;
        topology.clusters = {cluster};
        Dataset dataset;
        dataset.path = "/mapr/a/t";
        for (const auto& [name, value] :
             std::vector<std::pair<const char*, const char*>>{{"families", "f,g"},
                                                              {"family.f.versions", "3"},
                                                              {"family.f.minversions", "1"},
                                                              {"family.f.ttl", "90"},
                                                              {"family.f.compression", "zlib"},
                                                              {"family.f.inmemory", "false"},
                                                              {"family.f.jsonpath", "a.b"},
                                                              {"family.f.perms.readperm", "u:ana | p"},
                                                              {"exists", "true"},
                                                              {"bulkload", "false"},
                                                              {"deletettl", "7d"},
                                                              {"perms.replperm", ""}}) {
            QVERIFY_OK(assignAttribute(dataset, name, value));
        }
        Dataset stream;
        stream.path = "/mapr/a/s";
        stream.kind = DatasetKind::Stream;
        stream.topics = {"x", "y"};
        topology.datasets = {dataset, stream};
        Replica replica;
        replica.from = "/mapr/a/t";
        replica.to = "/mapr/b/t";
        replica.synchronous = replica.paused = replica.throttle = replica.networkEncryption = true;
        replica.columns = {"", "f:q"};
        replica.networkCompression = "off";
        topology.replicas = {replica};
        topology.upstreams = {{"/mapr/b/t", "/mapr/a/t", {}}};
        topology.wan = {{"a", "b", 2000, 12'345, 3600, {}}};
        topology.regions = {{"west", {"a", "b"}, {}}, {"empty", {}, {}}};
        const Result<Topology> again = parseTopology(writeTopology(topology), "written");
        QVERIFY_OK(again);
        QVERIFY(withoutPositions(*again) == topology);
    }
};
TRIBUTARY_TEST(TestTopologyWrite)
#include "tst_topologywrite.moc"
