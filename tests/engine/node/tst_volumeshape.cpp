// A kind's say over its folder: names of its own, and what it means when somebody removes the files.
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

constexpr Millis kShapePatientMs = 60'000;

ToyOrder oneTo(const std::string& account) {
    return {Order::Add, account, "1"};
}

/// Segments and snapshot in one folder, in names of their own, and numbers that go on.
VolumeShape ledgerShape() {
    VolumeShape shape;
    shape.logDir = {};
    shape.segments = {".leaf", true};
    shape.snapshot = "/ledger.page";
    shape.filesDecide = true;
    shape.incarnations = false;
    return shape;
}

void smallLog(NodeConfig& config) {
    config.kinds = toy::onlyToys(ledgerShape());
    config.logSegmentBytes = 2'000;
    config.snapshotEveryMs = 250;
    config.flushEveryMs = 250;
}

std::vector<std::string> deciding(ToyWorld& world, int host) {
    std::vector<std::string> found;
    const std::vector<std::string> names = world.host(host).disk().list("/volume").value();
    for (const std::string& name : names) {
        if (name.ends_with(".leaf") || name.ends_with(".page")) found.push_back(name);
    }
    return found;
}

void removeDeciding(ToyWorld& world, int host) {
    for (const std::string& name : deciding(world, host)) {
        QVERIFY_OK(world.host(host).disk().remove("/volume/" + name));
    }
}

void writeMany(ToyWorld& world, int count) {
    for (int i = 0; i < count; ++i) QVERIFY(world.put(0, {oneTo("ana")}) != "no answer");
}

bool saysPutBack(ToyWorld& world, int host, const std::string& text) {
    const auto alarms = world.node(host).alarms().list();
    return std::any_of(alarms.begin(), alarms.end(), [&](const Alarm& alarm) {
        return alarm.name == kAlarmPutBack && alarm.description.find(text) != std::string::npos;
    });
}

void makeLedger(ToyWorld& world, int host) {
    DatasetRecord record;
    record.uuid = Uuid::fromRandom(9, static_cast<std::uint64_t>(host) + 1);
    record.path = ToyWorld::path(host);
    record.schema = toy::toySchema();
    world.edit(host, [record](const Catalog& catalog) {
        DatasetRecord made = record;
        made.id = catalog.nextId();
        return made;
    });
}

}  // namespace

