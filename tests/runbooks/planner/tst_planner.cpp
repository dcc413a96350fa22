// What a plan contains, in which order, and when there is none.
#include <QTest>
#include <chrono>

#include "core/base/text.h"
#include "core/workspace/topologyfile.h"
#include "planharness.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

const std::string kSf = "/mapr/sanfrancisco/customers";
const std::string kNy = "/mapr/newyork/customers";
const std::string kSg = "/mapr/singapore/customers";

Topology example(const char* name) {
    return loadTopology(std::string(TRIBUTARY_SOURCE_DIR) + "/resources/examples/" + name + "/topology.yaml").value();
}

std::vector<std::string> idsOf(const Plan& plan) {
    std::vector<std::string> out;
    for (const PlannedStep& step : plan.steps) out.push_back(step.id);
    return out;
}

/// The example's clusters with San Francisco's table in them, as `up` makes it.
struct World : PlanHarness {
    /// Doors, users and networks are no business of the model.
    explicit World(const Topology& drawn) : drawing(drawn) {
        drawing.wan.clear();
        for (Cluster& cluster : drawing.clusters) {
            cluster.gateways.clear();
            cluster.users.clear();
        }
        for (const Cluster& cluster : drawing.clusters) port.clusters.push_back(cluster.name);
    }
    void realise() {
        Topology existing = drawing;
        existing.replicas.clear();
        existing.upstreams.clear();
        std::erase_if(existing.datasets, [](const Dataset& each) { return !each.exists; });
        const auto made = plan(existing);
        QVERIFY_OK(made);
        QCOMPARE(run(*made).outcome, RunOutcome::Success);
    }
    void become() {
        const auto made = plan(drawing);
        QVERIFY_OK(made);
        if (made->steps.empty()) return;
        const RunResult result = run(*made);
        QVERIFY2(result.outcome == RunOutcome::Success, (result.stepId + ": " + result.reason).c_str());
    }
    std::vector<std::string> ids() {
        const auto made = plan(drawing);
        return made ? idsOf(*made) : std::vector<std::string>{made.error().full()};
    }
    Topology drawing;
};

std::string text(const std::vector<std::string>& list) {
    return join(list, "\n");
}

}  // namespace

class PlannerTest : public QObject {
    Q_OBJECT

private slots:
    void multiMasterIsOneCopyAndTwoLinks() {
        World world(example("multi-master"));
        world.realise();
        world.port.put(kSf, "ada");
        QCOMPARE(text(world.ids()), text({"check-permissions", "check-gateways", "create-newyork-customers",
                                          "register-sanfrancisco-customers-to-newyork-customers",
                                          "authorize-sanfrancisco-customers-to-newyork-customers",
                                          "register-newyork-customers-to-sanfrancisco-customers",
                                          "authorize-newyork-customers-to-sanfrancisco-customers",
                                          "copy-sanfrancisco-customers-to-newyork-customers",
                                          "resume-sanfrancisco-customers-to-newyork-customers", "arrive"}));
        world.become();
        QVERIFY(world.plan(world.drawing)->agrees());
        QCOMPARE(world.port.copies.size(), std::size_t{1});
        QCOMPARE(world.port.tables[kNy].rows, std::set<std::string>{"ada"});
    }

    void aRingIsOnePlanWithOneCopy() {
        World world(example("ring-of-three"));
        world.realise();
        world.port.put(kSf, "ada");
        const auto plan = world.plan(world.drawing);
        QVERIFY_OK(plan);
        QCOMPARE(plan->totals.copies, 1);
        QCOMPARE(plan->totals.rows, std::optional<std::uint64_t>(1));
        world.become();
        QVERIFY(world.plan(world.drawing)->agrees());
        for (const std::string& path : {kSf, kNy, kSg}) QCOMPARE(world.port.tables[path].rows.size(), std::size_t{1});
    }

