// Clusters of VoltDB in topology.yaml: read strictly, written, and edited in place.
#include "core/topology/edit.h"
#include "core/workspace/topologyfile.h"
#include "core/workspace/topologypatch.h"
#include "testmain.h"

using namespace tributary;

namespace {

const std::string kTwoClusters = R"(tributary: 1
clusters:
  # where the money is
  east:
    system: voltdb
    id: 1
    members: {e1: {}, e2: {listen: 'dr.e2:5556'}}
    sites-per-host: 2
    kfactor: 1               # one may go
    command-log: synchronous
    schema: schema.sql
    port: 5555
    flush-interval: 1500ms
    max-bytes: 1048576
    overflow: /data/dr_overflow
    overflow-limit: '80%'
  west: {system: voltdb, id: 0, role: replica, members: {w1: {}}, conflict-retention: 7d, max-buffers: 10}
datasets:
  east:votes:
    kind: dr-table
    format: [[id, bigint], [name, varchar(32)], {name: at, type: timestamp, nullable: true}]
    primary: [id]
    unique: [name, 'name, at']
    partition: id
    data: true
connections:
  # dialled from the west
  - {at: west, from: east, source: [e1, e2], preferred: true}
)";

Topology drawnClusters(const std::string& text = kTwoClusters) {
    const Result<Topology> loaded = parseTopology(text, "f");
    return loaded ? *loaded : Topology{};
}

}  // namespace

class TestVoltClusters : public QObject {
    Q_OBJECT
private slots:
    void readsEverything() {
        const Result<Topology> loaded = parseTopology(kTwoClusters, "f");
        QVERIFY_OK(loaded);
        const Cluster& east = *loaded->cluster("east");
        QVERIFY(east.id == 1 && east.role.empty() && east.sitesPerHost == 2 && east.kfactor == 1);
        QVERIFY(east.commandLog == "synchronous" && east.schema == "schema.sql" && east.port == 5555);
        QVERIFY(east.flushIntervalUs == 1'500'000 && east.maxBytes == 1'048'576 && !east.maxBuffers);
        QVERIFY(east.overflow == "/data/dr_overflow" && east.overflowLimit == "80%");
        QVERIFY(east.member("e2") != nullptr && east.member("e2")->listen == "dr.e2:5556");
        const Cluster& west = *loaded->cluster("west");
        QVERIFY(west.id == 0 && west.role == "replica" && west.conflictRetention == "7d" && west.maxBuffers == 10);
        const Dataset& table = loaded->datasets.at(0);
        QVERIFY(table.kind == DatasetKind::DrTable && table.data && table.partition == "id");
        QCOMPARE(table.format.at(1).type, std::string("varchar(32)"));
        QVERIFY(table.format.at(2).nullable);
        QCOMPARE(table.unique, (std::vector<std::string>{"name", "name, at"}));
        const Connection* edge = loaded->connection("west", "east");
        QVERIFY(edge != nullptr && edge->preferred && edge->pos == (SourcePos{28, 5}));
        QCOMPARE(edge->source, (std::vector<std::string>{"e1", "e2"}));
    }

    void writesWhatItReads() {
        const Topology once = drawnClusters();
        for (const std::string& text : {writeTopology(once), writeTopologyInBlocks(once)}) {
            const Result<Topology> twice = parseTopology(text, "f");
            QVERIFY_OK(twice);
            QVERIFY(withoutPositions(*twice) == withoutPositions(once));
        }
    }

