// Drawn against observed, and the rendering of what is unknown.
#include <QTest>

#include "app/terminal/statusview.h"
#include "app/terminal/verb.h"
#include "core/telemetry/humanunits.h"
#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace tributary;
using app::WorkspaceStatus;

namespace {

Topology statusDrawing() {
    return loadTopology(std::string(TRIBUTARY_SOURCE_DIR) + "/resources/examples/multi-master/topology.yaml").value();
}

constexpr const char* kSf = "/mapr/sanfrancisco/customers";
constexpr const char* kNy = "/mapr/newyork/customers";

// A table as it is described: as drawn, but for its path and what it is linked with.
ObservedDataset describedTable(const std::string& path, const std::vector<std::string>& families,
                               const std::string& other) {
    ObservedDataset out;
    out.path = path;
    out.kind = DatasetKind::BinaryTable;
    out.bulkLoad = false;
    out.deleteTtlSeconds = 7 * 86'400;
    out.perms.emplace();
    for (const std::string& name : families) {
        ObservedFamily& family = out.families.emplace_back();
        family.name = name;
        family.maxVersions = 1;
        family.minVersions = 0;
        family.ttlSeconds = 0;
        family.inMemory = false;
        family.compression = "lz4";
    }
    out.replicas.emplace();
    out.upstreams.emplace();
    if (other.empty()) return out;
    out.upstreams->push_back({other, {}});
    ObservedReplica& replica = out.replicas->emplace_back();
    replica.to = other;
    replica.paused = replica.synchronous = replica.throttle = replica.networkEncryption = false;
    replica.networkCompression = "lz4";
    replica.columns.emplace();
    return out;
}

// Everything runs as it is drawn.
WorkspaceStatus asDrawn() {
    WorkspaceStatus status;
    status.root = "/w";
    status.user = "ana";
    for (const auto& [name, path, other] : {std::tuple{"sanfrancisco", kSf, kNy}, std::tuple{"newyork", kNy, kSf}}) {
        app::ClusterRow cluster;
        cluster.name = name;
        cluster.system = "maprdb";
        cluster.state = "up";
        cluster.answered = true;
        cluster.uptimeMs = 65'000;
        const std::string gateway = name == std::string("newyork") ? "gw-ny-" : "gw-sf-";
        cluster.gateways = {{gateway + "1", "127.0.0.1:1", true}, {gateway + "2", "127.0.0.1:2", true}};
        cluster.users = {"ana", "ben"};
        cluster.tables = {{path, "binary-table", {"profile", "orders"}, 1234}};
        cluster.tables[0].described = describedTable(path, {"profile", "orders"}, other);
        cluster.upstreams = {{path, other}};
        status.clusters.push_back(cluster);
        app::LinkRow link;
        link.from = path;
        link.to = other;
        link.state = "replicating";
        link.lagMs = 0;
        link.bytesPending = 1500;
        link.operationsPending = 12;
        status.links.push_back(link);
    }
    return status;
}

QStringList spelt(const std::vector<Difference>& differences) {
    QStringList out;
    for (const Difference& row : differences) {
        out << QString::fromStdString(std::string(differenceKindName(row.kind)) + " " + row.what() + " " + row.where() +
                                      " " + row.detail);
    }
    return out;
}

}  // namespace

class VerbsStatusTest : public QObject {
    Q_OBJECT

private slots:
    void whatRunsAsDrawnDiffersNowhere() {
        QCOMPARE(spelt(app::differencesOf(statusDrawing(), asDrawn())), QStringList());
        QVERIFY(app::statusText(asDrawn(), {}).find("What runs is what is drawn.") != std::string::npos);
    }

    void namesEveryDifference() {
        WorkspaceStatus status = asDrawn();
        status.clusters[1].tables = {{kNy, "binary-table", {"profile", "extra"}, 0},
                                     {"/mapr/newyork/more", "binary-table", {}, 0}};
        ObservedDataset& ny =
            status.clusters[1].tables[0].described.emplace(describedTable(kNy, {"profile", "extra"}, {}));
        ny.upstreams->push_back({kSf, {}});
        ObservedDataset& more =
            status.clusters[1].tables[1].described.emplace(describedTable("/mapr/newyork/more", {}, kSf));
        more.upstreams->clear();
        ObservedDataset& sf = *status.clusters[0].tables[0].described;
        sf.upstreams = std::vector<ObservedUpstream>{{"/mapr/newyork/more", {}}};
        status.links[1].from = "/mapr/newyork/more";
        (*sf.replicas)[0].synchronous = true;
        (*sf.replicas)[0].columns = {"profile"};
        QCOMPARE(
            spelt(app::differencesOf(statusDrawing(), status)),
            (QStringList{
                QStringLiteral("missing family /mapr/newyork/customers lacks the drawn family orders"),
                QStringLiteral("extra family /mapr/newyork/customers has family extra, which is not drawn"),
                QStringLiteral("extra dataset /mapr/newyork/more is not drawn, but it runs: replicates to "
                               "/mapr/sanfrancisco/customers"),
                QStringLiteral("different replica /mapr/sanfrancisco/customers -> /mapr/newyork/customers synchronous: "
                               "drawn false, is true"),
                QStringLiteral("different replica /mapr/sanfrancisco/customers -> /mapr/newyork/customers columns: "
                               "drawn all, is profile"),
                QStringLiteral(
                    "missing replica /mapr/newyork/customers -> /mapr/sanfrancisco/customers is drawn and not "
                    "registered at the source"),
                QStringLiteral("extra replica /mapr/newyork/more -> /mapr/sanfrancisco/customers is not drawn, but it "
                               "runs: replicating"),
                QStringLiteral(
                    "missing upstream /mapr/sanfrancisco/customers <- /mapr/newyork/customers is drawn and not "
                    "registered at the replica"),
                QStringLiteral(
                    "extra upstream /mapr/sanfrancisco/customers <- /mapr/newyork/more is registered and not "
                    "drawn")}));
    }

