// Replicas that the log cannot bring to where their source is: they are given a cut, under writes and through deaths.
#include <algorithm>

#include "engine/alarms/alarmboard.h"
#include "testmain.h"
#include "tests/toy/toyworld.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::toy::Order;
using tributary::toy::ToyOrder;
using tributary::toy::ToyWorld;

namespace {

constexpr Millis kCutPatientMs = 60'000;
constexpr int kAccounts = 24;

ToyOrder oneMore(const std::string& account) {
    return {Order::Add, account, "1"};
}

std::string accountOf(int i) {
    return "account " + std::to_string(100 + i);
}

/// Small chunks, so that there are several.
void smallChunks(NodeConfig& config) {
    config.cutChunkBytes = 64;
    config.backOffMsMax = 500;
}

void fillSource(ToyWorld& world) {
    for (int i = 0; i < kAccounts; ++i) {
        QCOMPARE(world.put(0, {oneMore(accountOf(i)), {Order::Note, accountOf(i), "stays"}}), std::string("1"));
    }
    QVERIFY(world.put(0, {{Order::Name, accountOf(0), "boss"}}) != "no answer");
}

std::uint64_t reachedAt(ToyWorld& world, int host, const char* what) {
    const auto& reach = world.host(host).faults().reach();
    const auto at = reach.find(std::string_view(what));
    return at == reach.end() ? 0 : at->second;
}

bool isWhole(ToyWorld& world) {
    return world.node(1).checkAvailable(world.record(1)).ok() && world.show(1, "n/boss") == accountOf(0);
}

bool allArrives(ToyWorld& world) {
    return world.run(kCutPatientMs, [&] { return world.host(1).up() && isWhole(world) && world.caughtUp(); });
}

void compareAll(ToyWorld& world) {
    for (int i = 0; i < kAccounts; ++i) {
        QCOMPARE(world.show(1, "a/" + accountOf(i)), world.show(0, "a/" + accountOf(i)));
        QCOMPARE(world.show(1, "l/" + accountOf(i)), std::string());
    }
    QVERIFY(world.node(0).checkInvariants().empty() && world.node(1).checkInvariants().empty());
}

std::string alarmsAt(ToyWorld& world, int host) {
    std::string all;
    for (const Alarm& alarm : world.node(host).alarms().list()) all += alarm.name + ": " + alarm.description + "\n";
    return all;
}

}  // namespace