    void aTableIsMadeLikeItsSourceAndThenAsDrawn() {
        World world(example("multi-master"));
        Topology& drawing = world.drawing;
        drawing.datasets[1].deleteTtlSeconds = 86'400;
        world.realise();
        const auto plan = world.plan(drawing);
        QVERIFY_OK(plan);
        const Step* step = plan->runbook.findStep("create-newyork-customers");
        QVERIFY(step != nullptr);
        QCOMPARE(step->commands[0].text, "maprcli table create -path " + kNy + " -copymetafrom " + kSf);
        QCOMPARE(step->commands[1].text, "maprcli table edit -path " + kNy + " -deletettl 86400");
        // Another family, and nothing is taken over.
        drawing.datasets[1].families.pop_back();
        const auto other = world.plan(drawing);
        QVERIFY_OK(other);
        QCOMPARE(other->runbook.findStep("create-newyork-customers")->commands[0].text,
                 "maprcli table create -path " + kNy);
    }

    void familiesThatWereTakenOverGetTheDrawnDefault() {
        World world(example("multi-master"));
        world.realise();
        for (Dataset& dataset : world.drawing.datasets) dataset.perms["defaultreadperm"].ace = "u:root | u:ana";
        world.become();
        for (const std::string& path : {kSf, kNy}) {
            for (const auto& [name, family] : world.port.tables[path].families)
                QVERIFY2(family.perms->at("readperm") == "u:root | u:ana", (path + " " + name).c_str());
        }
        QVERIFY(world.plan(world.drawing)->agrees());
    }
    void whatNamesAStrangerIsNotTakenOver_data() {
        QTest::addColumn<QString>("ace");
        QTest::addColumn<bool>("like");
        QTest::newRow("a known user") << "u:ana" << true;
        QTest::newRow("an unknown user") << "u:ana | u:zed" << false;
        QTest::newRow("a known group") << "g:ops" << true;
        QTest::newRow("an unknown group") << "u:ana & !g:temps" << false;
        QTest::newRow("whom every cluster knows") << "u:root | u:mapr" << true;
    }
    void whatNamesAStrangerIsNotTakenOver() {
        QFETCH(QString, ace);
        QFETCH(bool, like);
        World world(example("multi-master"));
        world.realise();
        (*world.port.tables[kSf].families.begin()->second.perms)["readperm"] = ace.toStdString();
        for (Cluster& cluster : world.drawing.clusters) {
            if (cluster.name != "newyork") continue;
            cluster.users = {"ana"};
            cluster.groups["ops"] = {"ana"};
        }
        const auto plan = world.plan(world.drawing);
        QVERIFY_OK(plan);
        const Step* step = plan->runbook.findStep("create-newyork-customers");
        QVERIFY(step != nullptr);
        QCOMPARE(step->commands[0].text.find("-copymetafrom") != std::string::npos, like);
        QCOMPARE(step->why.find("whom newyork does not know") == std::string::npos, like);
    }

    // ---- what is changed
    // ---------------------------------------------------------------------------------------------

    void everyAttributeIsSetAndSetBack_data() {
        QTest::addColumn<std::string>("element");
        QTest::addColumn<std::string>("attribute");
        QTest::addColumn<std::string>("value");
        QTest::addColumn<std::string>("step");
        const std::string link = "sanfrancisco-customers-to-newyork-customers";
        const auto row = [&](const char* element, const char* attribute, const char* value, const std::string& step) {
            QTest::addRow("%s %s", element, attribute)
                << std::string(element) << std::string(attribute) << std::string(value) << step;
        };
        row("link", "paused", "true", "pause-" + link);
        row("link", "synchronous", "true", "edit-" + link);
        row("link", "throttle", "true", "edit-" + link);
        row("link", "networkcompression", "zlib", "edit-" + link);
        row("link", "columns", "profile", "columns-" + link);
        row("table", "deletettl", "1d", "alter-newyork-customers");
        row("table", "perms.replperm", "u:ana", "alter-newyork-customers");
        row("table", "family.profile.versions", "3", "alter-newyork-customers-profile");
        row("table", "family.profile.ttl", "1h", "alter-newyork-customers-profile");
        row("table", "family.profile.inmemory", "true", "alter-newyork-customers-profile");
        row("table", "family.profile.compression", "zlib", "alter-newyork-customers-profile");
        row("table", "family.profile.perms.readperm", "u:ana", "alter-newyork-customers-profile");
        row("table", "families", "profile,orders,more", "create-family-newyork-customers-more");
    }
    void everyAttributeIsSetAndSetBack() {
        QFETCH(std::string, element);
        QFETCH(std::string, attribute);
        QFETCH(std::string, value);
        QFETCH(std::string, step);
        World world(example("multi-master"));
        world.realise();
        world.become();
        const std::string before = world.port.stateText();
        const ElementId id = element == "link" ? ElementId(ReplicaId{kSf, kNy}) : ElementId(DatasetId{kNy});
        QVERIFY_OK(setAttribute(id, attribute, value)->apply(world.drawing));
        const auto plan = world.plan(world.drawing);
        QVERIFY_OK(plan);
        QCOMPARE(text(idsOf(*plan)), step);
        const RunResult result = world.run(*plan);
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        QVERIFY(world.plan(world.drawing)->agrees());
        QVERIFY(world.port.stateText() != before);
        const RunResult undone = world.undo();
        QVERIFY2(undone.outcome == RunOutcome::Undone, undone.reason.c_str());
        QCOMPARE(world.port.stateText(), before);
    }

