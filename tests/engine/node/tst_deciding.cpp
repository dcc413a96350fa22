// Kinds that decide before an entry is logged: what a decision sees, what survives, what stops a link and a node.
#include <fmt/format.h>

#include <optional>

#include "testmain.h"
#include "tests/toy/toyworld.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::toy::Order;
using tributary::toy::ToyOrder;
using tributary::toy::ToyWorld;

namespace {

ToyOrder add(const std::string& account, int amount) {
    return {Order::Add, account, std::to_string(amount)};
}

std::string name(int number) {
    return fmt::format("{:04}", number);
}

}  // namespace

class TestDeciding : public QObject {
    Q_OBJECT
private slots:
    void decisionSeesWhatIsNotPublishedYet() {
        ToyWorld world;
        const auto first = world.ask(0, {add("ana", 5)});
        const auto second = world.ask(0, {add("ana", -3)});
        const auto third = world.ask(0, {add("ana", -3)});
        QVERIFY(third->has_value());  // refused at once: nothing of it is logged
        QVERIFY(!first->has_value() && !second->has_value());
        QVERIFY(world.run(5'000, [&] { return second->has_value(); }));
        QCOMPARE(ToyWorld::text(*first), std::string("5"));
        QCOMPARE(ToyWorld::text(*second), std::string("2"));
        QCOMPARE(ToyWorld::text(*third), std::string("ErrBelowZero"));
        QCOMPARE(world.put(0, {add("ana", -2), {Order::Name, "ana", "boss"}}), std::string("0"));
        QCOMPARE(world.put(0, {{Order::Name, "ben", "boss"}}), std::string("ErrNameTaken"));
        QCOMPARE(world.show(0, "a/ana"), std::string("0"));
    }
    void whatWasDecidedSurvivesAndIsNotDecidedAgain() {
        ToyWorld world;
        for (int i = 0; i < 20; ++i) QVERIFY(world.put(0, {add("ana", i % 3), add("ben", 1)}) != "no answer");
        const std::string balance = world.show(0, "a/ana");
        const Lsn head = world.node(0).log().headLsn();
        world.host(0).powerCut(world.seed());
        world.start(0);
        QCOMPARE(world.show(0, "a/ana"), balance);
        QCOMPARE(world.show(0, "a/ben"), std::string("20"));
        QVERIFY(world.node(0).log().headLsn() >= head);
        QCOMPARE(world.put(0, {add("ben", 1)}), std::string("21"));
    }
    void whatIsDecidedOnARefusedWriteIsRefusedToo() {
        ToyWorld world;
        QCOMPARE(world.put(0, {add("ana", 5)}), std::string("5"));
        const auto next = [&] { return world.node(0).dataset(world.record(0).id)->ownLanes.numbers(); };
        const auto before = next();
        QCOMPARE(before.at("add"), std::uint64_t{2});
        CrashDisk& disk = world.host(0).disk();
        disk.setCapacityBytes(disk.usedBytes());
        const auto first = world.ask(0, {add("ana", 100), {Order::Name, "ana", std::string(9U << 20U, 'n')}});
        const auto second = world.ask(0, {add("ana", -60)});
        QVERIFY(world.run(60'000, [&] { return first->has_value() && second->has_value(); }));
        QVERIFY((*first)->error().code == ErrorCode::DiskFull && (*second)->error().code == ErrorCode::DiskFull);
        disk.setCapacityBytes(UINT64_MAX);
        // Nothing of either is left, and their numbers are given again.
        QCOMPARE(next().at("add"), before.at("add"));
        QVERIFY(next().at("name") == 1);
        QCOMPARE(world.put(0, {add("ana", -60)}), std::string("ErrBelowZero"));
        QCOMPARE(world.put(0, {add("ana", -5)}), std::string("0"));
        world.host(0).powerCut(world.seed());
        world.start(0);
        QCOMPARE(world.show(0, "a/ana"), std::string("0"));
    }
    void decisionLooksThroughARangeOfWhatIsStoredAndWhatIsPending() {
        ToyWorld world;
        // More than a chunk of a walk, in the state and on its way there.
        std::vector<ToyOrder> stored;
        for (int i = 0; i < 700; i += 2) stored.push_back({Order::Name, i % 4 == 0 ? "ana" : "ben", name(i)});
        QCOMPARE(world.put(0, stored), std::string());
        QCOMPARE(world.put(0, {{Order::Unname, "ana", name(0)}, {Order::Name, "ben", name(0)}}), std::string());
        std::vector<ToyOrder> pending;
        for (int i = 1; i < 700; i += 2) pending.push_back({Order::Name, "ana", name(i)});
        pending.push_back({Order::Unname, "ana", name(4)});
        const auto first = world.ask(0, pending);
        const auto second = world.ask(0, {{Order::Name, "ana", "last"}, {Order::Close, "ana", {}}});
        QVERIFY(!first->has_value() && !second->has_value());
        QVERIFY(world.run(5'000, [&] { return second->has_value(); }));
        for (int i = 0; i < 700; ++i) {
            const bool isBens = i == 0 || i % 4 == 2;
            QCOMPARE(world.show(0, "n/" + name(i)), std::string(isBens ? "ben" : ""));
        }
        QCOMPARE(world.show(0, "n/last"), std::string());
        QCOMPARE(world.put(0, {{Order::Close, "nobody", {}}}), std::string());
        QCOMPARE(world.show(0, "n/" + name(2)), std::string("ben"));
    }
    void linkStandsAtWhatItsReplicaDoesNotTake() {
        ToyWorld world;
        world.connect();
        QCOMPARE(world.put(1, {{Order::Name, "cora", "boss"}}), std::string());
        QCOMPARE(world.put(0, {add("ana", 5)}), std::string("5"));
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        const auto held = [&] { return world.node(1).dataset(world.record(1).id)->received.lanes(); };
        const auto before = held();
        const Lsn head = world.node(1).log().headLsn();
        QCOMPARE(world.put(0, {{Order::Name, "ana", "boss"}}), std::string());
        QCOMPARE(world.put(0, {add("ana", 1)}), std::string("6"));
        QVERIFY(world.run(10'000, [&] { return world.link().errorCode == "ErrNameTaken"; }));
        world.run(20'000);
        QCOMPARE(world.link().errorCode, std::string("ErrNameTaken"));
        // It stands before it: nothing is logged, no position moves, what comes behind does not pass.
        QVERIFY(held() == before);
        QCOMPARE(world.node(1).log().headLsn(), head);
        QCOMPARE(world.show(1, "a/ana"), std::string("5"));
        QCOMPARE(world.put(1, {{Order::Unname, "cora", "boss"}}), std::string());
        QVERIFY(world.run(60'000, [&] { return world.caughtUp() && world.link().errorCode.empty(); }));
        QCOMPARE(world.show(1, "n/boss"), std::string("ana"));
        QCOMPARE(world.show(1, "a/ana"), std::string("6"));
    }
    void whatIsSkippedIsLoggedAndItsPositionCounts() {
        ToyWorld world;
        world.host(0).faults().arm("bug-cut-omitted");              // a kind without cuts
        QCOMPARE(world.put(0, {add("ana", 5)}), std::string("5"));  // before the link: the replica never sees it
        world.connect();
        QCOMPARE(world.put(0, {add("ana", -4)}), std::string("1"));
        QCOMPARE(world.put(0, {add("ben", 2)}), std::string("2"));
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        QCOMPARE(world.show(1, "a/ana"), std::string());
        QCOMPARE(world.show(1, "a/ben"), std::string("2"));
        const Lane lane{world.record(0).uuid, world.node(0).incarnation(), {}, "add"};
        const auto covered = [&] {
            const Positions& durable = world.node(1).dataset(world.record(1).id)->durable;
            return durable.coversRange(toy::toyKind().projections(), lane, 2, 3);
        };
        QVERIFY(covered());
        world.host(1).powerCut(world.seed());
        world.start(1);
        QVERIFY(covered());
        QCOMPARE(world.show(1, "a/ana"), std::string());
    }
    void remarksStayWhereTheyWereWritten() {
        ToyWorld world;
        world.connect();
        QCOMPARE(world.put(0, {{Order::Note, "ana", "owes me one"}, add("ana", 2)}), std::string("2"));
        QCOMPARE(world.put(0, {{Order::Note, "ben", "nothing else"}}), std::string());
        QCOMPARE(world.put(0, {{Order::Name, "ana", "boss"}}), std::string());
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        QCOMPARE(world.show(0, "l/ana"), std::string("owes me one"));
        QCOMPARE(world.show(0, "l/ben"), std::string("nothing else"));
        QCOMPARE(world.show(1, "l/ana"), std::string());
        QCOMPARE(world.show(1, "a/ana"), std::string("2"));
        QCOMPARE(world.show(1, "n/boss"), std::string("ana"));
        // The number of what stayed arrived without it.
        const Lane lane{world.record(0).uuid, world.node(0).incarnation(), {}, "name"};
        const Positions& durable = world.node(1).dataset(world.record(1).id)->durable;
        QVERIFY(durable.coversRange(toy::toyKind().projections(), lane, 1, 2));
        world.host(0).powerCut(world.seed());
        world.start(0);
        QCOMPARE(world.show(0, "l/ana"), std::string("owes me one"));
    }
    void gapWaitsInOneLaneAndNotInTheOther() {
        ToyWorld world;
        world.host(0).faults().arm("bug-cut-omitted");              // a kind without cuts
        QCOMPARE(world.put(0, {add("ana", 5)}), std::string("5"));  // before the link: the replica never sees it
        world.connect();
        QCOMPARE(world.put(0, {add("ana", 1), add("ben", 1)}), std::string("1"));
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        QCOMPARE(world.show(1, "a/ana"), std::string("1"));
        const Lane lane{world.record(0).uuid, world.node(0).incarnation(), {}, "add"};
        const auto adds = [&] {
            const IntervalSet* set = world.node(1).dataset(world.record(1).id)->durable.find(lane);
            return set == nullptr ? std::map<std::uint64_t, std::uint64_t>() : set->ranges();
        };
        QCOMPARE(adds(), (std::map<std::uint64_t, std::uint64_t>{{2, 3}}));  // a range, with a gap before it
        QCOMPARE(world.put(0, {{Order::Name, "ana", "boss"}}), std::string());
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        world.disconnect();
        QCOMPARE(world.put(0, {{Order::Name, "ben", "cook"}}), std::string());
        world.connect();
        QCOMPARE(world.put(0, {add("ana", 1), {Order::Name, "cora", "maid"}}), std::string("7"));
        QVERIFY(world.run(10'000, [&] { return world.link().errorCode == "ErrGap"; }));
        const Lsn head = world.node(1).log().headLsn();
        world.run(10'000);
        // It stands before the whole of it: what could come does not come without the rest.
        QCOMPARE(world.node(1).log().headLsn(), head);
        QCOMPARE(world.show(1, "a/ana"), std::string("1"));
    }
    void ledgerThatIsFullTakesOnlyWhatMakesRoom() {
        ToyWorld world;
        const auto name = [](char last) { return std::string(9U << 20U, 'n') + last; };
        for (const char last : {'a', 'b', 'c'}) {
            QCOMPARE(world.put(0, {{Order::Name, "ana", name(last)}}), std::string());
        }
        QCOMPARE(world.put(0, {{Order::Name, "ana", name('d')}}), std::string("ErrLedgerFull"));
        QCOMPARE(world.put(0, {add("ana", 1)}), std::string("1"));
        QCOMPARE(world.put(0, {{Order::Unname, "ana", name('a')}}), std::string());
        QCOMPARE(world.put(0, {{Order::Name, "ana", name('d')}}), std::string());
        world.run(5'000);
        world.host(0).powerCut(world.seed());
        world.start(0);
        QCOMPARE(world.put(0, {{Order::Name, "ana", name('e')}}), std::string("ErrLedgerFull"));
        QCOMPARE(world.show(0, "n/" + name('d')), std::string("ana"));
        QCOMPARE(world.show(0, "a/ana"), std::string("1"));
    }
    void nodeStopsWhenItsLogCannotBeApplied() {
        ToyWorld world;
        world.connect();
        QCOMPARE(world.put(0, {add("ana", 5)}), std::string("5"));
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        const auto poison = world.ask(0, {{Order::Poison, "", ""}});
        const auto behind = world.ask(0, {add("ana", 1)});
        QVERIFY(world.run(10'000, [&] { return poison->has_value() && behind->has_value(); }));
        QVERIFY(!(*poison)->ok() && !(*behind)->ok());
        QVERIFY(world.node(0).failed());
        const std::string why = world.node(0).failure()->text();
        QVERIFY2(why.find("entry ") != std::string::npos && why.find("ledger c0:ledger") != std::string::npos,
                 why.c_str());
        QVERIFY(world.put(0, {add("ana", 1)}).find("/log") != std::string::npos);
        world.run(10'000);
        QCOMPARE(world.show(0, "a/ana"), std::string("5"));
        QCOMPARE(world.show(1, "a/ana"), std::string("5"));
        world.host(0).powerCut(world.seed());
        const Status again = world.host(0).start();
        QVERIFY(!again.ok());
        QVERIFY2(again.error().text().find("cannot be applied") != std::string::npos, again.error().text().c_str());
    }
};
TRIBUTARY_TEST(TestDeciding)
#include "tst_deciding.moc"
