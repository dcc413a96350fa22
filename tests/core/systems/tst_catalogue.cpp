// Every rule of the catalogue: it keeps quiet about a good drawing, finds its own restriction, and its fix helps.
#include "core/systems/catalogue.h"
#include "core/systems/registry.h"

#include <QFile>
#include <set>

#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

struct Row {
    const char* rule;
    std::vector<std::pair<const char*, const char*>> changes;
    std::string_view drawing = kGoodDrawing;
};

constexpr const char* kFamilies = "families: [profile, orders], exists: true, deletettl: 7d";
constexpr const char* kNyFamilies = "/mapr/ny/t: {kind: binary-table, families: [profile, orders]";
constexpr const char* kNyCluster = "  ny: {gateways: [gw-ny-1, gw-ny-2], users: [ana, ben]}\n";
constexpr const char* kForth = "- {from: /mapr/sf/t, to: /mapr/ny/t}";
constexpr const char* kBack = "- {from: /mapr/ny/t, to: /mapr/sf/t}";
constexpr const char* kBackAgreed = "  - {at: /mapr/sf/t, from: /mapr/ny/t}\n";
constexpr const char* kSf =
    "/mapr/sf/t: {kind: binary-table, families: [profile, orders], exists: true, deletettl: 7d}";
constexpr const char* kNy = "/mapr/ny/t: {kind: binary-table, families: [profile, orders], deletettl: 7d}";
constexpr const char* kThird =
    "  /mapr/ny/u: {kind: binary-table, families: [profile, orders], exists: true}\nreplicas:";

constexpr const char* kMembers =
    "    members:\n      i1: {mode: rw, listen: '127.0.0.1:3301'}\n      i2: {mode: ro, listen: '127.0.0.1:3302'}\n";
constexpr const char* kSecondSet =
    "  rs2: {system: tarantool, app: rs, members: {i1: {mode: rw, listen: '127.0.0.1:3303'}}}\ndatasets:";

/// The same for the good replica set.
std::vector<Row> replicaSetRows() {
    std::vector<Row> out{
        {"drawing.kind-of-other-system",
         {{"kind: space, format: [[id, unsigned], [name, string]], primary: [id]", "kind: stream"}}},
        {"tarantool.members-missing", {{kMembers, ""}}},
        {"tarantool.name-form", {{"i2: {mode", "I2: {mode"}}},
        {"tarantool.name-twice", {{"datasets:", kSecondSet}}},
        {"tarantool.listen-missing", {{"mode: ro, listen: '127.0.0.1:3302'", "mode: ro"}}},
        {"tarantool.listen-twice", {{"3302", "3301"}}},
        {"tarantool.uuid-twice",
         {{"mode: rw,", "mode: rw, uuid: 9bb111c2-3ff5-46a7-80f4-2b9a573ea660,"},
          {"mode: ro,", "mode: ro, uuid: 9bb111c2-3ff5-46a7-80f4-2b9a573ea660,"}}},
        {"tarantool.no-writer", {{"mode: rw", "mode: ro"}}},
        {"tarantool.two-writers", {{"mode: ro", "mode: rw"}}},
        {"tarantool.mode-with-failover", {{"failover: off", "failover: election"}}},
        {"tarantool.leader-misplaced", {{"failover: off", "leader: i1"}}},
        {"tarantool.leader-unknown", {{"failover: off", "failover: manual\n    leader: i3"}}},
        {"tarantool.founder-read-only", {{"failover: off", "bootstrap-strategy: config\n    bootstrap-leader: i2"}}},
        {"tarantool.founder-misplaced", {{"failover: off", "bootstrap-leader: i1"}}},
        {"tarantool.anonymous-writer", {{"mode: rw,", "mode: rw, anonymous: true,"}}},
        {"tarantool.election-of-two", {{"failover: off", "failover: election"}}},
        {"tarantool.supervised", {{"failover: off", "failover: supervised"}}},
        {"tarantool.replicator-missing", {{"[replication]", "[public]"}}},
        {"tarantool.advertise-open", {{"users: {", "users: {other: {roles: [super]}, "}}},
        {"tarantool.advertise-unknown", {{"failover: off", "advertise: replicater"}}},
        {"tarantool.advertise-without-role",
         {{"failover: off", "advertise: other"}, {"users: {", "users: {other: {roles: []}, "}}},
        {"tarantool.role-unknown", {{"[replication]", "[replication, gardener]"}}},
        {"tarantool.peer-unknown", {{"datasets:", "peers:\n  - {at: rs/i1, from: rs/i3}\ndatasets:"}}},
        {"tarantool.peer-misplaced", {{"datasets:", "peers:\n  - {at: rs/i1, from: rs/i1}\ndatasets:"}}},
        {"tarantool.peer-twice",
         {{"datasets:", "peers:\n  - {at: rs/i1, from: rs/i2}\n  - {at: rs/i1, from: rs/i2}\ndatasets:"}}},
        {"tarantool.mesh-incomplete", {{"datasets:", "peers:\n  - {at: rs/i2, from: rs/i1}\ndatasets:"}}},
        {"tarantool.edge-of-maprdb", {{"datasets:", "replicas:\n  - {from: 'rs:bands', to: 'rs:b'}\ndatasets:"}}},
        {"tarantool.space-name", {{"rs:bands", "rs:_bands"}}},
        {"tarantool.field-twice", {{"[name, string]", "[id, string]"}}},
        {"tarantool.primary-missing", {{", primary: [id]", ""}}},
        {"tarantool.primary-field", {{"primary: [id]", "primary: [di]"}}},
        {"tarantool.synchronous-writers",
         {{"mode: ro", "mode: rw"}, {"kind: space", "kind: space, synchronous: true"}}},
        {"tarantool.not-replicated", {{"kind: space", "kind: space, local: true"}}},
    };
    for (Row& row : out) row.drawing = kGoodReplicaSet;
    return out;
}