    void widerColumnsAreCopiedBeforeTheyFlow() {
        World world(example("multi-master"));
        world.drawing.replicas[0].columns = {"profile"};
        world.realise();
        world.become();
        world.port.put(kSf, "ada");
        world.drawing.replicas[0].columns = {"orders", "profile"};
        const std::string link = "sanfrancisco-customers-to-newyork-customers";
        QCOMPARE(text(world.ids()),
                 text({"pause-" + link, "columns-" + link, "copy-" + link, "resume-" + link, "arrive"}));
        QVERIFY(world.plan(world.drawing)->runbook.findStep("copy-" + link)->commands[0].text.find("-columns orders") !=
                std::string::npos);
        // No edit takes a list away.
        world.drawing.replicas[0].columns.clear();
        QCOMPARE(text(world.ids()), text({"whole-" + link, "copy-" + link, "resume-" + link, "arrive"}));
        world.become();
        QVERIFY(world.plan(world.drawing)->agrees());
    }

    void aSynchronousLinkIsSoOnlyOnceItHasCaughtUp() {
        World world(example("multi-master"));
        world.drawing.replicas[0].synchronous = true;
        world.realise();
        world.port.put(kSf, "ada");
        const std::vector<std::string> ids = world.ids();
        QCOMPARE(ids.back(), std::string("synchronous-sanfrancisco-customers-to-newyork-customers"));
        QCOMPARE(ids[ids.size() - 2], std::string("arrive"));
        world.become();
        QVERIFY(world.plan(world.drawing)->agrees());
    }

    void aPausedLinkIsResumedBeforeItIsSynchronous() {
        World world(example("multi-master"));
        world.realise();
        world.become();
        world.port.execute("maprcli table replica pause -path " + kSf + " -replica " + kNy, 0);
        world.drawing.replicas[0].synchronous = true;
        const std::string link = "sanfrancisco-customers-to-newyork-customers";
        QCOMPARE(text(world.ids()), text({"resume-" + link, "arrive", "edit-" + link}));
        world.become();
        QVERIFY(world.plan(world.drawing)->agrees());
    }

    void aTableThatWasMadeAnewIsRegisteredAnew() {
        World world(example("multi-master"));
        world.realise();
        world.port.put(kSf, "ada");
        world.become();
        world.port.execute("maprcli table delete -path " + kNy, 0);
        world.port.execute("maprcli table create -path " + kNy + " -copymetafrom " + kSf, 0);
        const auto plan = world.plan(world.drawing);
        QVERIFY_OK(plan);
        QVERIFY(plan->find("forget-sanfrancisco-customers-to-newyork-customers") != nullptr);
        QVERIFY(plan->find("copy-sanfrancisco-customers-to-newyork-customers") != nullptr);
        world.become();
        QVERIFY(world.plan(world.drawing)->agrees());
        QCOMPARE(world.port.tables[kNy].rows.size(), std::size_t{1});
    }

    // ---- what goes
    // ---------------------------------------------------------------------------------------------------

    void aReplicaGetsItsNewSourceBeforeItLosesTheOldOne() {
        World world(example("ring-of-three"));
        world.realise();
        world.become();
        // newyork is fed by singapore instead of sanfrancisco.
        world.drawing.replicas[0].from = kSg;
        world.drawing.upstreams[0].from = kSg;
        const std::vector<std::string> ids = world.ids();
        QCOMPARE(text(ids),
                 text({"check-permissions", "check-gateways", "register-singapore-customers-to-newyork-customers",
                       "authorize-singapore-customers-to-newyork-customers", "arrive",
                       "pause-sanfrancisco-customers-to-newyork-customers",
                       "remove-sanfrancisco-customers-to-newyork-customers",
                       "disown-sanfrancisco-customers-to-newyork-customers"}));
        world.become();
        QVERIFY(world.plan(world.drawing)->agrees());
    }

