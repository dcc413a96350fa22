// Plans about streams: made from an observation that is written by hand, every line in the words of streams.
#include "core/base/text.h"
#include "core/workspace/topologyfile.h"
#include "runbooks/planner/plan.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

const std::string kActivity = "/mapr/sanfrancisco/activity";
const std::string kActivityThere = "/mapr/newyork/activity";

ObservedDataset stream(const std::string& path, std::vector<std::string> topics, std::uint64_t messages) {
    ObservedDataset out;
    out.path = path;
    out.kind = DatasetKind::Stream;
    out.uuid = "uuid of " + path;
    out.perms.emplace();
    for (const char* name : {"produceperm", "consumeperm", "topicperm", "copyperm", "adminperm"}) {
        (*out.perms)[name] = "u:ana";
    }
    out.topics = std::move(topics);
    out.rows = messages;
    out.bytes = messages * 100;
    out.replicas.emplace();
    out.upstreams.emplace();
    return out;
}

}  // namespace

class PlanStreamsTest : public QObject {
    Q_OBJECT

    Topology drawing_;
    Observation seen_;

    Result<Plan> plan() {
        PlanOptions options;
        options.dialects = spoken();
        options.nowMs = seen_.atMs;
        return makePlan(drawing_, seen_, options);
    }
    /// Every line of the plan, one below the other.
    std::string lines() {
        const auto made = plan();
        if (!made) return made.error().full();
        std::vector<std::string> out;
        for (const Step& step : made->runbook.steps) {
            for (const CommandLine& line : step.commands) out.push_back(line.text);
        }
        return join(out, "\n");
    }
    static std::string text(const std::vector<std::string>& list) { return join(list, "\n"); }

private slots:
    void init() {
        drawing_ =
            loadTopology(std::string(TRIBUTARY_SOURCE_DIR) + "/resources/examples/stream-pair/topology.yaml").value();
        drawing_.wan.clear();
        seen_ = Observation{};
        seen_.atMs = 1'700'000'000'000;
        for (Cluster& cluster : drawing_.clusters) {
            cluster.gateways.clear();
            cluster.users.clear();
            ObservedCluster& there = seen_.clusters.emplace_back();
            there.name = cluster.name;
            there.state = "up";
            there.answered = true;
            there.gateways.emplace();
        }
        seen_.clusters[0].datasets.push_back(stream(kActivity, {"web", "mobile"}, 7));
    }
    void aDrawnPairIsMadeInTheWordsOfStreams() {
        QCOMPARE(lines(), text({"maprcli stream create -path " + kActivityThere + " -copymetafrom " + kActivity,
                                "maprcli stream replica add -path " + kActivity + " -replica " + kActivityThere +
                                    " -paused true",
                                "maprcli stream upstream add -path " + kActivityThere + " -upstream " + kActivity,
                                "mapr copystream -src " + kActivity + " -dst " + kActivityThere + " -mapreduce false",
                                "maprcli stream replica resume -path " + kActivity + " -replica " + kActivityThere}));
        const auto made = plan();
        QVERIFY_OK(made);
        QCOMPARE(made->totals.rows, std::optional<std::uint64_t>(7));
        for (const Step& step : made->runbook.steps) {
            for (const CommandLine& line : step.undo) {
                QVERIFY2(line.text.find("maprcli table") == std::string::npos, line.text.c_str());
            }
        }
    }
    void anEmptySourceIsNotCopied() {
        seen_.clusters[0].datasets[0].rows = 0;
        QVERIFY(lines().find("copystream") == std::string::npos);
    }
    void aTopicThatIsMissingIsMadeAndOneThatIsNotDrawnStays() {
        drawing_.replicas.clear();
        drawing_.upstreams.clear();
        drawing_.datasets.pop_back();
        seen_.clusters[0].datasets[0].topics = {"web", "by-itself"};
        QCOMPARE(lines(), "maprcli stream topic create -path " + kActivity + " -topic mobile");
        seen_.clusters[0].datasets[0].topics = {"web", "mobile", "by-itself"};
        const auto made = plan();
        QVERIFY_OK(made);
        QVERIFY(made->agrees());
    }
    void aDrawnPermissionIsSetByStreamEdit() {
        drawing_.replicas.clear();
        drawing_.upstreams.clear();
        drawing_.datasets.pop_back();
        drawing_.datasets[0].perms["consumeperm"].ace = "p";
        QCOMPARE(lines(), "maprcli stream edit -path " + kActivity + " -consumeperm p");
    }
    void whatIsNotDrawnGoesInTheWordsOfStreams() {
        drawing_.replicas.clear();
        drawing_.upstreams.clear();
        ObservedReplica link;
        link.to = kActivityThere;
        link.uuid = "uuid of " + kActivityThere;
        link.paused = false;
        link.state = "replicating";
        link.columns.emplace();
        seen_.clusters[0].datasets[0].replicas->push_back(link);
        seen_.clusters[1].datasets.push_back(stream(kActivityThere, {}, 7));
        seen_.clusters[1].datasets[0].upstreams->push_back({kActivity, "uuid of " + kActivity});
        QCOMPARE(lines(), text({"maprcli stream replica pause -path " + kActivity + " -replica " + kActivityThere,
                                "maprcli stream replica remove -path " + kActivity + " -replica " + kActivityThere,
                                "maprcli stream upstream remove -path " + kActivityThere + " -upstream " + kActivity}));
    }
    void aStreamWhoseMessagesAreNowhereElseIsNotDeletedUnseen() {
        drawing_.replicas.clear();
        drawing_.upstreams.clear();
        drawing_.datasets.clear();
        PlanOptions options;
        options.dialects = spoken();
        options.nowMs = seen_.atMs;
        options.losses[kActivity] = {7, std::nullopt, {}, "not compared"};
        const auto refused = makePlan(drawing_, seen_, options);
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().what.find("not compared") != std::string::npos, refused.error().full().c_str());
        options.losses[kActivity] = {7, 7, {}, {}};
        const auto made = makePlan(drawing_, seen_, options);
        QVERIFY_OK(made);
        QCOMPARE(made->runbook.steps.back().commands.front().text, "maprcli stream delete -path " + kActivity);
    }
};
TRIBUTARY_TEST(PlanStreamsTest)
#include "tst_planstreams.moc"