class TestCuts : public QObject {
    Q_OBJECT
private slots:
    void newReplicaIsGivenWhatLiesBeforeItsLog() {
        ToyWorld world(smallChunks);
        fillSource(world);
        world.connect();
        for (int i = 0; i < kAccounts; ++i) {
            (void)world.ask(0, {oneMore(accountOf(i)), oneMore("late")});
            world.run(2);
        }
        QVERIFY(allArrives(world));
        compareAll(world);
        QCOMPARE(world.show(1, "a/late"), std::to_string(kAccounts));
        QCOMPARE(reachedAt(world, 0, "cut-made"), std::uint64_t{1});
        QCOMPARE(reachedAt(world, 1, "cut-installed"), std::uint64_t{1});
        QVERIFY(reachedAt(world, 1, "cut-chunk") > 3);
    }
    void replicaThatHasEverythingNeedsNone() {
        ToyWorld world(smallChunks);
        world.connect();
        fillSource(world);
        QVERIFY(allArrives(world));
        world.host(0).powerCut(world.seed());
        world.start(0);
        world.host(1).powerCut(world.seed());
        world.start(1);
        QVERIFY(world.put(0, {oneMore("last")}) == "1");
        QVERIFY(world.run(kCutPatientMs, [&] { return world.show(1, "a/last") == "1"; }));
        QCOMPARE(reachedAt(world, 0, "cut-made"), std::uint64_t{0});
    }
    void halfOfACutIsNeitherReadNorWritten() {
        ToyWorld world(smallChunks);
        fillSource(world);
        world.connect();
        QVERIFY(world.run(kCutPatientMs, [&] { return reachedAt(world, 1, "cut-chunk") >= 3; }));
        QVERIFY(!world.node(1).view(world.record(1).id, false));
        const std::string refused = world.put(1, {oneMore("here")});
        QVERIFY2(refused.find("being filled") != std::string::npos, refused.c_str());
        QVERIFY(allArrives(world));
        compareAll(world);
    }
    void whoDiesMeanwhileGoesOn_data() {
        QTest::addColumn<int>("host");
        QTest::addColumn<int>("chunks");
        for (const int chunks : {1, 2, 5, 9}) {
            QTest::newRow(("replica, chunk " + std::to_string(chunks)).c_str()) << 1 << chunks;
            QTest::newRow(("source, chunk " + std::to_string(chunks)).c_str()) << 0 << chunks;
        }
    }
    void whoDiesMeanwhileGoesOn() {
        QFETCH(const int, host);
        QFETCH(const int, chunks);
        ToyWorld world(smallChunks);
        fillSource(world);
        world.connect();
        const auto far = static_cast<std::uint64_t>(chunks);
        QVERIFY(world.run(kCutPatientMs, [&] { return reachedAt(world, 1, "cut-chunk") >= far; }));
        world.host(host).powerCut(world.seed());
        world.run(200);
        world.start(host);
        QVERIFY(!world.node(1).checkAvailable(world.record(1)).ok());
        QVERIFY(world.put(0, {oneMore(accountOf(3)), {Order::Unname, accountOf(1), "nobody"}}) == "2");
        QVERIFY(allArrives(world));
        compareAll(world);
        QCOMPARE(reachedAt(world, 1, "cut-installed"), std::uint64_t{1});
        QCOMPARE(reachedAt(world, 0, "cut-resumed") > 0, host == 1);
        QCOMPARE(reachedAt(world, 0, "cut-begun-again") > 0, host == 0);
        QCOMPARE(reachedAt(world, 1, "cut-over-remains") > 0, host == 0);
    }
    void whatAChunkBroughtIsThereAfterADeath_data() {
        QTest::addColumn<bool>("bug");
        QTest::newRow("as built") << false;
        QTest::newRow("seeded bug") << true;
    }
    void whatAChunkBroughtIsThereAfterADeath() {
        QFETCH(const bool, bug);
        ToyWorld world(smallChunks);
        if (bug) world.host(1).faults().arm("bug-chunk-lost-at-crash");
        fillSource(world);
        world.connect();
        QVERIFY(world.run(kCutPatientMs, [&] { return reachedAt(world, 1, "cut-chunk") >= 5; }));
        world.host(1).powerCut(world.seed());
        world.run(200);
        world.start(1);
        QVERIFY(allArrives(world));
        int lost = 0;
        for (int i = 0; i < kAccounts; ++i) {
            lost += world.show(1, "a/" + accountOf(i)) == world.show(0, "a/" + accountOf(i)) ? 0 : 1;
        }
        QCOMPARE(lost > 0, bug);
    }
    void lostSessionGoesOnBehindWhatIsDurable() {
        ToyWorld world(smallChunks);
        fillSource(world);
        world.connect();
        QVERIFY(world.run(kCutPatientMs, [&] { return reachedAt(world, 1, "cut-chunk") >= 4; }));
        world.network().resetStreams(0, 1);
        QVERIFY(allArrives(world));
        compareAll(world);
        QCOMPARE(reachedAt(world, 0, "cut-made"), std::uint64_t{1});
        QVERIFY(reachedAt(world, 0, "cut-resumed") > 0);
    }
    void replicaWithWritesOfItsOwnIsLeftAlone_data() {
        QTest::addColumn<bool>("bug");
        QTest::newRow("as built") << false;
        QTest::newRow("seeded bug") << true;
    }
    void replicaWithWritesOfItsOwnIsLeftAlone() {
        QFETCH(const bool, bug);
        ToyWorld world(smallChunks);
        if (bug) world.host(1).faults().arm("bug-cut-forgets");
        fillSource(world);
        QCOMPARE(world.put(1, {oneMore("here")}), std::string("1"));
        world.connect();
        if (bug) {
            QVERIFY(allArrives(world));
            QVERIFY(world.show(1, "a/here").empty());  // it was acknowledged
            return;
        }
        QVERIFY(world.run(kCutPatientMs, [&] { return alarmsAt(world, 0).find("ErrCutLacks") != std::string::npos; }));
        QCOMPARE(world.show(1, "a/here"), std::string("1"));
        QVERIFY(world.show(1, "n/boss").empty());
        QCOMPARE(world.put(1, {oneMore("here")}), std::string("2"));
    }
    void replicaThatWasPutBackIsGivenACut() {
        ToyWorld world(smallChunks);
        world.connect();
        QCOMPARE(world.put(0, {oneMore("first")}), std::string("1"));
        QVERIFY(world.run(kCutPatientMs, [&] { return world.show(1, "a/first") == "1"; }));
        const CrashDisk::Image old = world.host(1).disk().imageOf("");
        fillSource(world);
        QVERIFY(allArrives(world));
        world.host(1).powerCut(world.seed());
        world.host(1).disk().putBack("", old);
        world.start(1);
        QVERIFY(world.put(0, {oneMore("last")}) == "1");
        QVERIFY(allArrives(world));
        QVERIFY(world.run(kCutPatientMs, [&] { return world.show(1, "a/last") == "1"; }));
        compareAll(world);
        QCOMPARE(reachedAt(world, 0, "cut-made"), std::uint64_t{1});
    }
    void cutHasItsPlaceAmongWrites_data() { replicaWithWritesOfItsOwnIsLeftAlone_data(); }
    void cutHasItsPlaceAmongWrites() {
        QFETCH(const bool, bug);
        ToyWorld world(smallChunks);
        if (bug) world.host(0).faults().arm("bug-cut-not-ordered");
        fillSource(world);
        // Some writes are always on their way to the disk.
        world.host(0).workers().setPace(WorkKind::LogSync, {20'000, 20'001, 1'000'000, 1});
        world.agree(true, false);
        for (int i = 0; i < 10; ++i) {
            (void)world.ask(0, {oneMore("late")});
            world.run(2);
        }
        world.agree(false, true);
        for (int i = 0; i < 200; ++i) {
            (void)world.ask(0, {oneMore("late")});
            world.run(2);
        }
        QVERIFY(allArrives(world));
        QVERIFY(reachedAt(world, 0, "cut-made") > 0);
        QCOMPARE(world.show(1, "a/late") == world.show(0, "a/late"), !bug);
    }
    void rowsThatTheSourceDoesNotHaveAreGone() {
        ToyWorld world(smallChunks);
        world.connect();
        fillSource(world);
        QVERIFY(allArrives(world));
        world.disconnect();
        QVERIFY(world.put(0, {{Order::Unname, accountOf(0), "boss"}, {Order::Name, accountOf(1), "chief"}}) !=
                "no answer");
        world.agree(true, false);
        QVERIFY(world.run(kCutPatientMs, [&] { return reachedAt(world, 1, "cut-installed") == 1; }));
        QVERIFY(world.show(1, "n/boss").empty());
        QCOMPARE(world.show(1, "n/chief"), accountOf(1));
        compareAll(world);
    }
};

TRIBUTARY_TEST(TestCuts)

#include "tst_cuts.moc"
