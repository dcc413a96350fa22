// Drawn against observed, and the rendering of what is unknown.
#include <QTest>

#include "app/terminal/statusview.h"
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
        cluster.gateways = {{"gw-1", "127.0.0.1:1", true}};
        cluster.tables = {{path, "binary-table", {"profile", "orders"}, 1234}};
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

QStringList spelt(const std::vector<app::Difference>& differences) {
    QStringList out;
    for (const app::Difference& row : differences) {
        out << QString::fromStdString(row.kind + " " + row.what + " " + row.where + " " + row.detail);
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
        status.clusters[0].upstreams = {{kSf, "/mapr/newyork/more"}};
        status.links[1].from = "/mapr/newyork/more";
        status.links[0].synchronous = true;
        status.links[0].columns = "profile";
        QCOMPARE(
            spelt(app::differencesOf(statusDrawing(), status)),
            (QStringList{
                QStringLiteral("missing family /mapr/newyork/customers lacks the drawn family orders"),
                QStringLiteral("extra family /mapr/newyork/customers has family extra, which is not drawn"),
                QStringLiteral("extra dataset /mapr/newyork/more is there and not drawn"),
                QStringLiteral("different replica /mapr/sanfrancisco/customers -> /mapr/newyork/customers synchronous: "
                               "drawn false, is true"),
                QStringLiteral("different replica /mapr/sanfrancisco/customers -> /mapr/newyork/customers columns: "
                               "drawn all, is profile"),
                QStringLiteral(
                    "missing replica /mapr/newyork/customers -> /mapr/sanfrancisco/customers is drawn and not "
                    "registered at the source"),
                QStringLiteral("extra replica /mapr/newyork/more -> /mapr/sanfrancisco/customers is registered and not "
                               "drawn"),
                QStringLiteral(
                    "missing upstream /mapr/sanfrancisco/customers <- /mapr/newyork/customers is drawn and not "
                    "registered at the replica"),
                QStringLiteral(
                    "extra upstream /mapr/sanfrancisco/customers <- /mapr/newyork/more is registered and not "
                    "drawn")}));
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
        QVERIFY2(text.contains(QRegularExpression(QStringLiteral("/mapr/newyork/customers +\\? +\\? +\\? +\\?\n"))),
                 qPrintable(text));
        const auto json = app::statusJson(status);
        QVERIFY(json["links"][1]["lagMs"].is_null());
        QVERIFY(json["clusters"][1]["tables"].is_null());
        QVERIFY(json["clusters"][1]["gateways"][0]["running"].is_null());
        QCOMPARE(json["links"][0]["lagMs"].get<int>(), 0);
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
