// Fault kind "volume put back": a source comes up on an older copy of its volume, or of the whole workspace. What it
// then writes must arrive, and somebody must say that something is missing.
#include <QTest>

#include "linkworld.h"
#include "testmain.h"

namespace tributary::simtest {

using namespace tributary::engine;
using tributary::test::LinkWorld;

namespace {

constexpr std::uint64_t kPutBackSeeds = 25;

/// What a seed comes to.
struct PutBackPlan {
    int before = 1;    ///< rows before the copy is made
    int lost = 1;      ///< rows behind it, which the replica has
    int after = 1;     ///< rows after it was put back
    Millis ageMs = 0;  ///< how long the volume lived before the copy
    bool wholeWorkspace = false;
    bool writesFirst = false;  ///< before the link is up again
    bool newLife = false;      ///< the copy is of an earlier start
    Millis snapshotEveryMs = 30'000;
};

PutBackPlan putBackPlanOf(std::uint64_t seed) {
    sim::SimRandom random(seed);
    PutBackPlan plan;
    plan.before = 1 + static_cast<int>(random.below(20));
    plan.lost = 1 + static_cast<int>(random.below(20));
    plan.after = 1 + static_cast<int>(random.below(20));
    plan.ageMs = static_cast<Millis>(random.below(4'000));
    plan.wholeWorkspace = random.below(2) == 0;
    plan.writesFirst = random.below(2) == 0;
    plan.newLife = random.below(2) == 0;
    plan.snapshotEveryMs = random.below(2) == 0 ? 500 : 30'000;
    return plan;
}

std::optional<std::string> arrived(LinkWorld& world, const std::string& name, int rows) {
    const bool all = world.run(
        30'000, [&] { return world.caughtUp() && world.get(1, fmt::format("{}{}", name, rows - 1)) == name; });
    for (int i = 0; i < rows; ++i) {
        const std::string key = fmt::format("{}{}", name, i);
        if (!all || world.get(1, key) != name) return fmt::format("lost: the replica never got {}", key);
    }
    return std::nullopt;
}

void write(LinkWorld& world, const std::string& name, int rows) {
    for (int i = 0; i < rows; ++i) QVERIFY_OK(world.put(0, fmt::format("{}{}", name, i), name));
}

/// The violation that a seed shows, or nothing.
std::optional<std::string> putBackRun(std::uint64_t seed, const char* bug) {
    const PutBackPlan plan = putBackPlanOf(seed);
    LinkWorld world([&](NodeConfig& config) { config.snapshotEveryMs = plan.snapshotEveryMs; });
    sim::SimNode& source = world.world().host(0);
    if (bug != nullptr) source.faults().arm(bug);
    world.connect();
    write(world, "before", plan.before);
    if (const auto missing = arrived(world, "before", plan.before)) return missing;
    world.run(plan.ageMs);
    const CrashDisk::Image copy = source.disk().imageOf(plan.wholeWorkspace ? "" : "/volume");
    if (plan.newLife) {
        source.kill();
        if (Status started = source.start(); !started) return "start: " + started.error().text();
    }
    write(world, "lost", plan.lost);
    if (const auto missing = arrived(world, "lost", plan.lost)) return missing;
    source.kill();
    source.disk().putBack(plan.wholeWorkspace ? "" : "/volume", copy);
    world.world().network().cut(0, 1, plan.writesFirst);
    if (Status started = source.start(); !started) return "start: " + started.error().text();
    if (!plan.writesFirst) world.run(3'000);
    write(world, "after", plan.after);
    world.world().network().cut(0, 1, false);
    if (const auto missing = arrived(world, "after", plan.after)) return missing;
    if (world.alarms(0).find("VOLUME_PUT_BACK") == std::string::npos) {
        return "silent: nobody says that the volume was put back";
    }
    if (const std::string broken = world.node(0).checkInvariants(); !broken.empty()) return "invariant: " + broken;
    return std::nullopt;
}

/// A snapshot whose cursor was changed on the disk while rows wait for the replica.
std::optional<std::string> changedCursorRun(const char* bug) {
    LinkWorld world([](NodeConfig& config) { config.snapshotEveryMs = 500; });
    sim::SimNode& source = world.world().host(0);
    if (bug != nullptr) source.faults().arm(bug);
    world.connect([](ReplicaRecord& replica) { replica.paused = true; });
    write(world, "waits", 5);
    world.run(3'000);
    source.kill();
    CrashDisk::Image volume = source.disk().imageOf("/volume");
    Bytes& snapshot = volume.at("/volume/node.json");
    const std::size_t at = snapshot.find("\"cursor\":") + 9;
    snapshot[at] = '9';
    source.disk().putBack("/volume", volume);
    if (const Status started = source.start(); !started) {
        return started.error().code == ErrorCode::Corrupt ? std::nullopt
                                                          : std::optional<std::string>(started.error().text());
    }
    QTest::qVerify(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }).ok(), "resumed", "",
                   __FILE__, __LINE__);
    return arrived(world, "waits", 5);
}

}  // namespace

class SimVolumesTest final : public QObject {
    Q_OBJECT
private slots:
    void volumePutBackLosesNothingNew() {
        for (std::uint64_t seed = 1; seed <= kPutBackSeeds; ++seed) {
            const auto violation = putBackRun(seed, nullptr);
            QVERIFY2(!violation, fmt::format("seed {}: {}", seed, violation.value_or("")).c_str());
        }
    }
    void identityIgnoredIsSeen() {
        for (std::uint64_t seed = 1; seed <= kPutBackSeeds; ++seed) {
            const auto violation = putBackRun(seed, "bug-identity-ignored");
            if (!violation) continue;
            qInfo("bug-identity-ignored: seed %d: %s", static_cast<int>(seed), violation->c_str());
            return;
        }
        QFAIL("bug-identity-ignored was not seen");
    }
    void changedSnapshotIsRefused() {
        const auto violation = changedCursorRun(nullptr);
        QVERIFY2(!violation, violation.value_or("").c_str());
    }
    void digestIgnoredIsSeen() {
        const auto violation = changedCursorRun("bug-digest-ignored");
        QVERIFY(violation.has_value());
        qInfo("bug-digest-ignored: %s", violation->c_str());
    }
};
TRIBUTARY_TEST(SimVolumesTest)

}  // namespace tributary::simtest
#include "tst_simvolumes.moc"
