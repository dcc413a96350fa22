// Drawing beside observation: each kind of difference, each attribute, and what is unknown.
#include <QTest>
#include <functional>

#include "core/base/text.h"
#include "core/topology/adopt.h"
#include "core/topology/differences.h"
#include "testmain.h"

using namespace tributary;

namespace {

const std::string kA = "/mapr/east/t";
const std::string kB = "/mapr/west/t";

using Perms = std::map<std::string, std::string>;
using Lists = std::map<std::string, std::vector<std::string>>;

Dataset table(const std::string& path) {
    Dataset out;
    out.path = path;
    out.families.emplace_back().name = "f";
    return out;
}

/// Two clusters, a table in each, one link.
Topology drawn() {
    Topology out;
    for (const char* name : {"east", "west"}) {
        Cluster& cluster = out.clusters.emplace_back();
        cluster.name = name;
        cluster.gateways = {{std::string("gw-") + name, {}, {}}};
        cluster.users = {"ana", "ben"};
        cluster.groups["ops"] = {"ana"};
    }
    out.datasets = {table(kA), table(kB)};
    out.replicas.emplace_back().from = kA;
    out.replicas[0].to = kB;
    out.upstreams = {{kB, kA, {}}};
    Wan& wan = out.wan.emplace_back();
    wan.a = "east";
    wan.b = "west";
    wan.latencyUs = 35'000;
    return out;
}

ObservedDataset seenTable(const std::string& path) {
    ObservedDataset out;
    out.path = path;
    out.kind = DatasetKind::BinaryTable;
    out.uuid = "uuid of " + path;
    out.creator = "root";
    out.bulkLoad = false;
    out.deleteTtlSeconds = kDeleteTtlDefaultSeconds;
    out.perms = Perms{{"replperm", "u:root"}, {"defaultreadperm", "u:root"}};
    ObservedFamily& family = out.families.emplace_back();
    family.name = "f";
    family.maxVersions = 1;
    family.minVersions = 0;
    family.ttlSeconds = 0;
    family.inMemory = false;
    family.compression = "lz4";
    family.perms = Perms{{"readperm", "u:root"}};
    out.rows = 7;
    out.replicas.emplace();
    out.upstreams.emplace();
    return out;
}

/// It runs as it is drawn.
Observation seen() {
    Observation out;
    out.atMs = 1'000;
    for (const char* name : {"east", "west"}) {
        ObservedCluster& cluster = out.clusters.emplace_back();
        cluster.name = name;
        cluster.state = "up";
        cluster.answered = true;
        cluster.gateways = {{std::string("gw-") + name, "127.0.0.1:7001", true}};
        cluster.gatewayRecords.emplace();
        cluster.users = {"ben", "ana"};
        cluster.groups = Lists{{"ops", {"ana"}}};
        cluster.datasets = {seenTable(std::string("/mapr/") + name + "/t")};
        ObservedNetwork& network = out.networks.emplace_back();
        network.from = name;
        network.to = out.clusters.size() == 1 ? "west" : "east";
        network.latencyUs = 35'000;
        network.bandwidthBytesPerSecond = 0;
    }
    ObservedReplica& replica = out.clusters[0].datasets[0].replicas->emplace_back();
    replica.to = kB;
    replica.uuid = "uuid of " + kB;
    replica.paused = replica.synchronous = replica.throttle = replica.networkEncryption = false;
    replica.networkCompression = "lz4";
    replica.columns.emplace();
    replica.state = "replicating";
    out.clusters[1].datasets[0].upstreams->push_back({kA, "uuid of " + kA});
    return out;
}

QStringList spelt(const std::vector<Difference>& differences) {
    QStringList out;
    for (const Difference& each : differences) {
        out << QString::fromStdString(std::string(differenceKindName(each.kind)) + ' ' + each.what() + ' ' +
                                      each.where() + ' ' + each.attribute + " [" + each.drawn.value_or("-") + "|" +
                                      each.observed.value_or("-") + "] " + std::string(dataStakeName(each.stake)));
    }
    return out;
}

using Change = std::function<void(Topology&, Observation&)>;

ObservedDataset& tableA(Observation& seen) {
    return seen.clusters[0].datasets[0];
}
ObservedReplica& linkOf(Observation& seen) {
    return (*tableA(seen).replicas)[0];
}

void row(const char* name, Change change, const char* told) {
    QTest::newRow(name) << std::move(change) << QString::fromUtf8(told);
}

void rowsOfTables() {
    row(
        "table missing", [](Topology&, Observation& o) { o.clusters[1].datasets.clear(); },
        "missing dataset /mapr/west/t  [-|-] none, missing upstream /mapr/west/t <- /mapr/east/t  [-|-] none");
    row(
        "table extra",
        [](Topology& t, Observation&) {
            t.datasets.pop_back();
            t.replicas.clear();
            t.upstreams.clear();
        },
        "extra dataset /mapr/west/t  [-|-] lost, extra replica /mapr/east/t -> /mapr/west/t  [-|replicating] none, "
        "extra upstream /mapr/west/t <- /mapr/east/t  [-|-] none");
    row(
        "table unreadable", [](Topology&, Observation& o) { tableA(o).unavailable = "broken"; },
        "unknown dataset /mapr/east/t  [-|-] none");
    row(
        "kind", [](Topology& t, Observation&) { t.datasets[0].kind = DatasetKind::JsonTable; },
        "different dataset /mapr/east/t kind [json-table|binary-table] lost");
    row(
        "bulkload", [](Topology&, Observation& o) { tableA(o).bulkLoad = true; },
        "different dataset /mapr/east/t bulkload [false|true] none");
    row(
        "deletettl", [](Topology& t, Observation&) { t.datasets[0].deleteTtlSeconds = 7 * 86'400; },
        "different dataset /mapr/east/t deletettl [7d|1d] none");
    row(
        "permission", [](Topology& t, Observation&) { t.datasets[0].perms["replperm"].ace = "u:ana|u:ben"; },
        "different dataset /mapr/east/t perms.replperm [u:ana | u:ben|u:root] none");
    row(
        "readperm of a table", [](Topology& t, Observation&) { t.datasets[0].perms["readperm"].ace = "p"; },
        "different dataset /mapr/east/t perms.readperm [p|u:root] none, "
        "different dataset /mapr/east/t family.f.perms.readperm [p|u:root] none");
}

void rowsOfFamilies() {
    row(
        "family missing", [](Topology& t, Observation&) { t.datasets[0].families.emplace_back().name = "g"; },
        "missing family /mapr/east/t family.g [|-] none");
    row(
        "family extra", [](Topology&, Observation& o) { tableA(o).families.emplace_back().name = "g"; },
        "extra family /mapr/east/t family.g [-|] lost");
    row(
        "versions", [](Topology&, Observation& o) { tableA(o).families[0].maxVersions = 3; },
        "different dataset /mapr/east/t family.f.versions [1|3] lost");
    row(
        "minversions", [](Topology& t, Observation&) { t.datasets[0].families[0].minVersions = 1; },
        "different dataset /mapr/east/t family.f.minversions [1|0] none");
    row(
        "ttl", [](Topology& t, Observation&) { t.datasets[0].families[0].ttlSeconds = 3'600; },
        "different dataset /mapr/east/t family.f.ttl [1h|0] lost");
    row(
        "inmemory", [](Topology& t, Observation&) { t.datasets[0].families[0].inMemory = true; },
        "different dataset /mapr/east/t family.f.inmemory [true|false] none");
    row(
        "compression", [](Topology& t, Observation&) { t.datasets[0].families[0].compression = "zlib"; },
        "different dataset /mapr/east/t family.f.compression [zlib|lz4] none");
    row(
        "family permission", [](Topology& t, Observation&) { t.datasets[0].families[0].perms["readperm"].ace = "p"; },
        "different dataset /mapr/east/t family.f.perms.readperm [p|u:root] none");
}

void rowsOfLinks() {
    row(
        "replica missing", [](Topology&, Observation& o) { tableA(o).replicas->clear(); },
        "missing replica /mapr/east/t -> /mapr/west/t  [-|-] copied");
    row(
        "paused", [](Topology&, Observation& o) { linkOf(o).paused = true; },
        "different replica /mapr/east/t -> /mapr/west/t paused [false|true] none");
    row(
        "synchronous", [](Topology& t, Observation&) { t.replicas[0].synchronous = true; },
        "different replica /mapr/east/t -> /mapr/west/t synchronous [true|false] none");
    row(
        "throttle", [](Topology& t, Observation&) { t.replicas[0].throttle = true; },
        "different replica /mapr/east/t -> /mapr/west/t throttle [true|false] none");
    row(
        "networkencryption", [](Topology& t, Observation&) { t.replicas[0].networkEncryption = true; },
        "different replica /mapr/east/t -> /mapr/west/t networkencryption [true|false] none");
    row(
        "networkcompression", [](Topology&, Observation& o) { linkOf(o).networkCompression = "zlib"; },
        "different replica /mapr/east/t -> /mapr/west/t networkcompression [lz4|zlib] none");
    row(
        "columns",
        [](Topology&, Observation& o) {
            linkOf(o).columns = {"g", "f"};
        },
        "different replica /mapr/east/t -> /mapr/west/t columns [all|f,g] copied");
    row(
        "identity", [](Topology&, Observation& o) { linkOf(o).uuid = "old"; },
        "different replica /mapr/east/t -> /mapr/west/t identity [uuid of /mapr/west/t|old] copied");
    row(
        "a link that fails", [](Topology&, Observation& o) { linkOf(o).state = "error"; },
        "different replica /mapr/east/t -> /mapr/west/t state [replicating|error] none");
    row(
        "upstream missing", [](Topology&, Observation& o) { o.clusters[1].datasets[0].upstreams->clear(); },
        "missing upstream /mapr/west/t <- /mapr/east/t  [-|-] none");
    row(
        "records unknown", [](Topology&, Observation& o) { tableA(o).replicas.reset(); },
        "unknown replica /mapr/east/t -> /mapr/west/t  [-|-] none");
}

void rowsOfClusters() {
    row(
        "gateway stopped", [](Topology&, Observation& o) { (*o.clusters[0].gateways)[0].running = false; },
        "different cluster east gateway.gw-east [open|stopped] none");
    row(
        "gateway missing",
        [](Topology& t, Observation&) {
            t.clusters[0].gateways.push_back({"gw-2", {}, {}});
        },
        "missing gateway east gateway.gw-2 [open|-] none");
    row(
        "gateway extra", [](Topology& t, Observation&) { t.clusters[0].gateways.clear(); },
        "extra gateway east gateway.gw-east [-|open] none");
    row(
        "gateway's port", [](Topology& t, Observation&) { t.clusters[0].gateways[0].address = "127.0.0.1:7002"; },
        "different cluster east gateway.gw-east.port [7002|7001] none");
    row(
        "gateway record", [](Topology&, Observation& o) { (*o.clusters[0].gatewayRecords)["west"] = {"gw-old"}; },
        "different cluster east gatewayrecord.west [gw-west|gw-old] none");
    row(
        "gateway record as drawn",
        [](Topology&, Observation& o) { (*o.clusters[0].gatewayRecords)["west"] = {"gw-west"}; }, "");
    row(
        "users", [](Topology& t, Observation&) { t.clusters[0].users = {"ana"}; },
        "different cluster east users [ana|ana,ben] none");
    row(
        "users not drawn", [](Topology& t, Observation&) { t.clusters[0].users.clear(); }, "");
    row(
        "users untold", [](Topology&, Observation& o) { o.clusters[0].users.reset(); },
        "unknown cluster east users [ana,ben|-] none");
    row(
        "groups", [](Topology& t, Observation&) { t.clusters[0].groups["ops"] = {"ben"}; },
        "different cluster east groups.ops [ben|ana] none");
    row(
        "network",
        [](Topology&, Observation& o) {
            for (ObservedNetwork& network : o.networks) network.latencyUs = 0;
        },
        "different wan east -> west latency [35ms|none] none, different wan west -> east latency [35ms|none] none");
    row(
        "network left out",
        [](Topology&, Observation& o) {
            o.networks[0].latencyUs = 0;
            o.networks[0].leftOut = true;
        },
        "");
    row(
        "network untold", [](Topology&, Observation& o) { o.networks[0].latencyUs.reset(); },
        "unknown wan east -> west  [-|-] none");
    row(
        "cluster silent",
        [](Topology&, Observation& o) {
            o.clusters[1] = {};
            o.clusters[1].name = "west";
            o.clusters[1].state = "?";
        },
        "unknown cluster west  [-|-] none");
    row(
        "cluster down",
        [](Topology&, Observation& o) {
            o.clusters[1] = {};
            o.clusters[1].name = "west";
            o.clusters[1].state = "down";
        },
        "unknown cluster west  [-|down] none");
    row(
        "cluster extra",
        [](Topology& t, Observation& o) {
            t.clusters.pop_back();
            o.clusters[1].datasets = {};
            t.datasets.pop_back();
            t.replicas.clear();
            t.upstreams.clear();
            tableA(o).replicas->clear();
        },
        "extra cluster west  [-|up] none");
}

}  // namespace

class DifferencesTest : public QObject {
    Q_OBJECT

private slots:
    void rolesOfClusters_data() {
        QTest::addColumn<QString>("drawnRole");
        QTest::addColumn<QString>("told");
        QTest::addColumn<QString>("difference");
        const auto row = [](const char* name, const char* drawnRole, const char* told, const char* difference) {
            QTest::newRow(name) << drawnRole << told << difference;
        };
        row("a replica that was promoted", "replica", "master",
            "different cluster west role [replica|master] none: role of west: drawn replica, observed master");
        row("as drawn", "replica", "replica", "");
        row("a master needs no word", "", "master", "");
        row("no word, and a replica", "", "replica",
            "different cluster west role [master|replica] none: role of west: drawn master, observed replica");
        row("a system without roles", "", "-", "");
        row("a host without replication", "", "none", "");
    }
    void rolesOfClusters() {
        QFETCH(QString, drawnRole);
        QFETCH(QString, told);
        QFETCH(QString, difference);
        Topology drawing = drawn();
        Observation observation = seen();
        drawing.clusters[1].role = drawnRole.toStdString();
        if (told != QLatin1String("-")) observation.clusters[1].role = told.toStdString();
        const std::vector<Difference> found = differencesOf(drawing, observation);
        const QString text =
            found.empty() ? QString()
                          : spelt(found).front() + QStringLiteral(": ") + QString::fromStdString(found.front().detail);
        QCOMPARE(text, difference);
        if (found.empty()) return;
        const auto adopted = adoptEdit(ClusterId{"west"}, drawing, observation);
        QVERIFY_OK(adopted);
        QVERIFY_OK((*adopted)->apply(drawing));
        QCOMPARE(drawing.clusters[1].role, told.toStdString());
    }

    void whatRunsAsDrawnDiffersNowhere() { QCOMPARE(spelt(differencesOf(drawn(), seen())), QStringList()); }

    void everyKindIsTold_data() {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("told");
        rowsOfTables();
        rowsOfFamilies();
        rowsOfLinks();
        rowsOfClusters();
    }
    void everyKindIsTold() {
        QFETCH(Change, change);
        QFETCH(QString, told);
        Topology drawing = drawn();
        Observation observation = seen();
        change(drawing, observation);
        QCOMPARE(spelt(differencesOf(drawing, observation)).join(QStringLiteral(", ")), told);
    }

    /// The other way to close it: afterwards nothing differs, and the drawing says no more than before.
    void adoptingClosesWhatItCan_data() { everyKindIsTold_data(); }
    void adoptingClosesWhatItCan() {
        QFETCH(Change, change);
        Topology drawing = drawn();
        Observation observation = seen();
        change(drawing, observation);
        for (int round = 0; round < 9; ++round) {
            const std::vector<Difference> open = differencesOf(drawing, observation);
            if (open.empty()) return;
            const Difference& first = open.front();
            const auto edit = adoptEdit(first.element, drawing, observation);
            const bool closable = first.kind != DifferenceKind::Unknown && first.attribute != "identity" &&
                                  first.attribute != "state" && !first.attribute.starts_with("gateway.gw-east") &&
                                  !first.attribute.starts_with("gatewayrecord.");
            // A record of a table that is gone has no place in a drawing.
            const bool dangling = !edit && edit.error().what.ends_with("is not drawn");
            if (!edit && (!closable || dangling)) {
                QVERIFY(edit.error().code == ErrorCode::Unavailable || edit.error().code == ErrorCode::Conflict);
                return;
            }
            QVERIFY2(edit.ok(), edit.ok() ? "" : edit.error().full().c_str());
            if (!closable) return;
            QVERIFY_OK((*edit)->apply(drawing));
        }
        QFAIL("differs still");
    }

    void anInspectorSeesGhostsAndWhatIsOnlyDrawn() {
        Topology drawing = drawn();
        Observation observation = seen();
        drawing.datasets.pop_back();
        const ElementView ghost = viewOf(DatasetId{kB}, drawing, observation);
        QVERIFY(!ghost.drawn && ghost.there == true);
        QVERIFY(!ghost.rows.empty());
        for (const AttributeRow& row : ghost.rows) QVERIFY(row.agreement == Agreement::NotDrawn && row.observed);
        observation.clusters[0].datasets.clear();
        const ElementView only = viewOf(DatasetId{kA}, drawing, observation);
        QVERIFY(only.drawn && only.there == false);
        for (const AttributeRow& row : only.rows) QVERIFY(row.agreement == Agreement::Missing);
        observation.clusters[0].answered = false;
        const ElementView unknown = viewOf(DatasetId{kA}, drawing, observation);
        QVERIFY(!unknown.there.has_value());
        for (const AttributeRow& row : unknown.rows) QVERIFY(row.agreement == Agreement::Unknown);
        const ElementView link = viewOf(ReplicaId{kA, kB}, drawn(), seen());
        QCOMPARE(link.rows.size(), std::size_t{6});
        QCOMPARE(link.rows[0].name, std::string("synchronous"));
        QCOMPARE(link.rows[3].observed, std::optional<std::string>("all"));
    }

    void aDrawnDefaultIsWhatItsFamiliesAreHeldTo_data() {
        QTest::addColumn<QString>("general");
        QTest::newRow("as the system calls it") << "defaultreadperm";
        QTest::newRow("as drawings may call it") << "readperm";
    }
    void aDrawnDefaultIsWhatItsFamiliesAreHeldTo() {
        QFETCH(QString, general);
        Dataset dataset;
        dataset.path = kA;
        dataset.families.emplace_back().name = "f";
        dataset.perms[general.toStdString()].ace = "u:ana";
        dataset.perms["defaulttraverseperm"].ace = "u:ana";  // no family of this table has a word for it
        ObservedDataset there = seenTable(kA);
        (*there.perms)["defaultreadperm"] = "u:ana";
        const auto differing = [&] {
            std::vector<std::string> out;
            for (const AttributeRow& row : compareAttributes(dataset, there)) {
                if (row.agreement == Agreement::Different && row.name.starts_with("family.")) out.push_back(row.name);
            }
            return out;
        };
        QVERIFY(differing() == std::vector<std::string>{"family.f.perms.readperm"});
        dataset.families[0].perms["readperm"].ace = "u:root";  // its own word is the one that counts
        QVERIFY(differing().empty());
        dataset.families[0].perms.clear();
        (*there.families[0].perms)["readperm"] = "u:ana";
        QVERIFY(differing().empty());
    }
    void whatIsAdoptedAgreesWithWhatIsThere() {
        ObservedDataset there = seenTable(kA);
        (*there.perms)["defaultreadperm"] = "p";  // and its family is still its creator's alone
        const Dataset made = drawnAs(there);
        for (const AttributeRow& row : compareAttributes(made, there)) {
            QVERIFY2(row.agreement == Agreement::Same || row.agreement == Agreement::NotDrawn, row.name.c_str());
        }
    }

    void whatIsAdoptedIsDrawnInFewWords() {
        Observation observation = seen();
        ObservedDataset& there = tableA(observation);
        there.families[0].maxVersions = 3;
        there.perms = Perms{{"replperm", "u:ana"}, {"defaultreadperm", "u:root"}};
        const Dataset made = drawnAs(there);
        QCOMPARE(made.families[0].maxVersions, std::optional<std::int64_t>(3));
        QVERIFY(!made.families[0].ttlSeconds && made.families[0].compression.empty() && made.families[0].perms.empty());
        QCOMPARE(made.perms.size(), std::size_t{1});
        QVERIFY(!made.deleteTtlSeconds && !made.bulkLoad);
        QVERIFY(made.exists);
        QVERIFY(!drawnAs(observation.clusters[1].datasets[0]).exists);  // it is fed
    }

    void membersAndWhoTheyFollowAreCompared() {
        Topology drawing;
        Cluster& set = drawing.clusters.emplace_back();
        set.name = "rs";
        set.system = "tarantool";
        Observation observation;
        ObservedCluster& there = observation.clusters.emplace_back();
        there.name = "rs";
        there.state = "partly up";
        there.answered = true;
        there.gateways.emplace();
        there.members = {{"i1", "running", true, {}, {}},
                         {"i2", "killed", true, {}, {}},
                         {"i3", "?", true, {}, {}},
                         {"i4", "running", false, {}, {}},
                         {"i5", "down", false, {}, {}}};
        there.peers = {{"rs/i1", "rs/i2", "stopped", "Duplicate key", {}},
                       {"rs/i2", "rs/i1", "?", "i2 is killed", {}},
                       {"rs/i1", "rs/i4", "follow", "", {}}};
        std::vector<std::string> told;
        for (const Difference& each : differencesOf(drawing, observation)) {
            told.push_back(std::string(differenceKindName(each.kind)) + " " + each.what() + " " + each.where() + " " +
                           each.detail);
        }
        const std::vector<std::string> wanted{"different cluster rs i2 is killed",
                                              "unknown cluster rs i3 does not answer",
                                              "extra cluster rs i4 is not drawn, but it runs",
                                              "different peer rs/i1 <- rs/i2 does not follow: stopped: Duplicate key"};
        QVERIFY2(told == wanted, join(told, "; ").c_str());
        there.answered = false;
        there.state = "down";
        QCOMPARE(differencesOf(drawing, observation).size(), std::size_t{1});
    }
};
TRIBUTARY_TEST(DifferencesTest)
#include "tst_differences.moc"
