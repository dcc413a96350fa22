// Reading topology.yaml: the schema's strictness and the positions.
#include "core/workspace/topologyfile.h"

#include "testmain.h"

using namespace tributary;

class TestTopologyLoad : public QObject {
    Q_OBJECT
private slots:
    void readsEverything() {
        const std::string text = R"(tributary: 1
clusters:
  sf:
    system: maprdb
    gateways: [gw-1, {name: gw-2, address: "10.0.0.7:7660"}]
    users: [ana, no]
    groups: {ops: [ana]}
    secure: yes
datasets:
  /mapr/sf/t:
    kind: binary-table
    exists: true
    bulkload: false
    deletettl: 7d
    perms: {replperm: "u:ana | g:ops", packperm: ""}
    families:
      - profile
      - {name: orders, versions: 3, minversions: 1, ttl: 1d, compression: zlib, inmemory: true, perms: {readperm: p}}
  /mapr/sf/j: {kind: json-table, families: [{name: default}, {name: a, jsonpath: a.b}]}
  /mapr/sf/s: {kind: stream, topics: [clicks]}
replicas:
  - {from: /mapr/sf/t, to: /mapr/sf/u, synchronous: true, paused: true, throttle: true, columns: "profile,orders:total",
     networkcompression: off, networkencryption: true}
  - {from: /mapr/sf/j, to: /mapr/sf/k, columns: ["", a.b]}
upstreams:
  - {at: /mapr/sf/u, from: /mapr/sf/t}
wan:
  - {between: [sf, ny], latency: 35ms, bandwidth: 200Mbit/s, outage: 2h}
)";
        const Result<Topology> loaded = parseTopology(text, "f");
        QVERIFY_OK(loaded);
        const Topology& topology = *loaded;
        const Cluster& sf = topology.clusters.at(0);
        QVERIFY(sf.secure && sf.pos == (SourcePos{3, 3}));
        QCOMPARE(sf.gateways.at(1).address, std::string("10.0.0.7:7660"));
        QCOMPARE(sf.users, (std::vector<std::string>{"ana", "no"}));  // a user may be called no
        QCOMPARE(sf.groups.at("ops"), std::vector<std::string>{"ana"});
        const Dataset& table = *topology.dataset("/mapr/sf/t");
        QVERIFY(table.exists && table.bulkLoad == false && table.deleteTtlSeconds == 604'800);
        QVERIFY(table.perms.at("replperm").pos == (SourcePos{15, 23}));
        QCOMPARE(table.perms.at("packperm").ace, std::string());
        const Family& orders = table.families.at(1);
        QVERIFY(orders.maxVersions == 3 && orders.minVersions == 1 && orders.ttlSeconds == 86'400);
        QVERIFY(orders.compression == "zlib" && orders.inMemory == true && orders.perms.at("readperm").ace == "p");
        QCOMPARE(topology.dataset("/mapr/sf/j")->families.at(1).jsonPath, std::string("a.b"));
        QCOMPARE(topology.dataset("/mapr/sf/s")->topics, std::vector<std::string>{"clicks"});
        const Replica& first = topology.replicas.at(0);
        QVERIFY(first.synchronous && first.paused && first.throttle && first.networkEncryption);
        QCOMPARE(first.columns, (std::vector<std::string>{"profile", "orders:total"}));
        QCOMPARE(first.networkCompression, std::string("off"));
        QCOMPARE(topology.replicas.at(1).columns, (std::vector<std::string>{"", "a.b"}));
        QVERIFY(topology.upstreams.at(0).pos == (SourcePos{26, 5}));
        const Wan& wan = topology.wan.at(0);
        QVERIFY(wan.latencyUs == 35'000 && wan.bandwidthBytesPerSecond == 25'000'000 && wan.outageSeconds == 7200);
    }

    void readsRegions() {
        const Result<Topology> loaded =
            parseTopology("tributary: 1\nregions:\n  west: {clusters: [sf, la]}  # the coast\n  empty: {}\n", "f");
        QVERIFY_OK(loaded);
        QCOMPARE(loaded->regions.size(), std::size_t{2});
        QVERIFY(loaded->regions[0].clusters == (std::vector<std::string>{"sf", "la"}));
        QVERIFY(loaded->regions[0].pos == (SourcePos{3, 3}));
        QVERIFY(!loaded->empty());
    }

    void emptySectionsAreAllowed() {
        const Result<Topology> loaded = parseTopology("tributary: 1\nclusters:\nreplicas: []\n", "f");
        QVERIFY_OK(loaded);
        QVERIFY(loaded->empty());
    }

    void refusesAtThePlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("fix");
        const auto row = [](const char* name, const std::string& text, const char* where, const char* reason,
                            const char* fix) {
            QTest::newRow(name) << QString::fromStdString("tributary: 1\n" + text) << QString::fromUtf8(where)
                                << QString::fromUtf8(reason) << QString::fromUtf8(fix);
        };
        const std::string d = "datasets:\n  /mapr/a/t: ";
        const std::string r = "replicas:\n  - ";
        row("unknown section", "replica: []\n", "f:2:1", "unknown key 'replica' in the drawing",
            "did you mean 'replicas'?");
        row("unknown cluster key", "clusters: {a: {gateway: [g]}}\n", "f:2:16", "unknown key 'gateway'",
            "did you mean 'gateways'?");
        row("unknown dataset key", d + "{kind: stream, exist: true}\n", "f:3:29", "unknown key 'exist'",
            "did you mean 'exists'?");
        row("unknown edge key", r + "{from: a, to: b, sync: true}\n", "f:3:22", "unknown key 'sync'", "one of: from");
        row("unknown permission", d + "{kind: stream, perms: {copyprem: p}}\n", "f:3:37", "unknown key 'copyprem'",
            "did you mean 'copyperm'?");
        row("bulkload is no permission", d + "{kind: json-table, perms: {bulkload: p}}\n", "f:3:41",
            "the permission is called bulkloadperm", "bulkloadperm");
        row("duplicate dataset", d + "{kind: stream}\n  /mapr/a/t: {kind: stream}\n", "f:4:3", "duplicate key", "");
        row("dataset without a kind", d + "{exists: true}\n", "f:3:14", "needs the key 'kind'", "add 'kind: ...'");
        row("unknown kind", d + "{kind: binary-tabel}\n", "f:3:21", "not a kind of dataset",
            "did you mean 'binary-table'?");
        row("unknown system", "clusters: {a: {system: mapr}}\n", "f:2:24", "system cannot be 'mapr'", "maprdb");
        row("dataset that is a list", d + "[kind]\n", "f:3:14", "a dataset must be a map, this is a list", "");
        row("flag that is a word", d + "{kind: stream, exists: maybe}\n", "f:3:37", "exists must be true or false", "");
        row("quoted flag", d + "{kind: stream, exists: 'true'}\n", "f:3:37", "exists must be true or false", "");
        row("stream with families", d + "{kind: stream, families: [a]}\n", "f:3:29", "a stream has no 'families'", "");
        row("table with topics", d + "{kind: json-table, topics: [a]}\n", "f:3:33", "a table has no 'topics'", "");
        row("family twice", d + "{kind: binary-table, families: [a, a]}\n", "f:3:49", "family 'a' twice", "");
        row("versions of nothing", d + "{kind: binary-table, families: [{name: a, versions: 0}]}\n", "f:3:66",
            "versions must lie between 1", "");
        row("edge without an end", r + "{from: a}\n", "f:3:5", "a replica edge needs the key 'to'", "");
        row("empty name", r + "{from: '', to: b}\n", "f:3:12", "from must not be empty", "");
        row("bad latency", "wan:\n  - {between: [a, b], latency: 35}\n", "f:3:32", "'35' is not a duration", "35ms");
        row("bad bandwidth", "wan:\n  - {between: [a, b], bandwidth: 1MB}\n", "f:3:34", "'1MB' is not a bandwidth",
            "/s");
        row("a region that is a list", "regions: {west: [a]}\n", "f:2:17", "a region must be a map, this is a list",
            "");
        row("unknown region key", "regions: {west: {cluster: [a]}}\n", "f:2:18", "unknown key 'cluster' in a region",
            "did you mean 'clusters'?");
        row("a region's name", "regions: {we st: {clusters: [a]}}\n", "f:2:11", "a region", "");
        row("one end of a wan", "wan:\n  - {between: [a]}\n", "f:3:15", "exactly two clusters", "");
        row("bad address", "clusters: {a: {gateways: [{name: g, address: host}]}}\n", "f:2:46", "is not host:port", "");
        row("address with two colons", "clusters: {a: {gateways: [{name: g, address: '::1:7'}]}}\n", "f:2:46",
            "is not host:port", "");
        row("port 0", "clusters: {a: {gateways: [{name: g, address: 'h:0'}]}}\n", "f:2:46", "is not host:port", "");
        row("edges as a map", "replicas: {a: b}\n", "f:2:11", "replicas must be a list", "");
        row("alias", "clusters: {a: &c {system: maprdb}, b: *c}\n", "f:2:15", "anchors", "");
    }
    void refusesAtThePlace() {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        QFETCH(QString, fix);
        const Result<Topology> loaded = parseTopology(text.toStdString(), "f");
        QVERIFY(!loaded.ok());
        QTEST(QString::fromStdString(loaded.error().where), "where");
        QVERIFY2(QString::fromStdString(loaded.error().what).contains(reason), loaded.error().what.c_str());
        QVERIFY2(QString::fromStdString(loaded.error().fix).contains(fix), loaded.error().fix.c_str());
    }

    void namesTheVersionNeeded() {
        const Result<Topology> newer = parseTopology("tributary: 2\nsomething-new: 1\n", "f");
        QVERIFY(!newer.ok());
        QCOMPARE(newer.error().code, ErrorCode::Unsupported);
        QCOMPARE(newer.error().where, std::string("f:1:12"));
        QCOMPARE(newer.error().fix, std::string("use a Tributary that reads format version 2"));
        for (const char* text : {"", "clusters: {}\n", "tributary: 0\n", "tributary: one\n", "tributary:\n", "[]\n"}) {
            const Result<Topology> other = parseTopology(text, "f");
            QVERIFY(!other.ok());
            QCOMPARE(other.error().code, ErrorCode::InvalidInput);
        }
    }
};
TRIBUTARY_TEST(TestTopologyLoad)
#include "tst_topologyload.moc"