/// The same for the good clusters of VoltDB.
std::vector<Row> voltRows() {
    constexpr const char* kAgain = "source: [e1]}\n  - {at: west, from: east}";
    constexpr const char* kThirdCluster =
        "  south: {system: voltdb, id: 3, members: {s1: {}}, command-log: synchronous, overflow-limit: "
        "'80%'}\ndatasets:";
    constexpr const char* kWestTable =
        "  west:votes: {kind: dr-table, format: [[id, bigint], [name, varchar(32)]], primary: [id], partition: id}\n";
    std::vector<Row> out{
        {"voltdb.id-missing", {{"id: 2, ", ""}}},
        {"voltdb.id-twice", {{"id: 2", "id: 1"}}},
        {"voltdb.members-missing", {{"members: {w1: {}}, ", ""}}},
        {"voltdb.kfactor-hosts", {{"kfactor: 1", "kfactor: 2"}}},
        {"voltdb.partitions-uneven", {{"e2: {}}, kfactor: 1", "e2: {}, e3: {}}, sites-per-host: 3, kfactor: 1"}}},
        {"voltdb.address-twice", {{"w1: {}", "w1: {listen: 'e1:5555'}"}}},
        {"voltdb.flush-interval", {{"id: 1,", "id: 1, flush-interval: 500ms,"}}},
        {"voltdb.consumer-limits", {{"id: 2,", "id: 2, max-buffers: 10, max-bytes: 1000,"}}},
        {"voltdb.conflict-retention", {{"id: 1,", "id: 1, conflict-retention: 7w,"}}},
        {"voltdb.overflow-limit", {{"'80%'", "much"}}},
        {"voltdb.connection-unknown", {{"from: east, source: [e1]", "from: eats"}}},
        {"voltdb.connection-twice", {{"source: [e1]}", kAgain}}},
        {"voltdb.source-unknown", {{"source: [e1]", "source: [e3]"}}},
        {"voltdb.roles-mixed", {{"id: 1,", "id: 1, role: xdcr,"}}},
        {"voltdb.master-dials", {{"source: [e1]}", "source: [e1]}\n  - {at: east, from: west}"}}},
        {"voltdb.replica-chain", {{"id: 1,", "id: 1, role: replica,"}}},
        {"voltdb.passive-shape",
         {{"datasets:", kThirdCluster}, {"source: [e1]}", "source: [e1]}\n  - {at: west, from: south}"}}},
        {"voltdb.connection-missing", {{"connections:\n  - {at: west, from: east, source: [e1]}\n", ""}}},
        {"voltdb.role-none", {{"role: replica", "role: none"}}},
        {"voltdb.preferred-twice",
         {{"datasets:", kThirdCluster},
          {"source: [e1]}", "preferred: true}\n  - {at: west, from: south, preferred: true}"}}},
        {"voltdb.edge-of-maprdb",
         {{"connections:", "replicas:\n  - {from: 'east:votes', to: 'west:votes'}\nconnections:"}}},
        {"voltdb.command-log-asynchronous", {{"command-log: synchronous, ", ""}}},
        {"voltdb.command-log-off", {{"command-log: synchronous", "command-log: off"}}},
        {"voltdb.overflow-unwatched", {{", overflow-limit: '80%'", ""}}},
        {"voltdb.table-name", {{"west:votes", "west/votes"}}},
        {"voltdb.column-twice", {{"[name, varchar(32)]", "[id, varchar(32)]"}}},
        {"voltdb.column-unknown", {{"primary: [id]", "primary: [ix]"}}},
        {"voltdb.data-twice", {{"partition: id}\n", "partition: id, data: true}\n"}}},
        {"voltdb.table-missing", {{kWestTable, ""}}},
        {"voltdb.schema-differs", {{"varchar(32)", "varchar(64)"}}},
        {"voltdb.nothing-replicated", {{"east:votes", "west:other"}}},
    };
    for (Row& row : out) row.drawing = kGoodPassive;
    out.push_back({"voltdb.unique-missing", {{"[n, integer]], primary: [id]", "[n, integer]]"}}, kGoodActive});
    return out;
}