class TestVolumeShape : public QObject {
    Q_OBJECT
private slots:
    void filesHaveTheKindsNames() {
        ToyWorld world(smallLog);
        writeMany(world, 40);
        QVERIFY(world.run(kShapePatientMs, [&] { return world.host(0).disk().exists("/volume/ledger.page"); }));
        const std::vector<std::string> names = world.host(0).disk().list("/volume").value();
        for (const std::string& name : names) {
            const bool known = (name.ends_with(".leaf") && name.size() == 25) || name == "ledger.page" ||
                               name == "lock" || name == "tables" || name.ends_with(".tmp");
            QVERIFY2(known, name.c_str());
        }
        QVERIFY(deciding(world, 0).size() > 2);
        world.host(0).powerCut(world.seed());
        world.start(0);
        QCOMPARE(world.show(0, "a/ana"), std::string("40"));
        QCOMPARE(world.put(0, {oneTo("ana")}), std::string("41"));
    }
    void numbersGoOnFromStartToStart() {
        ToyWorld world(smallLog);
        world.connect();
        writeMany(world, 3);
        for (int i = 0; i < 3; ++i) {
            world.host(0).powerCut(world.seed());
            world.start(0);
            QCOMPARE(world.node(0).incarnation(), std::uint64_t{1});
            writeMany(world, 1);
        }
        QVERIFY(world.run(kShapePatientMs, [&] { return world.show(1, "a/ana") == "6"; }));
        const auto& lanes = world.node(1).dataset(world.record(1).id)->durable.lanes();
        QCOMPARE(lanes.size(), std::size_t{1});
        QCOMPARE(lanes.begin()->second.count(), std::uint64_t{6});
        QVERIFY(!saysPutBack(world, 0, {}) && !saysPutBack(world, 1, {}));
    }
    void removedUnderWayNothingComesBack_data() {
        QTest::addColumn<bool>("bug");
        QTest::newRow("as built") << false;
        QTest::newRow("seeded bug") << true;
    }
    void removedUnderWayNothingComesBack() {
        QFETCH(const bool, bug);
        ToyWorld world(smallLog);
        if (bug) world.host(0).faults().arm("bug-removed-comes-back");
        writeMany(world, 40);
        QVERIFY(world.run(kShapePatientMs, [&] { return world.host(0).disk().exists("/volume/ledger.page"); }));
        removeDeciding(world, 0);
        writeMany(world, 80);  // more than a segment
        world.run(3'000);      // more than a snapshot
        QCOMPARE(world.show(0, "a/ana"), std::string("120"));
        QCOMPARE(reached(world, "log-removed") > 0, !bug);
        world.node(0).prepareStop();
        QVERIFY_OK(world.node(0).stopCleanly());
        QCOMPARE(deciding(world, 0).empty(), !bug);
    }
    void emptyFolderIsANewVolumeAndSaysThatNumbersComeAgain() {
        ToyWorld world(smallLog);
        world.connect();
        writeMany(world, 5);
        QVERIFY(world.run(kShapePatientMs, [&] { return world.show(1, "a/ana") == "5"; }));
        removeDeciding(world, 0);
        QVERIFY_OK(world.node(0).stopCleanly());
        world.host(0).kill();
        world.start(0);  // state files are there, and decide nothing
        QVERIFY(world.node(0).catalog().datasets().empty());
        QVERIFY(saysPutBack(world, 0, "numbers that others had before"));
        makeLedger(world, 0);
        QVERIFY(world.show(0, "a/ana").empty());
        QCOMPARE(world.put(0, {oneTo("ben")}), std::string("1"));
        world.agree(true, false);
        QVERIFY(world.run(kShapePatientMs, [&] { return saysPutBack(world, 1, "was put back"); }));
        // The trap itself: the first number was ana's, so that ben does not get through.
        world.run(3'000);
        QCOMPARE(world.show(1, "a/ana"), std::string("5"));
        QVERIFY(world.show(1, "a/ben").empty());
    }
    void whatAKindStillNeedsIsNotReleased() {
        auto needed = std::make_shared<Lsn>(20);
        ToyWorld world([&](NodeConfig& config) {
            smallLog(config);
            config.kinds = toy::onlyToys(ledgerShape(), needed);
        });
        writeMany(world, 60);
        world.run(3'000);
        const Lsn kept = world.node(0).log().firstLsn();
        QVERIFY2(kept > 1 && kept <= 20, std::to_string(kept).c_str());
        *needed = 50;
        writeMany(world, 60);
        world.run(3'000);
        const Lsn after = world.node(0).log().firstLsn();
        QVERIFY2(after > kept && after <= 50, std::to_string(after).c_str());
    }
    void missingSegmentFailsOnlyTheLinkThatNeedsIt() {
        ToyWorld world([](NodeConfig& config) {
            smallLog(config);
            config.backOffMsMax = 500;
        });
        world.agree(true, false);  // the log is kept for a replica that does not call
        writeMany(world, 60);
        world.run(5'000);  // flushed, and in the snapshot
        const std::vector<std::string> files = deciding(world, 0);
        QVERIFY(files.size() > 4);
        world.host(0).kill();
        world.start(0);  // nothing of it is in memory
        QVERIFY_OK(world.host(0).disk().remove("/volume/" + files[1]));
        world.agree(false, true);
        QVERIFY(world.run(kShapePatientMs, [&] { return world.link().errorCode == "ErrLogRead"; }));
        QCOMPARE(world.put(0, {oneTo("ana")}), std::string("61"));
        QVERIFY(!world.node(0).failed());
    }

private:
    static std::uint64_t reached(ToyWorld& world, const char* what) {
        const auto& reach = world.host(0).faults().reach();
        const auto at = reach.find(std::string_view(what));
        return at == reach.end() ? 0 : at->second;
    }
};

TRIBUTARY_TEST(TestVolumeShape)

#include "tst_volumeshape.moc"