    void refusesAtThePlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& text, const char* where, const char* reason) {
            QTest::newRow(name) << QString::fromStdString("tributary: 1\n" + text) << QString::fromUtf8(where)
                                << QString::fromUtf8(reason);
        };
        const std::string c = "clusters:\n  e: {system: voltdb, ";
        row("an id below the least", c + "id: -1}\n", "f:3:27", "id");
        row("an id above the greatest", c + "id: 128}\n", "f:3:27", "id");
        row("an id that is a word", c + "id: one}\n", "f:3:27", "id");
        row("an unknown role", c + "role: MASTER}\n", "f:3:29", "role cannot be 'MASTER'");
        row("a word of MapR-DB", c + "gateways: [g]}\n", "f:3:23", "a cluster of voltdb has no 'gateways'");
        row("a word of Tarantool", c + "failover: off}\n", "f:3:23", "a cluster of voltdb has no 'failover'");
        row("a word of Tarantool's members", c + "members: {a: {mode: rw}}}\n", "f:3:37",
            "unknown key 'mode' in a host");
        row("a word of VoltDB elsewhere", "clusters:\n  e: {kfactor: 1}\n", "f:3:7", "a cluster has no 'kfactor'");
        row("an unknown command log", c + "command-log: sync}\n", "f:3:36", "command-log cannot be 'sync'");
        row("no duration", c + "flush-interval: fast}\n", "f:3:39", "flush-interval");
        row("a port that is none", c + "port: 70000}\n", "f:3:29", "port");
        const std::string d = "datasets:\n  e:t: {kind: dr-table, ";
        row("a type of Tarantool", d + "format: [[id, unsigned]]}\n", "f:3:39", "type cannot be 'unsigned'");
        row("a size of a number", d + "format: [[id, bigint(8)]]}\n", "f:3:39", "type cannot be 'bigint(8)'");
        row("an empty size", d + "format: [[id, 'varchar()']]}\n", "f:3:39", "type cannot be 'varchar()'");
        row("a word of a space", d + "engine: memtx}\n", "f:3:25", "a replicated table has no 'engine'");
        row("a connection without an end", "connections:\n  - {at: e}\n", "f:3:5", "a connection needs the key 'from'");
        row("an unknown key of one", "connections:\n  - {at: e, from: w, hosts: [a]}\n", "f:3:22",
            "unknown key 'hosts' in a connection");
    }
    void refusesAtThePlace() {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        const Result<Topology> loaded = parseTopology(text.toStdString(), "f");
        QVERIFY(!loaded.ok());
        QVERIFY2(QString::fromStdString(loaded.error().what).contains(reason), loaded.error().what.c_str());
        QTEST(QString::fromStdString(loaded.error().where), "where");
    }

    void anEditLeavesTheRestAlone_data() {
        QTest::addColumn<QString>("attribute");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        const auto row = [](const char* attribute, const char* value, const char* before, const char* after) {
            QTest::newRow(attribute) << QString::fromUtf8(attribute) << QString::fromUtf8(value)
                                     << QString::fromUtf8(before) << QString::fromUtf8(after);
        };
        row("kfactor", "0", "kfactor: 1               # one", "kfactor: 0               # one");
        row("id", "7", "    id: 1\n", "    id: 7\n");
        row("member.e2.listen", "e2:5557", "'dr.e2:5556'", "e2:5557");
        row("flush-interval", "2s", "1500ms", "2s");
        row("role", "xdcr", "overflow-limit: '80%'\n", "overflow-limit: '80%'\n    role: xdcr\n");
    }
    void anEditLeavesTheRestAlone() {
        QFETCH(QString, attribute);
        QFETCH(QString, value);
        QFETCH(QString, before);
        QFETCH(QString, after);
        const EditPtr edit = setAttribute(ClusterId{"east"}, attribute.toStdString(), value.toStdString());
        const Result<PatchedText> patched = patchTopology(kTwoClusters, "f", *edit);
        QVERIFY_OK(patched);
        QVERIFY(!patched->rewritten);
        QCOMPARE(QString::fromStdString(patched->text), QString::fromStdString(kTwoClusters).replace(before, after));
    }

    void editsAreUndone_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < 7; ++i) QTest::addRow("edit %d", i) << i;
    }
    void editsAreUndone() {
        QFETCH(int, index);
        const Topology before = drawnClusters();
        const ConnectionId edge{"west", "east"};
        Connection back;
        back.at = "east";
        back.from = "west";
        const std::vector<EditPtr> edits{addConnection(back),
                                         removeElement(edge),
                                         replaceConnection(edge, back),
                                         setAttribute(edge, "source", "e2"),
                                         setAttribute(DatasetId{"east:votes"}, "format", "id bigint, name varchar(9)?"),
                                         removeClusterAndContents(before, "east"),
                                         setAttribute(ClusterId{"east"}, "members", "e1")};
        Topology changed = before;
        const auto inverse = edits.at(static_cast<std::size_t>(index))->apply(changed);
        QVERIFY_OK(inverse);
        QVERIFY(!(changed == before));
        QVERIFY_OK((*inverse)->apply(changed));
        QVERIFY(changed == before);
    }

    void aClusterTakesItsTablesAndConnectionsAlong() {
        Topology topology = drawnClusters();
        QVERIFY_OK(removeClusterAndContents(topology, "east")->apply(topology));
        QCOMPARE(topology.clusters.size(), std::size_t{1});
        QVERIFY(topology.datasets.empty() && topology.connections.empty());
    }

    void connectionsComeAndGoWithTheirLines() {
        Connection back;
        back.at = "east";
        back.from = "west";
        const Result<PatchedText> more = patchTopology(kTwoClusters, "f", *addConnection(back));
        QVERIFY_OK(more);
        QCOMPARE(more->text, kTwoClusters + "  - {at: east, from: west}\n");
        const Result<PatchedText> fewer = patchTopology(more->text, "f", *removeElement(ConnectionId{"east", "west"}));
        QVERIFY_OK(fewer);
        QCOMPARE(fewer->text, kTwoClusters);
    }
};
TRIBUTARY_TEST(TestVoltClusters)
#include "tst_voltclusters.moc"