/// One row per rule: what to change in the good drawing to break it.
std::vector<Row> rows() {
    std::vector<Row> out{
        {"maprdb.path-not-global", {{"at: /mapr/sf/t", "at: mapr/sf/t"}}},
        {"maprdb.cluster-unknown", {{"between: [sf, ny]", "between: [sf, tokyo]"}}},
        {"maprdb.edge-dataset-missing", {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/other}"}}},
        {"maprdb.self-edge", {{kForth, "- {from: /mapr/sf/t, to: /mapr/sf/t}"}}},
        {"maprdb.edge-across-systems", {{kNyCluster, "  ny: {system: voltdb}\n"}}},
        {"engine.hosts-not-built", {{kNyCluster, "  ny: {system: voltdb, members: {n1: {}, n2: {}}}\n"}}},
        {"maprdb.wan-invalid", {{"between: [sf, ny]", "between: [sf, sf]"}}},
        {"drawing.region-invalid", {{"replicas:", "regions: {west: {clusters: [sf, la]}}\nreplicas:"}}},
        {"maprdb.upstream-missing", {{kBackAgreed, ""}}},
        {"maprdb.replica-missing", {{kBack, ""}}},
        {"maprdb.reverse-half-drawn", {{kBackAgreed, ""}}},
        {"maprdb.replica-duplicate", {{kBack, kForth}}},
        {"maprdb.upstream-duplicate", {{kBackAgreed, "  - {at: /mapr/ny/t, from: /mapr/sf/t}\n"}}},
        {"maprdb.source-never-created", {{"exists: true, ", ""}}},
        {"maprdb.many-to-one",
         {{"replicas:", kThird},
          {kForth, "- {from: /mapr/sf/t, to: /mapr/ny/u}"},
          {kBack, "- {from: /mapr/ny/t, to: /mapr/ny/u}"}}},
        {"maprdb.kind-mismatch", {{kNyFamilies, "/mapr/ny/t: {kind: json-table"}}},
        {"maprdb.family-missing", {{kNyFamilies, "/mapr/ny/t: {kind: binary-table, families: [profile]"}}},
        {"maprdb.family-ttl-differs",
         {{kNyFamilies, "/mapr/ny/t: {kind: binary-table, families: [profile, {name: orders, ttl: 60}]"}}},
        {"maprdb.family-drift",
         {{kNyFamilies, "/mapr/ny/t: {kind: binary-table, families: [profile, {name: orders, versions: 3}]"}}},
        {"maprdb.json-ttl",
         {{kSf, "/mapr/sf/t: {kind: json-table, families: [{name: default, ttl: 60}, {name: a, jsonpath: a}]}"}}},
        {"maprdb.json-versions", {{kSf, "/mapr/sf/t: {kind: json-table, families: [{name: default, versions: 2}]}"}}},
        {"maprdb.columns-unknown-family", {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, columns: [ordres]}"}}},
        {"maprdb.columns-syntax", {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, columns: ['orders :a']}"}}},
        {"maprdb.columns-on-stream",
         {{kSf, "/mapr/sf/t: {kind: stream}"},
          {kNy, "/mapr/ny/t: {kind: stream}"},
          {kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, columns: [a]}"}}},
        {"maprdb.filters-conflict",
         {{"replicas:", kThird},
          {kForth, "- {from: /mapr/sf/t, to: /mapr/ny/u, columns: [profile]}"},
          {kBack, "- {from: /mapr/ny/t, to: /mapr/ny/u, columns: [orders]}"}}},
        {"maprdb.multimaster-filter-differs", {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, columns: [profile]}"}}},
        {"maprdb.gateway-missing", {{"gateways: [gw-ny-1, gw-ny-2], ", ""}}},
        {"maprdb.gateway-single", {{"[gw-ny-1, gw-ny-2]", "[gw-ny-1]"}}},
        {"maprdb.gateway-surplus", {{"gw-ny-1,", "gw-ny-1, gw-ny-3, gw-ny-4,"}}},
        {"maprdb.gateway-shared", {{"gw-ny-2", "gw-sf-1"}}},
        {"maprdb.source-permission", {{kFamilies, "exists: true, deletettl: 7d, perms: {replperm: u:mapr}"}}},
        {"maprdb.replica-permission", {{kNyFamilies, "/mapr/ny/t: {kind: binary-table, perms: {bulkloadperm: ''}"}}},
        {"maprdb.ace-syntax", {{kFamilies, "exists: true, perms: {packperm: 'u:ana,u:ben'}"}}},
        {"maprdb.permission-of-documents", {{kFamilies, "exists: true, perms: {defaulttraverseperm: p}"}}},
        {"maprdb.ace-unknown-user", {{kFamilies, "exists: true, perms: {packperm: 'u:anna'}"}}},
        {"maprdb.deletettl-missing", {{"exists: true, deletettl: 7d", "exists: true"}}},
        {"maprdb.deletettl-too-small", {{"exists: true, deletettl: 7d", "exists: true, deletettl: 1d"}}},
        {"maprdb.deletettl-differs", {{"exists: true, deletettl: 7d", "exists: true, deletettl: 8d"}}},
        {"maprdb.stream-topic-collision",
         {{kSf, "/mapr/sf/t: {kind: stream, topics: [a, b]}"}, {kNy, "/mapr/ny/t: {kind: stream, topics: [b, c]}"}}},
        {"maprdb.stream-name", {{kSf, "/mapr/sf/t:x: {kind: stream}"}}},
        {"maprdb.bulkload-on", {{"exists: true", "exists: true, bulkload: true"}}},
        {"maprdb.sync-over-slow-wan",
         {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, synchronous: true}"}, {"35ms", "80ms"}}},
        {"maprdb.encryption-needs-secure", {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, networkencryption: true}"}}},
        {"engine.encryption-not-built",
         {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, networkencryption: true}"},
          {"sf: {gateways", "sf: {secure: true, gateways"},
          {"ny: {gateways", "ny: {secure: true, gateways"}}},
        {"maprdb.networkcompression-unknown",
         {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, networkcompression: gzip}"}}},
        {"maprdb.throttle-synchronous",
         {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, throttle: true, synchronous: true}"}}},
        {"maprdb.throttle-steady", {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, throttle: true}"}}},
        {"maprdb.horizon-near", {{"outage: 1d", "outage: 6d"}}},
        {"maprdb.paused-drawn", {{kForth, "- {from: /mapr/sf/t, to: /mapr/ny/t, paused: true}"}}},
    };
    for (Row& row : replicaSetRows()) out.push_back(std::move(row));
    for (Row& row : voltRows()) out.push_back(std::move(row));
    return out;
}

// Checked in maprdb/tst_agreement, where the 65 edges are made, and in tarantool/tst_replicasetrules.
const std::set<std::string> kLimitRules{"maprdb.replica-limit", "maprdb.upstream-limit", "tarantool.replica-limit"};

}  // namespace

class TestCatalogue : public QObject {
    Q_OBJECT
private slots:
    void aGoodDrawingHasNoFindings() {
        const Result<Topology> topology = parseTopology(kGoodDrawing, "good");
        QVERIFY_OK(topology);
        const auto findings = checkTopology(*topology);
        QVERIFY2(findings.empty(), findings.empty() ? "" : (findings[0].rule + ": " + findings[0].reason).c_str());
    }

    void everyRuleHasARowHere() {
        std::set<std::string> covered = kLimitRules;
        for (const Row& row : rows()) covered.insert(row.rule);
        std::set<std::string> known;
        for (const Rule& rule : ruleCatalogue()) {
            QVERIFY2(known.insert(rule.id).second, rule.id.c_str());
            QVERIFY2(covered.contains(rule.id), rule.id.c_str());
            const std::string owner = rule.id.substr(0, rule.id.find('.'));
            const bool named = findSystem(owner) != nullptr || owner == "engine" || owner == "drawing";
            QVERIFY2(named && !rule.title.empty() && !rule.source.empty(), rule.id.c_str());
        }
        QCOMPARE(covered.size(), known.size());
    }

    void everyRuleIsDocumented() {
        QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/core/systems/README.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const std::string text = file.readAll().toStdString();
        for (const Rule& rule : ruleCatalogue()) {
            const std::string row = "| `" + rule.id + "` | " + std::string(severityName(rule.severity)) + " | " +
                                    rule.title + " | " + rule.source + " |";
            QVERIFY2(text.find(row) != std::string::npos, ("missing in core/systems/README.md: " + row).c_str());
        }
    }

    void findsTheRestrictionAndOffersAFix_data() {
        QTest::addColumn<int>("index");
        const std::vector<Row> all = rows();
        for (int i = 0; i < static_cast<int>(all.size()); ++i)
            QTest::newRow(all.at(static_cast<std::size_t>(i)).rule) << i;
    }
    void findsTheRestrictionAndOffersAFix() {
        QFETCH(int, index);
        const Row row = rows().at(static_cast<std::size_t>(index));
        std::string text(row.drawing);
        for (const auto& [from, to] : row.changes) {
            text = replaced(text, from, to);
            QVERIFY2(!text.empty(), from);
        }
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = findingsOf(checkTopology(*topology), row.rule);
        QVERIFY2(!found.empty(), text.c_str());
        for (const Finding& finding : found) {
            QVERIFY(!finding.reason.empty() && !finding.fix.empty() && !finding.where.empty());
            QVERIFY(finding.pos.known());
        }
        const auto alone = checkRule(row.rule, *topology);
        QVERIFY_OK(alone);
        QCOMPARE(alone->size(), found.size());
        if (!found.front().edit) return;
        Topology mended = *topology;
        const auto inverse = found.front().edit->apply(mended);
        QVERIFY_OK(inverse);
        QVERIFY(findingsOf(checkTopology(mended), row.rule).size() < found.size());
        const auto undone = (*inverse)->apply(mended);
        QVERIFY_OK(undone);
        QVERIFY(mended == *topology);
    }

    void suggestsAKnownRule() {
        const auto found = checkRule("maprdb.upstream-mising", Topology{});
        QVERIFY(!found.ok());
        QCOMPARE(found.error().fix, std::string("did you mean 'maprdb.upstream-missing'?"));
    }

    void ordersFindingsByPlaceInTheFile() {
        std::string text = replaced(std::string(kGoodDrawing), kBackAgreed, "");
        text = replaced(text, "[gw-ny-1, gw-ny-2]", "[gw-ny-1]");
        text = replaced(text, "outage: 1d}", "outage: 1d}\n  - {between: [ny, sf]}");
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto findings = checkTopology(*topology);
        QVERIFY(findings.size() >= 3);
        QVERIFY(std::is_sorted(findings.begin(), findings.end(),
                               [](const Finding& left, const Finding& right) { return left.pos < right.pos; }));
    }
};
TRIBUTARY_TEST(TestCatalogue)
#include "tst_catalogue.moc"
