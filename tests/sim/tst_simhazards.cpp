// Two hazards in worlds of their own, since what they take is lost by intent: the life of the delete markers passes
// while a link waits, and a part of the log that a link still needs is gone. Somebody must say so.
#include <QTest>

#include "linkworld.h"
#include "testmain.h"

namespace tributary::simtest {

using namespace tributary::engine;
using tributary::test::LinkWorld;

namespace {

constexpr std::uint64_t kHazardSeeds = 20;
constexpr Millis kSlackMs = 3'000;  ///< a tick, and a catalog change that takes its way

/// Keeps the link from moving, in one of several ways.
void hold(LinkWorld& world, std::uint64_t way) {
    if (way == 0) QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = true; }));
    if (way == 1) world.world().network().cut(0, 1, true);
    if (way == 2) world.world().host(1).kill();
}

void letGo(LinkWorld& world, std::uint64_t way) {
    if (way == 0) QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }));
    if (way == 1) world.world().network().cut(0, 1, false);
    if (way == 2) QVERIFY_OK(world.world().host(1).start());
}

/// The violation that a seed shows, or nothing.
std::optional<std::string> horizonRun(std::uint64_t seed, const char* bug) {
    sim::SimRandom random(seed);
    LinkWorld world;
    if (bug != nullptr) world.world().host(0).faults().arm(bug);
    world.connect();
    const Millis ttlMs = random.between(20, 200) * 1'000;
    if (Status set = world.edit(
            0, [&](maprdb::TableRecord& table) { table.attributes["deletettl"] = std::to_string(ttlMs / 1'000); });
        !set)
        return set.error().text();
    const std::uint64_t way = random.below(3);
    hold(world, way);
    if (Status put = world.put(0, "k", "v"); !put) return put.error().text();
    const Millis waitMs = random.between(ttlMs / 3, 2 * ttlMs);
    world.run(waitMs / 2);
    if (random.oneIn(3)) {
        world.world().host(0).powerCut(world.world().splitSeed());
        if (Status started = world.world().host(0).start(); !started) return started.error().text();
    }
    world.run(waitMs - waitMs / 2);
    letGo(world, way);
    if (!world.run(60'000, [&] { return world.caughtUp(); })) return "lost: the link does not come to rest";
    world.run(kSlackMs);
    const bool told = world.record(0).replicas.front().divergedMs != 0;
    const bool raised = world.alarms(0).find(kAlarmReplicationError) != std::string::npos;
    if (waitMs > ttlMs + kSlackMs && !(told && raised)) {
        return fmt::format("silent: a change waited for {} ms, delete markers live {} ms, and nobody says so", waitMs,
                           ttlMs);
    }
    if (waitMs + 30'000 < ttlMs && (told || raised)) {
        return fmt::format("false alarm: a change waited for {} of {} ms", waitMs, ttlMs);
    }
    return std::nullopt;
}

std::optional<std::string> gapRun(std::uint64_t seed, const char* bug) {
    sim::SimRandom random(seed);
    LinkWorld world([&](NodeConfig& config) {
        config.logSegmentBytes = 8U << 10U;
        config.snapshotEveryMs = config.flushEveryMs = 500;
    });
    sim::SimNode& source = world.world().host(0);
    if (bug != nullptr) source.faults().arm(bug);
    world.connect();
    const std::uint64_t way = random.below(2);
    hold(world, way);
    const int rows = 60 + static_cast<int>(random.below(60));
    for (int i = 0; i < rows; ++i) {
        if (Status put = world.put(0, fmt::format("row{}", i), std::string(500, 'v')); !put) return put.error().text();
    }
    world.run(5'000);  // everything but the link is past the first segments
    source.kill();
    CrashDisk::Image volume = source.disk().imageOf("/volume");
    std::vector<std::string> segments;
    for (const auto& [path, bytes] : volume) {
        if (path.ends_with(".log")) segments.push_back(path);
    }
    if (segments.size() < 4) return "too few segments: the run shows nothing";
    const std::uint64_t gone = 1 + random.below(segments.size() - 2);
    const std::uint64_t first = random.oneIn(3) ? random.below(segments.size() - 1 - gone) : 0;
    for (std::uint64_t i = first; i < first + gone; ++i) volume.erase(segments[static_cast<std::size_t>(i)]);
    source.disk().putBack("/volume", volume);
    const Status started = source.start();
    if (!started) return std::nullopt;  // says why, and takes nothing
    letGo(world, way);
    const bool stands = world.run(30'000, [&] { return world.link().errorCode == "ErrLogRead"; });
    bool all = true;
    for (int i = 0; i < rows; ++i) all = all && !world.get(1, fmt::format("row{}", i)).empty();
    world.run(3'000);
    const bool raised = world.alarms(0).find(kAlarmReplicationError) != std::string::npos;
    if (all || (stands && raised)) return std::nullopt;
    return fmt::format("silent: {} of {} segments are gone, rows are missing at the replica, and the link is {}", gone,
                       segments.size(), linkStateName(world.link().state));
}

using Run = std::optional<std::string> (*)(std::uint64_t, const char*);

void holds(Run run) {
    for (std::uint64_t seed = 1; seed <= kHazardSeeds; ++seed) {
        const auto violation = run(seed, nullptr);
        QVERIFY2(!violation, fmt::format("seed {}: {}", seed, violation.value_or("")).c_str());
    }
}

void isSeen(Run run, const char* bug) {
    for (std::uint64_t seed = 1; seed <= kHazardSeeds; ++seed) {
        const auto violation = run(seed, bug);
        if (!violation) continue;
        qInfo("%s: seed %d: %s", bug, static_cast<int>(seed), violation->c_str());
        QVERIFY2(violation->starts_with("silent: "), violation->c_str());
        return;
    }
    QFAIL((std::string(bug) + " was not seen").c_str());
}

}  // namespace

class SimHazardsTest final : public QObject {
    Q_OBJECT
private slots:
    void passedHorizonIsTold() { holds(horizonRun); }
    void silentHorizonIsSeen() { isSeen(horizonRun, "bug-horizon-silent"); }
    void linkStopsAtAGapInTheLog() { holds(gapRun); }
    void passedGapIsSeen() { isSeen(gapRun, "bug-gap-passed"); }
};
TRIBUTARY_TEST(SimHazardsTest)

}  // namespace tributary::simtest
#include "tst_simhazards.moc"
