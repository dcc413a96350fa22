// From what is drawn and what is observed to the runbook that closes the difference.
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

    void picksMultiMasterForTwoMissingDirections() {
        const RunbookChoice choice = runbookForDrawing(drawing_, {});
        QCOMPARE(choice.runbook, u"multi-master-setup"_s);
        const std::vector<std::pair<std::string, std::string>> wanted{{"source", sf_}, {"replica", ny_}};
        QVERIFY(choice.parameters == wanted);
    }
    void startsAtTheSideThatExists() {
        Topology turned = drawing_;
        std::swap(turned.datasets[0].exists, turned.datasets[1].exists);
        const RunbookChoice choice = runbookForDrawing(turned, {});
        QCOMPARE(choice.parameters.front().second, ny_);
    }
    void hasNothingToDoWhenBothRun() {
        ObservedState observed;
        observed.known = true;
        for (const auto& key : {std::pair(sf_, ny_), std::pair(ny_, sf_)}) {
            observed.links[key].replicaListed = true;
            observed.links[key].upstreamListed = true;
        }
        const RunbookChoice choice = runbookForDrawing(drawing_, observed);
        QVERIFY(choice.runbook.isEmpty());
        QVERIFY(choice.reason.contains(u"already runs"));
    }
    void saysWhyABrokenLinkHasNone() {
        Topology broken = drawing_;
        broken.upstreams.clear();
        const RunbookChoice choice = runbookForDrawing(broken, {});
        QVERIFY(choice.runbook.isEmpty());
        QVERIFY(choice.reason.contains(u"drawn broken"));
    }
    void neverTurnsUnknownIntoZero() {
        LiveSnapshot snapshot;
        snapshot.atMs = 1'000;
        app::ClusterRow up;
        up.name = "sanfrancisco";
        up.state = "up";
        up.answered = true;
        app::ClusterRow down;
        down.name = "newyork";
        down.state = "down";
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
        app::ClusterRow up;
        up.name = "sanfrancisco";
        up.state = "up";
        up.answered = true;
        up.alarms = {{"VOLUME_ALARM_TABLE_REPL_ERROR", "mapr.root", "customers cannot be sent", 1}};
        app::ClusterRow frozen;
        frozen.name = "newyork";
        frozen.state = "frozen";
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

private:
    Topology drawing_;
    const std::string sf_ = "/mapr/sanfrancisco/customers";
    const std::string ny_ = "/mapr/newyork/customers";
};
TRIBUTARY_TEST(ObservedLiveTest)
#include "tst_observedlive.moc"
