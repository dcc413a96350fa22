// Drawing a plan from a seed.
#include "simplan.h"

#include <fmt/format.h>

#include <array>

#include "engine/sim/simrandom.h"
#include "simbugs.h"
#include "simkind.h"

namespace tributary::simtest {

using engine::sim::SimRandom;

namespace {

constexpr std::array<const char*, kProfiles> kNames{"pair", "ring", "mesh", "filtered", "sync", "star"};

template <typename T>
T pick(SimRandom& random, std::initializer_list<T> values) {
    return *(values.begin() + static_cast<std::ptrdiff_t>(random.below(values.size())));
}

void drawShape(Plan& plan, SimRandom& random) {
    const int n = plan.nodes;
    const auto both = [&](int a, int b) {
        plan.edges.push_back({a, b, {}, false});
        plan.edges.push_back({b, a, {}, false});
    };
    for (int i = 0; i < n; ++i) plan.writers.push_back(i);
    switch (plan.profile) {
        case Profile::Pair:
            plan.edges.push_back({0, 1, {}, false});
            if (plan.durability == engine::Durability::Fsync && random.oneIn(2)) {
                plan.edges.push_back({1, 0, {}, false});
            } else {
                plan.writers = {0};
            }
            break;
        case Profile::Ring:
            for (int i = 0; i < n; ++i) plan.edges.push_back({i, (i + 1) % n, {}, false});
            break;
        case Profile::Mesh:
            for (int i = 0; i < n; ++i) {
                for (int j = i + 1; j < n; ++j) both(i, j);
            }
            break;
        case Profile::Star:
            for (int i = 1; i < n; ++i) both(0, i);
            break;
        case Profile::Filtered: {
            const std::vector<std::string> filters = plan.kind->drawFilters(random);
            plan.edges.push_back({0, 1, filters[0], false});
            plan.edges.push_back({1, 2 % n, filters[1], false});
            if (n > 2) plan.edges.push_back({0, 2, filters[2], false});
            plan.writers = {0, 1};
            break;
        }
        case Profile::Sync:
            plan.edges.push_back({0, 1, {}, true});
            if (n > 2) plan.edges.push_back({0, 2, {}, false});
            plan.writers = {0};
            break;
    }
}

void drawSwarm(Plan& plan, SimRandom& random) {
    Swarm& s = plan.swarm;
    for (bool* flag : {&s.powerCuts, &s.powerCutsInside, &s.crashAfterAck, &s.kills, &s.cuts, &s.resets, &s.slowNet,
                       &s.refusals, &s.diskFull, &s.ioErrors, &s.skew, &s.slowWorkers, &s.pauses, &s.upstreamEdits,
                       &s.schemaEdits, &s.filterEdits}) {
        *flag = random.oneIn(2);
    }
    s.replicaEdits = random.oneIn(6);
    if (plan.profile != Profile::Filtered) s.filterEdits = false;
}

}  // namespace

std::string profileName(Profile profile) {
    return kNames[static_cast<std::size_t>(profile)];
}

bool profileOf(const std::string& name, Profile& out) {
    for (int i = 0; i < kProfiles; ++i) {
        if (name != kNames[static_cast<std::size_t>(i)]) continue;
        out = static_cast<Profile>(i);
        return true;
    }
    return false;
}

bool Plan::converges() const {
    const bool oneWay =
        profile == Profile::Filtered || profile == Profile::Sync || (profile == Profile::Pair && edges.size() == 1);
    const bool whole =
        profile != Profile::Filtered && (cuts || !swarm.replicaEdits) && durability == engine::Durability::Fsync;
    // One-way shapes converge when only the source is written to, and they are.
    return whole && (!oneWay || writers.size() == 1);
}

Plan planOf(const SimKind& kind, std::uint64_t seed, Profile profile, int nodes, int ops, const std::string& bug) {
    SimRandom random(seed * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(profile));
    Plan plan;
    plan.kind = &kind;
    plan.seed = seed;
    plan.profile = profile;
    plan.ops = ops;
    plan.bug = bug;
    plan.nodes = profile == Profile::Pair ? 2 : nodes;
    // With Write an acknowledgement promises less; the shape that still says something is one origin and one replica.
    if (profile == Profile::Pair && random.oneIn(4)) plan.durability = engine::Durability::Write;
    drawShape(plan, random);
    drawSwarm(plan, random);
    plan.segmentBytes = pick<std::uint64_t>(random, {8U << 10U, 32U << 10U, 64U << 20U});
    plan.checkpointWalBytes = pick<std::uint64_t>(random, {32U << 10U, 256U << 10U});
    plan.snapshotEveryMs = pick<Millis>(random, {250, 1'000, 5'000});
    plan.flushEveryMs = pick<Millis>(random, {250, 500, 2'000});
    plan.flushRows = pick<std::uint64_t>(random, {20, 200, 100'000});
    plan.inFlightBytesMax = pick<std::size_t>(random, {2U << 10U, 64U << 10U, 8U << 20U});
    plan.poolBytes = pick<std::size_t>(random, {24U << 10U, 64U << 20U, 64U << 20U});
    plan.opGapUs = pick<Micros>(random, {600, 3'000, 10'000});
    plan.faultGapUs = plan.loadUs() / random.between(4, 30);
    plan.hotKeys = static_cast<int>(random.between(1, 12));
    plan.compression = pick<const char*>(random, {"off", "off", "lz4", "zstd"});
    plan.swarm.slowLine = random.oneIn(4);
    plan.swarm.farSkew = random.oneIn(4);
    plan.swarm.rogues = random.oneIn(2);
    plan.swarm.fewHandles = random.oneIn(4);
    kind.shape(plan);
    if (const SeededBug* known = bugNamed(kind.bugs(), bug)) known->shape(plan);
    return plan;
}

std::string describe(const Plan& plan) {
    const Swarm& s = plan.swarm;
    std::string on;
    const std::initializer_list<std::pair<bool, const char*>> flags{{s.powerCuts, "power-cut"},
                                                                    {s.powerCutsInside, "power-cut-inside"},
                                                                    {s.crashAfterAck, "crash-after-ack"},
                                                                    {s.kills, "kill"},
                                                                    {s.cuts, "cut"},
                                                                    {s.resets, "reset"},
                                                                    {s.slowNet, "slow-net"},
                                                                    {s.slowLine, "slow-line"},
                                                                    {s.refusals, "refusal"},
                                                                    {s.diskFull, "disk-full"},
                                                                    {s.ioErrors, "io-error"},
                                                                    {s.fewHandles, "few-handles"},
                                                                    {s.skew, "skew"},
                                                                    {s.farSkew, "far-skew"},
                                                                    {s.slowWorkers, "slow-workers"},
                                                                    {s.pauses, "pause"},
                                                                    {s.upstreamEdits, "upstream-edit"},
                                                                    {s.replicaEdits, "replica-edit"},
                                                                    {s.filterEdits, "filter-edit"},
                                                                    {s.schemaEdits, "schema-edit"},
                                                                    {s.rogues, "rogue"}};
    for (const auto& [flag, name] : flags) {
        if (flag) on += (on.empty() ? "" : ",") + std::string(name);
    }
    return fmt::format("kind {} profile {} nodes {} ops {} durability {} faults [{}]", plan.kind->name(),
                       profileName(plan.profile), plan.nodes, plan.ops,
                       plan.durability == engine::Durability::Fsync ? "fsync" : "write", on);
}

}  // namespace tributary::simtest