    void aTableWithRowsThatExistNowhereElseNamesThemAndWantsItsName() {
        World world(example("multi-master"));
        world.realise();
        world.become();
        world.port.execute("maprcli table create -path /mapr/newyork/old", 0);
        world.port.put("/mapr/newyork/old", "kim");
        world.port.put("/mapr/newyork/old", "lee");
        const auto plan = world.plan(world.drawing);
        QVERIFY_OK(plan);
        QCOMPARE(text(idsOf(*plan)), std::string("delete-newyork-old"));
        QCOMPARE(plan->totals.rowsOnlyHere, std::optional<std::int64_t>(2));
        const Approval& approval = plan->runbook.steps[0].approval;
        QCOMPARE(approval.typeTheName, std::string("/mapr/newyork/old"));
        QVERIFY2(approval.text.find("2 of them exist nowhere else: kim, lee") != std::string::npos,
                 approval.text.c_str());
        QCOMPARE(plan->steps[0].loss->onlyHere, std::optional<std::int64_t>(2));
        // One more row, and what was approved is not what would go.
        world.port.put("/mapr/newyork/old", "max");
        const RunResult refused = world.run(*plan);
        QVERIFY2(refused.reason.find("only-here") != std::string::npos ||
                     refused.reason.find("exist nowhere else") != std::string::npos,
                 refused.reason.c_str());
        QVERIFY(world.port.tables.count("/mapr/newyork/old") == 1);
        PlanOptions stays;
        stays.dialects = spoken();
        stays.remove = false;
        QVERIFY(world.plan(world.drawing, stays)->agrees());
    }

    void anEmptyTableGoesWithYesAndComesBack() {
        World world(example("multi-master"));
        world.realise();
        world.become();
        world.port.execute("maprcli table create -path /mapr/newyork/old", 0);
        world.port.execute("maprcli table cf create -path /mapr/newyork/old -cfname f -maxversions 3", 0);
        const std::string before = world.port.stateText();
        const auto plan = world.plan(world.drawing);
        QVERIFY_OK(plan);
        QVERIFY(plan->runbook.steps[0].approval.needed && plan->runbook.steps[0].approval.typeTheName.empty());
        QCOMPARE(plan->totals.losses, 0);
        QCOMPARE(world.run(*plan).outcome, RunOutcome::Success);
        QCOMPARE(world.undo().outcome, RunOutcome::Undone);
        QCOMPARE(world.port.stateText(), before);
    }

    void twoTablesThatHoldTheSameRowsDoNotBothCountAsACopy() {
        World world(example("multi-master"));
        world.realise();
        world.port.put(kSf, "ada");
        world.become();
        world.drawing.datasets.clear();
        world.drawing.replicas.clear();
        world.drawing.upstreams.clear();
        const auto plan = world.plan(world.drawing);
        QVERIFY_OK(plan);
        QCOMPARE(plan->totals.rowsOnlyHere, std::optional<std::int64_t>(1));
        QCOMPARE(plan->totals.losses, 1);
    }

    // ---- no plan
    // -----------------------------------------------------------------------------------------------------

    void nothingIsPlannedOnAnOldLookOrASilentCluster() {
        World world(example("multi-master"));
        world.realise();
        Observation old = world.port.observe();
        PlanOptions options;
        options.dialects = spoken();
        options.nowMs = old.atMs + 61'000;
        const auto stale = makePlan(world.drawing, old, options);
        QVERIFY(!stale.ok());
        QCOMPARE(stale.error().code, ErrorCode::Unavailable);
        QVERIFY2(stale.error().what.find("61 s ago") != std::string::npos, stale.error().what.c_str());
        world.port.silent = {"newyork"};
        const auto silent = world.plan(world.drawing);
        QVERIFY(!silent.ok());
        QCOMPARE(silent.error().code, ErrorCode::Unavailable);
        QVERIFY2(silent.error().what.find("cluster newyork is not answering") != std::string::npos,
                 silent.error().what.c_str());
        // What it does not concern can be planned.
        PlanOptions only;
        only.dialects = spoken();
        only.only = {DatasetId{kSf}};
        QVERIFY(world.plan(world.drawing, only)->agrees());
        only.only = {ReplicaId{kSf, kNy}};
        QVERIFY(!world.plan(world.drawing, only).ok());
    }

