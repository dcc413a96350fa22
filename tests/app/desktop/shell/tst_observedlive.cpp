// From what was observed to what the window shows of it.
#include "app/desktop/shell/livebridge.h"
#include "core/workspace/exampledata.h"
#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

class ObservedLiveTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        for (const ExampleFile& each : exampleFiles()) {
            if (each.example != "multi-master" || each.name != "topology.yaml") continue;
            const Result<Topology> parsed = parseTopology(each.text, "topology.yaml");
            QVERIFY_OK(parsed);
            drawing_ = *parsed;
        }
        QCOMPARE(drawing_.clusters.size(), std::size_t{2});
    }

    void neverTurnsUnknownIntoZero() {
        LiveSnapshot snapshot;
        snapshot.atMs = 1'000;
        const app::ClusterRow up = clusterRow("sanfrancisco", "up");
        const app::ClusterRow down = clusterRow("newyork", "down");
        snapshot.status.clusters = {up, down};
        app::LinkRow link;
        link.from = sf_;
        link.to = ny_;
        link.state = "unreachable";
        snapshot.status.links = {link};
        const ObservedState state = observedOf(snapshot, LagHistory(), {});
        QVERIFY(state.known);
        QVERIFY(!state.links.at({sf_, ny_}).lagMs.has_value());
        QVERIFY(!state.clusters.at("newyork").reachable);
        QCOMPARE(lagText(state.links.at({sf_, ny_}).lagMs), u"?"_s);
    }
    void tellsWhatIsWrongWithWhatRunsOncePerCause() {
        LiveSnapshot snapshot;
        app::ClusterRow up = clusterRow("sanfrancisco", "up");
        up.alarms = {{"VOLUME_ALARM_TABLE_REPL_ERROR", "mapr.root", "customers cannot be sent", 1}};
        const app::ClusterRow frozen = clusterRow("newyork", "frozen");
        snapshot.status.clusters = {up, frozen};
        app::LinkRow there;
        there.from = sf_;
        there.to = ny_;
        there.state = "unreachable";
        there.error = "no gateway answers";
        app::LinkRow back;
        back.from = ny_;
        back.to = sf_;
        back.state = "?";
        back.error = "cluster newyork is frozen";
        snapshot.status.links = {there, back};
        snapshot.status.faults = {{"freeze", "newyork", {}, 0, "frozen     newyork"}};
        std::vector<std::string> told;
        for (const Finding& each : problemsOf(snapshot)) {
            told.push_back(each.rule + " at " + each.where);
            QVERIFY(refOfPlace(each.where).valid());  // a click leads there
            QVERIFY(!each.fix.empty());
        }
        const std::vector<std::string> wanted{
            "observed.link-fails at " + sf_ + " -> " + ny_, "observed.alarm at cluster sanfrancisco",
            "observed.cluster-silent at cluster newyork", "observed.fault at cluster newyork"};
        QVERIFY(told == wanted);
        for (app::ClusterRow& each : snapshot.status.clusters) each.state = "down";
        QVERIFY(problemsOf(snapshot).empty());
    }

    void namesHeldLinksWhatIsNotDrawnAndTheNetworkInForce() {
        LiveSnapshot snapshot;
        snapshot.status.clusters = {clusterRow("sanfrancisco", "up"), clusterRow("newyork", "up")};
        app::LinkRow there;
        there.from = sf_;
        there.to = ny_;
        there.state = "paused";
        there.lagMs = 32'000;
        there.operationsPending = 7;
        app::LinkRow back = there;
        std::swap(back.from, back.to);
        back.state = "replicating";
        snapshot.status.links = {there, back};
        snapshot.status.differences = {
            difference(DifferenceKind::Different, ReplicaId{sf_, ny_}, "paused: drawn false, is true", false),
            difference(DifferenceKind::Extra, DatasetId{"/mapr/newyork/old"},
                       "is not drawn, but it runs: is fed by " + sf_, true),
            difference(DifferenceKind::Extra, DatasetId{"/mapr/newyork/idle"}, "is there and not drawn", false),
            difference(DifferenceKind::Extra, ClusterId{"berlin"}, "is not drawn, but it runs: up", true)};
        snapshot.status.networks = {{"newyork", "sanfrancisco", {false, 35, 0}, engine::EgressRule{}, "left-out"},
                                    {"sanfrancisco", "newyork", {false, 35, 0}, engine::EgressRule{}, "left-out"}};
        std::vector<std::string> told;
        for (const Finding& each : problemsOf(snapshot)) {
            told.push_back(std::string(severityName(each.severity)) + " " + each.rule + " at " + each.where);
            QVERIFY(refOfPlace(each.where).valid());
        }
        const std::vector<std::string> wanted{
            "warning observed.link-held at " + sf_ + " -> " + ny_, "warning observed.not-drawn at /mapr/newyork/old",
            "warning observed.not-drawn at cluster berlin", "info observed.wan-left-out at wan newyork - sanfrancisco"};
        QVERIFY(told == wanted);
        const ObservedState state = observedOf(snapshot, LagHistory(), {});
        QCOMPARE(state.links.at({sf_, ny_}).health(), LinkHealth::Held);
        QVERIFY(state.links.at({sf_, ny_}).note.find("7 operations") != std::string::npos);
        QCOMPARE(state.links.at({ny_, sf_}).health(), LinkHealth::Good);
    }

    void ghostsComeFromTheListOfDifferences() {
        LiveSnapshot snapshot;
        snapshot.status.clusters = {clusterRow("sanfrancisco", "up")};
        snapshot.status.differences = {
            difference(DifferenceKind::Extra, ClusterId{"berlin"}, "is not drawn, but it runs: up", true),
            difference(DifferenceKind::Extra, DatasetId{"/mapr/newyork/idle"}, "is there and not drawn", false),
            difference(DifferenceKind::Missing, DatasetId{ny_}, "is drawn and not created yet", false)};
        snapshot.observation = std::make_shared<const Observation>();
        const ObservedState state = observedOf(snapshot, LagHistory(), {});
        QCOMPARE(state.ghosts.size(), std::size_t{2});
        QCOMPARE(state.ghosts.back().ref, datasetRef("/mapr/newyork/idle"));
        // Nothing runs: nothing is a ghost.
        snapshot.status.clusters.front().state = "down";
        QVERIFY(observedOf(snapshot, LagHistory(), {}).ghosts.empty());
    }
    void faultsOnTheWayAreCountedAndACutIsWorse() {
        LiveSnapshot snapshot;
        snapshot.status.clusters = {clusterRow("sanfrancisco", "up"), clusterRow("newyork", "up")};
        snapshot.status.faults = {{"delay", "newyork", "sanfrancisco", 200, "delay"},
                                  {"bandwidth", "sanfrancisco", "newyork", 125'000, "bandwidth"},
                                  {"kill", "newyork", {}, 0, "killed"}};
        const auto way = std::pair<std::string, std::string>("newyork", "sanfrancisco");
        ObservedFaults faults = observedOf(snapshot, LagHistory(), {}).faults.at(way);
        QCOMPARE(faults.phrases.size(), std::size_t{2});
        QCOMPARE(faults.phrases.front(), std::string("+200ms newyork → sanfrancisco"));
        QCOMPARE(faults.word, std::string("+200ms"));
        QVERIFY(!faults.cut);
        snapshot.status.faults.push_back({"cut", "newyork", "sanfrancisco", 0, "cut"});
        faults = observedOf(snapshot, LagHistory(), {}).faults.at(way);
        QVERIFY(faults.cut && faults.phrases.size() == 3);
    }

private:
    static Difference difference(DifferenceKind kind, ElementId element, std::string detail, bool runs) {
        Difference made;
        made.kind = kind;
        made.element = std::move(element);
        made.detail = std::move(detail);
        made.runs = runs;
        return made;
    }
    /// A cluster that is up has answered.
    static app::ClusterRow clusterRow(const std::string& name, const std::string& state) {
        app::ClusterRow row;
        row.name = name;
        row.state = state;
        row.answered = state == "up";
        return row;
    }

    Topology drawing_;
    const std::string sf_ = "/mapr/sanfrancisco/customers";
    const std::string ny_ = "/mapr/newyork/customers";
};
TRIBUTARY_TEST(ObservedLiveTest)
#include "tst_observedlive.moc"
