// Links whose replica dials: who may call, what a source keeps for whom, and what both show while nobody comes.
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

constexpr Millis kPatientMs = 20'000;

ToyOrder one(const std::string& account) {
    return {Order::Add, account, "1"};
}

/// The description of the replica's alarm about its links; empty when there is none.
std::string alarmAt(ToyWorld& world, int host) {
    for (const Alarm& alarm : world.node(host).alarms().list()) {
        if (alarm.name == kAlarmReplicationError) return alarm.description;
    }
    return {};
}

bool alarmNames(ToyWorld& world, int host, const std::string& code) {
    return world.run(kPatientMs, [&] { return alarmAt(world, host).find(code) != std::string::npos; });
}

}  // namespace

class TestDialling : public QObject {
    Q_OBJECT
private slots:
    void replicaCallsAndIsSentWhatIsThere() {
        ToyWorld world;
        QCOMPARE(world.put(0, {one("ana")}), std::string("1"));
        world.connect();
        QCOMPARE(world.put(0, {one("ana"), {Order::Name, "ana", "boss"}}), std::string("2"));
        QVERIFY(world.run(kPatientMs, [&] { return world.caughtUp() && world.show(1, "n/boss") == "ana"; }));
        QVERIFY(world.link().state == LinkState::Streaming);
        QVERIFY(alarmAt(world, 0).empty() && alarmAt(world, 1).empty());
    }
    void sourceKeepsItsLogForAReplicaThatDoesNotCall() {
        ToyWorld world;
        world.agree(true, false);
        for (int i = 0; i < 5; ++i) QVERIFY(world.put(0, {one("ana")}) != "no answer");
        QVERIFY(alarmNames(world, 0, "ErrReplicaAbsent"));
        QCOMPARE(world.link().operationsPending, std::uint64_t{5});
        const Lsn cursor = world.link().cursorLsn;
        world.host(0).powerCut(world.seed());
        world.start(0);
        QVERIFY(world.link().cursorLsn <= cursor);
        QCOMPARE(world.link().operationsPending, std::uint64_t{5});
        world.agree(false, true);
        QVERIFY(world.run(kPatientMs, [&] { return world.show(1, "a/ana") == "5" && world.caughtUp(); }));
        QVERIFY(world.run(kPatientMs, [&] { return alarmAt(world, 0).empty(); }));
    }
    void sourceSaysNoToWhomItDoesNotKnow() {
        ToyWorld world;
        world.agree(false, true);
        QVERIFY(alarmNames(world, 1, "ErrNoReplica"));
        QCOMPARE(world.put(0, {one("ana")}), std::string("1"));
        QVERIFY(world.show(1, "a/ana").empty());
        world.agree(true, false);
        QCOMPARE(world.put(0, {one("ben")}), std::string("1"));
        QVERIFY(world.run(kPatientMs, [&] { return world.show(1, "a/ben") == "1"; }));
        QVERIFY(world.run(kPatientMs, [&] { return alarmAt(world, 1).empty(); }));
    }
    void upstreamThatIsTakenOutIsNotCalledAnyMore() {
        ToyWorld world;
        world.connect();
        QCOMPARE(world.put(0, {one("ana")}), std::string("1"));
        QVERIFY(world.run(kPatientMs, [&] { return world.show(1, "a/ana") == "1"; }));
        world.edit(1, [&](const Catalog&) {
            DatasetRecord made = world.record(1);
            made.upstreams.clear();
            return made;
        });
        QCOMPARE(world.put(0, {one("ana")}), std::string("2"));
        QVERIFY(alarmNames(world, 0, "Err"));
        QCOMPARE(world.show(1, "a/ana"), std::string("1"));
        world.agree(false, true);
        QVERIFY(world.run(kPatientMs, [&] { return world.show(1, "a/ana") == "2" && world.caughtUp(); }));
    }
    void replicaThatDiesGoesOnWhereItsDiskIs() {
        ToyWorld world;
        world.connect();
        for (int i = 0; i < 40; ++i) {
            (void)world.ask(0, {one("ana")});
            world.run(3);
            if (i % 10 == 5) {
                world.host(1).powerCut(world.seed());
                world.start(1);
            }
            if (i % 10 == 8) {
                world.host(0).powerCut(world.seed());
                world.start(0);
            }
        }
        QCOMPARE(world.put(0, {one("last")}), std::string("1"));
        QVERIFY(world.run(kPatientMs, [&] { return world.show(1, "a/last") == "1" && world.caughtUp(); }));
        QCOMPARE(world.show(1, "a/ana"), world.show(0, "a/ana"));
    }
    void pausedSourceSendsNothingAndIsNoTrouble() {
        ToyWorld world;
        world.connect();
        const auto pause = [&](bool paused) {
            world.edit(0, [&](const Catalog&) {
                DatasetRecord made = world.record(0);
                made.replicas.front().paused = paused;
                return made;
            });
        };
        QVERIFY(world.run(kPatientMs, [&] { return world.link().state == LinkState::Streaming; }));
        pause(true);
        QCOMPARE(world.put(0, {one("ana")}), std::string("1"));
        world.run(kPatientMs);
        QVERIFY(world.link().state == LinkState::Paused);
        QVERIFY(world.show(1, "a/ana").empty());
        QVERIFY(alarmAt(world, 0).empty() && alarmAt(world, 1).empty());
        pause(false);
        QVERIFY(world.run(kPatientMs, [&] { return world.show(1, "a/ana") == "1"; }));
    }
    void closedDoorEndsItsSessionsAndSaysWhy() {
        ToyWorld world;
        world.connect();
        QVERIFY(world.run(kPatientMs, [&] { return world.link().state == LinkState::Streaming; }));
        QVERIFY_OK(world.node(0).gateways().stop("gw-0"));
        QVERIFY(alarmNames(world, 1, "ErrAllGatewaysUnreachable"));
        QVERIFY(world.link().state != LinkState::Streaming);
        QCOMPARE(world.put(0, {one("ana")}), std::string("1"));
        QVERIFY_OK(world.node(0).gateways().start("gw-0"));
        QVERIFY(world.run(kPatientMs, [&] { return world.show(1, "a/ana") == "1"; }));
        QVERIFY(world.run(kPatientMs, [&] { return alarmAt(world, 0).empty() && alarmAt(world, 1).empty(); }));
    }
    void silentLineIsGivenUpAtBothEnds() {
        ToyWorld world;
        world.connect();
        QVERIFY(world.run(kPatientMs, [&] { return world.link().state == LinkState::Streaming; }));
        world.network().cut(0, 1, true);
        world.network().cut(1, 0, true);
        QVERIFY(world.run(kPatientMs, [&] { return !world.link().errorCode.empty(); }));
        QVERIFY(alarmNames(world, 1, "Err"));
        QCOMPARE(world.put(0, {one("ana")}), std::string("1"));
        world.network().cut(0, 1, false);
        world.network().cut(1, 0, false);
        QVERIFY(world.run(kPatientMs, [&] { return world.show(1, "a/ana") == "1" && world.caughtUp(); }));
    }
};

TRIBUTARY_TEST(TestDialling)

#include "tst_dialling.moc"