    void aClusterThatRunsAndIsNotDrawnIsNamed() {
        WorkspaceStatus status = asDrawn();
        status.clusters[1].pid = 4711;
        Topology drawing = statusDrawing();
        std::erase_if(drawing.clusters, [](const Cluster& cluster) { return cluster.name == "newyork"; });
        const auto differences = app::differencesOf(drawing, status);
        QCOMPARE(spelt(differences),
                 QStringList{QStringLiteral("extra cluster newyork is not drawn, but it runs: up (process 4711)")});
        QVERIFY(differences[0].runs);
        status.differences = differences;
        QVERIFY(app::statusJson(status)["differences"][0]["runs"].get<bool>());
        // A table that takes part in nothing is there and does not run.
        status = asDrawn();
        status.clusters[0].tables.push_back({"/mapr/sanfrancisco/idle", "binary-table", {}, 0});
        QCOMPARE(spelt(app::differencesOf(statusDrawing(), status)),
                 QStringList{QStringLiteral("extra dataset /mapr/sanfrancisco/idle is there and not drawn")});
    }

    void theNetworkInForceStandsBesideTheDrawnOne() {
        Topology drawing = statusDrawing();
        Wan line;
        line.a = "sanfrancisco";
        line.b = "newyork";
        line.latencyUs = 35'000;
        line.bandwidthBytesPerSecond = 25'000'000;
        drawing.wan = {line};
        const engine::EgressRule drawn{false, 35, 25'000'000};
        WorkspaceStatus status = asDrawn();
        const auto shown = [&] {
            status.networks = app::networksOf(drawing, status);
            status.differences = app::differencesOf(drawing, status);
            return QString::fromStdString(app::statusText(status, {}));
        };
        status.clusters[0].network = engine::ClusterNetwork{{{"newyork", drawn}}, false};
        status.clusters[1].network = engine::ClusterNetwork{{{"sanfrancisco", drawn}}, false};
        QString text = shown();
        QVERIFY2(text.contains(QStringLiteral("newyork <-> sanfrancisco: 35ms, 200Mbit/s, as drawn\n")),
                 qPrintable(text));
        QVERIFY(status.differences.empty());
        for (app::ClusterRow& cluster : status.clusters) cluster.network = engine::ClusterNetwork{{}, true};
        text = shown();
        QVERIFY2(text.contains(QStringLiteral("drawn 35ms, 200Mbit/s, left out (up --no-wan)\n")), qPrintable(text));
        QVERIFY(status.differences.empty());  // somebody wanted it so
        QCOMPARE(app::statusJson(status)["network"][0]["state"].get<std::string>(), std::string("left-out"));
        status.clusters[0].network = engine::ClusterNetwork{{{"newyork", {false, 10, 0}}}, false};
        status.clusters[1].network.reset();  // an older program
        text = shown();
        QCOMPARE(spelt(status.differences),
                 (QStringList{QStringLiteral("different wan sanfrancisco -> newyork drawn 35ms, 200Mbit/s, in force "
                                             "10ms: tributary up puts the drawing in force"),
                              QStringLiteral("unknown wan newyork -> sanfrancisco which network is in force cannot be "
                                             "told")}));
        QVERIFY(app::statusJson(status)["network"][1]["inForce"].is_null());
        // Members that are processes send through no network of ours: no line may say that it is in force.
        Topology hosts = drawing;
        for (Cluster& cluster : hosts.clusters) cluster.system = "voltdb";
        WorkspaceStatus members = status;
        for (app::ClusterRow& cluster : members.clusters) {
            cluster.ofMembers = true;
            cluster.network.reset();
        }
        members.networks = app::networksOf(hosts, members);
        members.differences = app::differencesOf(drawing, members);
        text = QString::fromStdString(app::statusText(members, {}));
        QVERIFY2(text.contains(QStringLiteral("drawn 35ms, 200Mbit/s, not in force")), qPrintable(text));
        QVERIFY2(!text.contains(QStringLiteral("as drawn")), qPrintable(text));
        QVERIFY(app::statusJson(members)["network"][0]["inForce"].is_null());
        drawing.wan.clear();
        status.clusters[1].network = engine::ClusterNetwork{{{"sanfrancisco", drawn}}, false};
        (void)shown();
        QCOMPARE(status.differences.size(), std::size_t{2});  // what runs and is not drawn is a difference too
    }