    void aTableThatCannotBeLookedAtIsNotPlanned() {
        World world(example("multi-master"));
        world.realise();
        Observation seen = world.port.observe();
        seen.clusters[0].datasets[0].unavailable = "its file cannot be opened";
        PlanOptions options;
        options.dialects = spoken();
        options.nowMs = seen.atMs;
        const auto plan = makePlan(world.drawing, seen, options);
        QVERIFY(!plan.ok());
        QVERIFY2(plan.error().what.find("its file cannot be opened") != std::string::npos, plan.error().what.c_str());
    }

    void onlyTakesTheElementAndWhatItNeeds() {
        World world(example("multi-master"));
        world.realise();
        PlanOptions options;
        options.dialects = spoken();
        options.only = {UpstreamId{kNy, kSf}};  // either half stands for the link
        const auto plan = world.plan(world.drawing, options);
        QVERIFY_OK(plan);
        QCOMPARE(text(idsOf(*plan)), text({"check-permissions", "check-gateways", "create-newyork-customers",
                                           "register-sanfrancisco-customers-to-newyork-customers",
                                           "authorize-sanfrancisco-customers-to-newyork-customers", "arrive"}));
        options.only = {ClusterId{"newyork"}};
        QCOMPARE(world.plan(world.drawing, options)->differences.size(), std::size_t{5});
    }

    void elementsAreFoundByTheirNames_data() {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("found");
        const auto row = [](const std::string& given, const std::string& found) {
            QTest::newRow(given.c_str()) << given << found;
        };
        row("newyork", "cluster newyork");
        row("cluster newyork", "cluster newyork");
        row(kNy, "dataset " + kNy);
        row(kSf + "->" + kNy, "replica " + kSf + " -> " + kNy);
        row("replica " + kSf + " -> " + kNy, "replica " + kSf + " -> " + kNy);
        row(kNy + " <- " + kSf, "upstream " + kNy + " <- " + kSf);
        row("newyrk", "did you mean 'newyork'?");
        row("/mapr/newyork/custmers", "did you mean '" + kNy + "'?");
    }
    void elementsAreFoundByTheirNames() {
        QFETCH(std::string, text);
        QFETCH(std::string, found);
        const auto element = parseElement(text, example("multi-master"), {});
        QCOMPARE(element ? elementText(*element) : element.error().fix, found);
    }

    // ---- size
    // --------------------------------------------------------------------------------------------------------

    void eightHundredLinksAreOnePlan() {
        Topology drawing;
        for (int i = 0; i < 100; ++i) {
            Cluster& cluster = drawing.clusters.emplace_back();
            cluster.name = "c" + std::to_string(i);
            for (int k = 0; k < 4; ++k) {
                Dataset& dataset = drawing.datasets.emplace_back();
                dataset.path = "/mapr/" + cluster.name + "/t" + std::to_string(k);
                dataset.families.emplace_back().name = "f";
            }
        }
        for (int i = 0; i < 100; ++i) {
            for (int k = 0; k < 4; ++k) {
                for (const int step : {1, 7}) {
                    Replica& link = drawing.replicas.emplace_back();
                    link.from = drawing.datasets[static_cast<std::size_t>(4 * i + k)].path;
                    link.to = drawing.datasets[static_cast<std::size_t>(4 * ((i + step) % 100) + k)].path;
                    drawing.upstreams.push_back({link.to, link.from, {}});
                }
            }
        }
        World world(drawing);
        const auto began = std::chrono::steady_clock::now();
        const auto plan = world.plan(drawing);
        QVERIFY_OK(plan);
        QCOMPARE(drawing.replicas.size(), std::size_t{800});
        QCOMPARE(plan->totals.changes, 400 + 1600);
        const auto took = std::chrono::steady_clock::now() - began;
        qInfo("planned in %lld ms, %zu bytes of YAML",
              static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()),
              plan->runbook.text.size());
        QVERIFY(took < std::chrono::seconds(20));
    }
};
TRIBUTARY_TEST(PlannerTest)
#include "tst_planner.moc"
