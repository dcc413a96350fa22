// The table of seeded bugs.
#include "simbugs.h"

namespace tributary::simtest {

namespace {

void nothing(Plan&) {}

void filterThenWhole(Plan& plan) {
    plan.edges = {{0, 1, "a", false}, {1, 2, {}, false}};
}

void filterThenFilter(Plan& plan) {
    plan.edges = {{0, 1, "a", false}, {1, 2, "b", false}};
}

void filtersAndTheDirectWay(Plan& plan) {
    plan.edges = {{0, 1, "a", false}, {1, 2, "b", false}, {0, 2, "b", false}};
    plan.writers = {0};
}

void handlesRunOut(Plan& plan) {
    plan.swarm.fewHandles = plan.swarm.kills = true;
    plan.swarm.ioErrors = false;
    plan.segmentBytes = 8U << 10U;
    plan.checkpointWalBytes = 32U << 10U;
    plan.snapshotEveryMs = plan.flushEveryMs = 250;
    plan.flushRows = 20;
}

void livesAndLateJoiners(Plan& plan) {
    plan.swarm.replicaEdits = plan.swarm.kills = plan.swarm.powerCuts = true;
}

}  // namespace

const std::vector<SeededBug>& seededBugs() {
    static const std::vector<SeededBug> kBugs{
        {"bug-echo-to-origin", "echo", Profile::Mesh, 20, nothing},
        {"bug-no-duplicate-check", "exactly-once", Profile::Mesh, 20, nothing},
        {"bug-ack-before-durable", "acked", Profile::Pair, 20, nothing},
        {"bug-half-agreement", "agreement", Profile::Pair, 60, [](Plan& plan) { plan.swarm.upstreamEdits = true; }},
        {"bug-no-epoch-fence", "fence", Profile::Pair, 300,
         [](Plan& plan) { plan.swarm.cuts = plan.swarm.slowNet = plan.swarm.resets = true; }},
        {"bug-same-incarnation", "identity", Profile::Pair, 100,
         [](Plan& plan) {
             plan.durability = engine::Durability::Write;
             plan.edges = {{0, 1, {}, false}};
             plan.writers = {0};
             plan.swarm.powerCuts = plan.swarm.crashAfterAck = true;
         }},
        {"bug-durable-ack-early", "ack", Profile::Mesh, 20, nothing},
        {"bug-ack-unsynced", "liveness", Profile::Pair, 200,
         [](Plan& plan) {
             plan.durability = engine::Durability::Write;
             plan.edges = {{0, 1, {}, false}};
             plan.writers = {0};
             plan.swarm.powerCuts = true;
             plan.snapshotEveryMs = 250;
             plan.segmentBytes = 8U << 10U;
         }},
        {"bug-synchronous-ack-early", "synchronous", Profile::Sync, 20, nothing},
        {"bug-no-clock-merge", "causality", Profile::Mesh, 20, [](Plan& plan) { plan.swarm.skew = true; }},
        {"bug-far-clock-taken", "causality", Profile::Mesh, 20,
         [](Plan& plan) {
             plan.swarm.skew = false;
             plan.swarm.farSkew = true;
         }},
        {"bug-clock-not-restored", "causality", Profile::Ring, 100,
         [](Plan& plan) { plan.swarm.skew = plan.swarm.kills = plan.swarm.powerCuts = true; }},
        {"bug-cursor-on-received", "liveness", Profile::Ring, 100,
         [](Plan& plan) { plan.swarm.powerCuts = plan.swarm.powerCutsInside = plan.swarm.slowWorkers = true; }},
        {"bug-snapshot-ahead", "recovery", Profile::Mesh, 200,
         [](Plan& plan) {
             plan.swarm.powerCuts = plan.swarm.powerCutsInside = plan.swarm.slowWorkers = true;
             plan.snapshotEveryMs = 250;
         }},
        {"bug-release-pinned", "invariant", Profile::Mesh, 100,
         [](Plan& plan) {
             plan.swarm.pauses = plan.swarm.powerCuts = true;
             plan.segmentBytes = 8U << 10U;
             plan.checkpointWalBytes = 32U << 10U;
             plan.snapshotEveryMs = 250;
         }},
        {"bug-tombstones-purged", "state", Profile::Mesh, 100, [](Plan& plan) { plan.flushEveryMs = 250; }},
        {"bug-skip-omitted", "skip", Profile::Filtered, 200,
         [](Plan& plan) {
             Swarm& s = plan.swarm;
             s.powerCuts = s.powerCutsInside = s.crashAfterAck = s.kills = s.ioErrors = false;
         }},
        {"bug-skip-not-logged", "ack", Profile::Filtered, 20, nothing},
        {"bug-skip-not-passed-on", "skip", Profile::Filtered, 20, filterThenWhole},
        {"bug-second-filter-omitted", "filter", Profile::Filtered, 20, filterThenFilter},
        {"bug-skip-too-wide", "liveness", Profile::Filtered, 40, filtersAndTheDirectWay},
        {"bug-name-newest", "state", Profile::Pair, 200,
         [](Plan& plan) {
             plan.swarm.schemaEdits = plan.swarm.kills = plan.swarm.powerCuts = true;
             plan.flushEveryMs = 2'000;
             plan.snapshotEveryMs = 250;
         }},
        {"bug-positions-forgotten", "exactly-once", Profile::Mesh, 200,
         [](Plan& plan) {
             plan.swarm.kills = plan.swarm.powerCuts = plan.swarm.cuts = true;
             plan.snapshotEveryMs = 250;
         }},
        {"bug-greeting-ends-trouble", "storm", Profile::Pair, 40,
         [](Plan& plan) {
             plan.swarm = {};
             plan.swarm.schemaEdits = true;
             plan.opGapUs = 60'000;
             plan.faultGapUs = 4'000'000;
         }},
        {"bug-slow-is-dead", "liveness", Profile::Pair, 10,
         [](Plan& plan) {
             plan.swarm = {};
             plan.durability = engine::Durability::Fsync;
             plan.edges = {{0, 1, {}, false}};
             plan.writers = {0};
             plan.lineBytesPerS = 2'000;
             plan.inFlightBytesMax = 8U << 20U;
             plan.compression = "off";
         }},
        {"bug-proof-unchecked", "stranger", Profile::Pair, 40,
         [](Plan& plan) {
             plan.swarm = {};
             plan.swarm.kills = plan.swarm.rogues = true;
         }},
        {"bug-unopened-is-empty", "liveness", Profile::Pair, 100, handlesRunOut},
        {"bug-life-end-believed", "life", Profile::Ring, 60, livesAndLateJoiners},
        {"bug-dropped-shipped", "dropped", Profile::Pair, 60,
         [](Plan& plan) { plan.swarm.schemaEdits = plan.swarm.cuts = plan.swarm.pauses = true; }},
    };
    return kBugs;
}

const SeededBug* bugNamed(const std::vector<SeededBug>& bugs, const std::string& name) {
    for (const SeededBug& bug : bugs) {
        if (name == bug.name) return &bug;
    }
    return nullptr;
}

}  // namespace tributary::simtest
