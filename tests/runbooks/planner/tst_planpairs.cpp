// Random pairs of drawings: what runs as A becomes B by one plan, and nothing that B keeps is lost on the way.
#include <QTest>
#include <random>

#include "core/base/text.h"
#include "planharness.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

/// As many as TRIBUTARY_PLAN_PAIRS says (500 in long runs), a part of them in the gate.
unsigned pairCount() {
    bool given = false;
    const int pairs = qEnvironmentVariableIntValue("TRIBUTARY_PLAN_PAIRS", &given);
    return given ? static_cast<unsigned>(pairs) : 120;
}
constexpr unsigned kUndoEvery = 5;  ///< an undo looks at everything three times

/// Small drawings with everything that a table and a link can have.
class Draws {
public:
    explicit Draws(unsigned seed) : random_(seed) {}

    Topology drawing() {
        Topology out;
        for (const char* name : {"north", "south", "west"}) {
            Cluster& cluster = out.clusters.emplace_back();
            cluster.name = name;
        }
        for (const Cluster& cluster : out.clusters) {
            for (const char* table : {"a", "b"}) {
                if (chance(60)) out.datasets.push_back(dataset("/mapr/" + cluster.name + "/" + table));
            }
        }
        for (const Dataset& from : out.datasets) {
            for (const Dataset& to : out.datasets) {
                if (from.path != to.path && chance(25)) link(out, from, to);
            }
        }
        return out;
    }
    bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

private:
    Dataset dataset(const std::string& path) {
        Dataset out;
        out.path = path;
        for (const char* name : {"f", "g", "h"}) {
            if (!chance(60) && !(out.families.empty() && *name == 'h')) continue;
            Family& family = out.families.emplace_back();
            family.name = name;
            if (chance(20)) family.maxVersions = 1 + below(3);
            if (chance(20)) family.ttlSeconds = static_cast<std::int64_t>(below(3)) * 3600;
            if (chance(10)) family.inMemory = true;
            if (chance(10)) family.compression = "zlib";
            if (chance(10)) family.perms["readperm"].ace = "u:ana";
        }
        if (chance(20)) out.deleteTtlSeconds = 86'400 * static_cast<std::int64_t>(1 + below(7));
        if (chance(10)) out.perms["replperm"].ace = chance(50) ? "u:ana" : "u:ben";
        return out;
    }
    void link(Topology& out, const Dataset& from, const Dataset& to) {
        Replica replica;
        replica.from = from.path;
        replica.to = to.path;
        replica.paused = chance(20);
        replica.synchronous = chance(20);
        replica.throttle = chance(15);
        if (chance(15)) replica.networkCompression = "zlib";
        if (chance(25)) replica.columns = {from.families[below(static_cast<unsigned>(from.families.size()))].name};
        if (chance(95)) out.replicas.push_back(replica);
        if (chance(95)) out.upstreams.push_back({to.path, from.path, {}});
    }
    std::mt19937 random_;
};

std::string firstDifferences(const std::vector<Difference>& list) {
    std::string out;
    for (const Difference& each : list) out += each.what() + ' ' + each.where() + ' ' + each.detail + '\n';
    return out;
}

}  // namespace

class PlanPairsTest : public QObject {
    Q_OBJECT

    /// Why the pair of this seed does not hold; empty when it does.
    static std::string problemOf(unsigned seed) {
        Draws draws(seed);
        const Topology a = draws.drawing();
        const Topology b = draws.drawing();
        PlanHarness world;
        world.port.clusters = {"north", "south", "west"};
        if (std::string problem = become(world, a, "A"); !problem.empty()) return problem;
        std::map<std::string, std::set<std::string>> before;
        std::vector<std::string> paths;
        for (const auto& [path, table] : world.port.tables) paths.push_back(path);
        for (int i = 0; i < 6 && !paths.empty(); ++i) {
            world.port.put(paths[draws.below(static_cast<unsigned>(paths.size()))], "row" + std::to_string(i));
        }
        for (const auto& [path, table] : world.port.tables) {
            if (b.dataset(path) == nullptr) continue;
            before[path] = table.rows;
            world.port.keep.insert(path);
        }
        const std::string state = world.port.stateText();
        if (std::string problem = become(world, b, "B"); !problem.empty()) return problem;
        for (const auto& [path, rows] : before) {
            for (const std::string& row : rows) {
                if (world.port.tables[path].rows.count(row) == 0) return "row " + row + " of " + path + " is lost";
            }
        }
        if (std::string problem = arrived(world, b); !problem.empty()) return problem;
        return seed % kUndoEvery == 0 ? undone(world, state) : std::string();
    }

    /// Plan and run; then nothing differs, and a second plan has nothing to do.
    static std::string become(PlanHarness& world, const Topology& drawing, const std::string& name) {
        const auto plan = world.plan(drawing);
        if (!plan) return name + ": no plan: " + plan.error().full();
        if (!plan->left.empty()) return name + ": left: " + plan->left.front().reason;
        std::set<std::size_t> closed;
        for (const PlannedStep& step : plan->steps) closed.insert(step.closes.begin(), step.closes.end());
        if (closed.size() != plan->differences.size()) return name + ": not every difference has a step";
        if (!plan->steps.empty()) {
            const RunResult result = world.run(*plan);
            if (result.outcome != RunOutcome::Success) {
                return name + ": " + result.stepId + ": " + result.reason + "\n" + plan->runbook.text;
            }
        }
        if (!world.port.violations.empty()) return name + ": " + world.port.violations.front();
        for (const auto& [pair, times] : world.port.copies) {
            if (times > 1) return name + ": copied twice: " + pair;
        }
        world.port.copies.clear();
        const auto again = world.plan(drawing);
        if (!again) return name + ": no second plan: " + again.error().full();
        return again->agrees() ? "" : name + ": differs still: " + firstDifferences(again->differences);
    }

    /// What runs as a whole link has brought everything.
    static std::string arrived(const PlanHarness& world, const Topology& drawing) {
        for (const Replica& link : drawing.replicas) {
            const bool runs = drawing.upstream(link.to, link.from) != nullptr && !link.paused && link.columns.empty();
            if (!runs) continue;
            for (const std::string& row : world.port.tables.at(link.from).rows) {
                if (world.port.tables.at(link.to).rows.count(row) == 0) {
                    return row + " of " + link.from + " has not come to " + link.to;
                }
            }
        }
        return {};
    }

    /// An undo brings the earlier state back, unless the run did what cannot be undone: then it is refused.
    static std::string undone(PlanHarness& world, const std::string& state) {
        if (world.journalText.empty()) return {};
        world.port.keep.clear();
        const RunResult result = world.undo();
        if (result.outcome == RunOutcome::Usage) return {};  // irreversible, or nothing to undo
        if (result.outcome != RunOutcome::Undone) return "undo: " + result.stepId + ": " + result.reason;
        return world.port.stateText() == state
                   ? ""
                   : "undone to another state:\n" + world.port.stateText() + "not\n" + state;
    }

private slots:
    void aPlanOfAToBGivesB() {
        const unsigned pairs = pairCount();
        for (unsigned seed = 1; seed <= pairs; ++seed) {
            const std::string problem = problemOf(seed);
            QVERIFY2(problem.empty(), ("seed " + std::to_string(seed) + ": " + problem).c_str());
        }
    }
};
TRIBUTARY_TEST(PlanPairsTest)
#include "tst_planpairs.moc"