    void aPausedLinkSaysSinceWhenAndWhatWaits() {
        WorkspaceStatus status = asDrawn();
        app::LinkRow& link = status.links[0];
        link.state = "paused";
        link.paused = true;
        link.pausedMs = 1'700'000'000'000;
        link.oldestMs = 1'700'000'005'000;
        QCOMPARE(
            QString::fromStdString(app::linkNote(link)),
            QStringLiteral("paused since 22:13:20 UTC; 12 operations (1.5 kB) wait, the oldest from 22:13:25 UTC"));
        // The note stands in the text, folded to the width.
        const QString text = QString::fromStdString(app::statusText(status, {})).simplified();
        QVERIFY2(text.contains(QString::fromStdString(app::linkNote(link))), qPrintable(text));
        const auto json = app::statusJson(status);
        QCOMPARE(json["links"][0]["health"].get<std::string>(), std::string("held"));
        QCOMPARE(json["links"][0]["pausedSince"].get<std::string>(), std::string("2023-11-14T22:13:20.000Z"));
        QCOMPARE(json["links"][1]["health"].get<std::string>(), std::string("good"));
        link.operationsPending = 0;
        QCOMPARE(app::linkNote(link), std::string("paused since 22:13:20 UTC; nothing waits"));
        QCOMPARE(app::linkNote(status.links[1]), std::string());
        app::LinkRow behind;
        behind.state = "replicating";
        behind.lagMs = 20'000;
        behind.operationsPending = 5;
        behind.operationsPerS = 100;
        QCOMPARE(app::linkNote(behind), std::string("does not catch up: changes come at least as fast as they go"));
        behind.drainMs = 40'000;
        QCOMPARE(app::linkNote(behind), "catches up in about " + humanDuration(40'000));
        behind.lagMs = 300;
        QCOMPARE(app::linkNote(behind), std::string());
    }

    void whatDoesNotAnswerIsUnknownAndNeverMissing() {
        WorkspaceStatus status = asDrawn();
        status.clusters[1] = app::ClusterRow{};
        status.clusters[1].name = "newyork";
        status.clusters[1].state = "killed";
        status.clusters[1].gateways = {{"gw-ny-1", "", {}}};
        status.links[1].state = "?";
        status.links[1].lagMs.reset();
        status.links[1].bytesPending.reset();
        status.links[1].operationsPending.reset();
        QCOMPARE(spelt(app::differencesOf(statusDrawing(), status)),
                 QStringList{QStringLiteral("unknown cluster newyork is killed: what it holds cannot be told")});
        app::StatusStyle style;
        style.columns = 80;
        const QString text = QString::fromStdString(app::statusText(status, style));
        QVERIFY2(
            text.contains(QRegularExpression(QStringLiteral("newyork +killed|newyork .* killed +\\? +\\? +\\? +\\?"))),
            qPrintable(text));
        QVERIFY2(
            text.contains(QRegularExpression(QStringLiteral("/mapr/newyork/customers +\\? +\\? +\\? +\\? +\\?\n"))),
            qPrintable(text));
        const auto json = app::statusJson(status);
        QVERIFY(json["links"][1]["lagMs"].is_null());
        QVERIFY(json["clusters"][1]["tables"].is_null());
        QVERIFY(json["clusters"][1]["gateways"][0]["running"].is_null());
        QCOMPARE(json["links"][0]["lagMs"].get<int>(), 0);
    }

    void whatToTryNextNamesTheWorkspaceThatWasGiven() {
        WorkspaceStatus status = asDrawn();
        status.clusters[1].state = "down";
        app::StatusStyle style;
        QVERIFY(app::statusText(status, style).find("\nNext:\n  tributary up\n") != std::string::npos);
        app::VerbContext context;
        context.workspaceDir = "my demo";
        context.user = "ana";
        style.hereOptions = context.hereOptions();
        const std::string text = app::statusText(status, style);
        QVERIFY2(text.find("\nNext:\n  tributary up -w 'my demo' --as ana\n") != std::string::npos, text.c_str());
    }

    void fitsTheTerminal_data() {
        QTest::addColumn<int>("columns");
        for (const int columns : {60, 80, 100, 160}) QTest::addRow("%d", columns) << columns;
    }
    void fitsTheTerminal() {
        QFETCH(int, columns);
        app::StatusStyle style;
        style.columns = columns;
        style.fit = true;
        const QString text = QString::fromStdString(app::statusText(asDrawn(), style));
        for (const QString& line : text.split(u'\n')) QVERIFY2(line.size() <= columns, qPrintable(line));
        QVERIFY(text.contains(QStringLiteral("1.5 kB")));
        const bool oneLine = text.contains(QStringLiteral("/mapr/sanfrancisco/customers -> /mapr/newyork/customers"));
        QCOMPARE(oneLine, columns == 160);
    }
};

TRIBUTARY_TEST(VerbsStatusTest)
#include "tst_verbsstatus.moc"
