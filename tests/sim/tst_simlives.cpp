// Lives that are over: many starts (a thousand in the long tests) leave no trace in positions, and nobody is told that
// he holds what he lacks.
#include <QTest>

#include "linkworld.h"
#include "testmain.h"

namespace tributary::simtest {

using namespace tributary::engine;
using tributary::test::LinkWorld;

namespace {

constexpr int kLivesInTheGate = 120;
constexpr std::size_t kPositionsBytesMax = 200;  ///< one life is some 30
constexpr Millis kToldMs = 2'000;                ///< a life's end is told, taken and in the snapshots within so much

void soonSnapshots(NodeConfig& config) {
    config.snapshotEveryMs = 500;
}

DatasetRuntime& table(LinkWorld& world, int host) {
    return *world.node(host).dataset(world.record(host).id);
}

std::size_t positionsBytes(LinkWorld& world, int host) {
    Bytes bytes;
    table(world, host).durable.encode(bytes);
    return bytes.size();
}

bool isComplete(LinkWorld& world, int host, std::uint64_t life) {
    return table(world, host).durable.isComplete(maprdb::columnProjections(), Lane{LinkWorld::uuid(0), life, {}});
}

void startAgain(LinkWorld& world, int host) {
    world.world().host(host).kill();
    QVERIFY_OK(world.world().host(host).start());
}

std::string keyOf(int life) {
    return fmt::format("row{}", life);
}

/// As many lives of the source with a row each; how many bytes of positions the replica has at last.
std::size_t live(LinkWorld& world, int lives) {
    for (int life = 0; life < lives; ++life) {
        if (life > 0) startAgain(world, 0);
        if (life % 10 == 9) startAgain(world, 1);
        QTest::qVerify(world.put(0, keyOf(life), "v").ok(), "put", "", __FILE__, __LINE__);
        QTest::qVerify(world.run(60'000, [&] { return world.caughtUp(); }), "arrived", keyOf(life).c_str(), __FILE__,
                       __LINE__);
        world.run(300);  // a tick: what is over is told
    }
    world.run(kToldMs);
    return positionsBytes(world, 1);
}

}  // namespace

class SimLivesTest final : public QObject {
    Q_OBJECT
private slots:
    void startsLeaveNoLanes() {
        const int asked = qEnvironmentVariableIntValue("TRIBUTARY_LIVES");
        const int lives = asked > 0 ? asked : kLivesInTheGate;
        LinkWorld world(soonSnapshots);
        world.connect();
        const std::size_t bytes = live(world, lives);
        const std::size_t snapshot = world.world().host(0).disk().imageOf("/volume").at("/volume/node.json").size();
        qInfo("%d starts: %zu bytes of positions in the greeting, node.json %zu bytes", lives, bytes, snapshot);
        QVERIFY(bytes <= kPositionsBytesMax);
        QVERIFY(positionsBytes(world, 0) <= kPositionsBytesMax);
        QVERIFY(snapshot < 4'096);
        for (int life = 0; life < lives; ++life) QCOMPARE(world.get(1, keyOf(life)), std::string("v"));
        QVERIFY2(world.alarms(0).empty(), world.alarms(0).c_str());
        QVERIFY2(world.alarms(1).empty(), world.alarms(1).c_str());
        QCOMPARE(world.node(0).checkInvariants(), std::string());
        QCOMPARE(world.node(1).checkInvariants(), std::string());
    }
    void livesKeptIsSeen() {
        LinkWorld world(soonSnapshots);
        world.world().host(0).faults().arm("bug-lives-kept");
        world.connect();
        QVERIFY(live(world, 30) > kPositionsBytesMax);
    }
    void whoJoinedLateIsToldOfNoLifeThatHeLacks() {
        LinkWorld world(soonSnapshots);
        const std::uint64_t first = world.node(0).incarnation();
        QVERIFY_OK(world.put(0, "before", "v"));
        world.connect();
        QVERIFY_OK(world.put(0, "after", "v"));
        QVERIFY(world.run(60'000, [&] { return world.caughtUp(); }));
        startAgain(world, 0);
        const std::uint64_t second = world.node(0).incarnation();
        QVERIFY_OK(world.put(0, "later", "v"));
        QVERIFY(world.run(60'000, [&] { return world.caughtUp(); }));
        startAgain(world, 0);
        world.run(kToldMs);
        QVERIFY(isComplete(world, 0, first));
        QVERIFY(isComplete(world, 0, second));
        QVERIFY(!isComplete(world, 1, first));
        QVERIFY(isComplete(world, 1, second));
        // So it is after its snapshot, and after its log, were read again.
        startAgain(world, 1);
        QVERIFY(!isComplete(world, 1, first));
        QVERIFY(isComplete(world, 1, second));
    }
    void endOfALifeThatIsBelievedIsSeen() {
        LinkWorld world(soonSnapshots);
        const std::uint64_t first = world.node(0).incarnation();
        world.world().host(1).faults().arm("bug-life-end-believed");
        QVERIFY_OK(world.put(0, "before", "v"));
        world.connect();
        QVERIFY_OK(world.put(0, "after", "v"));
        QVERIFY(world.run(60'000, [&] { return world.caughtUp(); }));
        startAgain(world, 0);
        world.run(kToldMs);
        QVERIFY(isComplete(world, 1, first));
    }
    void aLinkThatIsNotPastALifeKeepsItOpen() {
        LinkWorld world(soonSnapshots);
        world.connect();
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = true; }));
        std::vector<std::uint64_t> lives;
        for (int life = 0; life < 4; ++life) {
            if (life > 0) startAgain(world, 0);
            lives.push_back(world.node(0).incarnation());
            QVERIFY_OK(world.put(0, keyOf(life), "v"));
            world.run(kToldMs);
        }
        for (const std::uint64_t life : lives) QVERIFY(!isComplete(world, 0, life));
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }));
        QVERIFY(world.run(60'000, [&] { return world.caughtUp(); }));
        world.run(kToldMs);
        for (int life = 0; life < 4; ++life) QCOMPARE(world.get(1, keyOf(life)), std::string("v"));
        lives.pop_back();  // the one that goes on
        for (const std::uint64_t life : lives) {
            QVERIFY(isComplete(world, 0, life));
            QVERIFY(isComplete(world, 1, life));
        }
    }
    /// The one thing that a range of lives must never swallow: a life that a volume opens after it was put back.
    void whatIsWrittenAfterAWorkspaceWasPutBackIsNoPartOfALifeThatIsOver() {
        LinkWorld world(soonSnapshots);
        world.connect();
        (void)live(world, 2);
        const CrashDisk::Image copy = world.world().host(0).disk().imageOf("");
        for (int life = 2; life < 8; ++life) {
            startAgain(world, 0);
            QVERIFY_OK(world.put(0, keyOf(life), "v"));
            QVERIFY(world.run(60'000, [&] { return world.caughtUp(); }));
            world.run(kToldMs);
        }
        world.world().host(0).kill();
        world.world().host(0).disk().putBack("", copy);
        world.world().network().cut(0, 1, true);
        QVERIFY_OK(world.world().host(0).start());
        QVERIFY_OK(world.put(0, "new", "v"));
        world.world().network().cut(0, 1, false);
        QVERIFY(world.run(60'000, [&] { return world.caughtUp(); }));
        QCOMPARE(world.get(1, "new"), std::string("v"));
        QVERIFY2(world.alarms(0).find("VOLUME_PUT_BACK") != std::string::npos, world.alarms(0).c_str());
        QVERIFY2(world.alarms(1).find("VOLUME_PUT_BACK") != std::string::npos, world.alarms(1).c_str());
        // What the new life wrote ends like any other.
        const std::uint64_t life = world.node(0).incarnation();
        startAgain(world, 0);
        world.run(kToldMs);
        QVERIFY(isComplete(world, 1, life));
    }
    void aRunThatIsKnownToBeOverIsRefused() {
        LinkWorld world(soonSnapshots);
        world.connect();
        // As a clock that was set back, on a volume that was put back: its number lies among those that are over.
        table(world, 1).durable.setComplete({LinkWorld::uuid(0), {}}, 1, world.node(0).incarnation() + 1);
        world.world().network().resetStreams(0, 1);
        QVERIFY(world.run(30'000, [&] { return world.link().errorCode == "ErrLifeOver"; }));
    }
};
TRIBUTARY_TEST(SimLivesTest)

}  // namespace tributary::simtest
#include "tst_simlives.moc"
