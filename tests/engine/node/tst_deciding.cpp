// Kinds that decide before an entry is logged: what a decision sees, what survives, what stops a link and a node.
#include <fmt/format.h>

#include <optional>

#include "engine/sim/simworld.h"
#include "testmain.h"
#include "tests/toy/toykind.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::toy::Order;
using tributary::toy::ToyOrder;

namespace {

/// Two hosts with a ledger each, in virtual time.
class ToyWorld {
public:
    ToyWorld() {
        for (int host = 0; host < 2; ++host) {
            NodeConfig config;
            config.kinds = toy::onlyToys();
            config.cluster = fmt::format("c{}", host);
            config.volumeDir = "/volume";
            config.gateways = {{fmt::format("gw-{}", host), {"127.0.0.1", door(host), {}, {}}}};
            config.key = "key of " + config.cluster;
            config.keyOf = [](const std::string& cluster) -> Result<Bytes> { return "key of " + cluster; };
            config.resolve = [](const std::string& cluster, const std::vector<std::string>&) {
                return std::vector<Endpoint>{{"127.0.0.1", door(cluster == "c1" ? 1 : 0), {}, cluster}};
            };
            world_.add(std::move(config), 64U << 20U);
            start(host);
            DatasetRecord record;
            record.uuid = Uuid::fromRandom(9, static_cast<std::uint64_t>(host) + 1);
            record.path = path(host);
            record.schema = toy::toySchema();
            edit(host, [record](const Catalog& catalog) {
                DatasetRecord made = record;
                made.id = catalog.nextId();
                return made;
            });
        }
    }
    static std::string path(int host) { return fmt::format("c{}:ledger", host); }
    static std::uint16_t door(int host) { return sim::SimNetwork::portOf(host, 1); }
    sim::SimNode& host(int host) { return world_.host(host); }
    Node& node(int host) { return world_.host(host).node(); }
    void start(int host) {
        const Status started = world_.host(host).start();
        if (!started) qFatal("%s", started.error().full().c_str());
    }
    std::uint64_t seed() { return world_.splitSeed(); }
    const DatasetRecord& record(int host) { return *node(host).catalog().byPath(path(host)); }

    bool run(
        Millis ms, const std::function<bool()>& done = [] { return false; }) {
        return world_.runUntil(world_.events().nowUs() + ms * 1000, done);
    }
    void edit(int host, const std::function<DatasetRecord(const Catalog&)>& make) {
        std::optional<Status> answer;
        node(host).change(
            [&](const Catalog& catalog) -> Result<CatalogChange> { return CatalogChange::put(make(catalog)); },
            [&](const Status& status) { answer = status; });
        if (!run(60'000, [&] { return answer.has_value(); }) || !answer->ok()) qFatal("no change");
    }
    void connect() {
        edit(1, [this](const Catalog&) {
            DatasetRecord made = record(1);
            if (!made.upstreams.empty()) return made;
            made.upstreams.push_back({made.nextEdgeIdx++, "c0", path(0), record(0).uuid});
            return made;
        });
        edit(0, [this](const Catalog&) {
            DatasetRecord made = record(0);
            ReplicaRecord replica;
            replica.idx = made.nextEdgeIdx++;
            replica.cluster = "c1";
            replica.path = path(1);
            replica.uuid = record(1).uuid;
            made.replicas.push_back(replica);
            return made;
        });
    }
    void disconnect() {
        edit(0, [this](const Catalog&) {
            DatasetRecord made = record(0);
            made.replicas.clear();
            return made;
        });
    }
    /// Asks and does not wait: the place of the answer.
    std::shared_ptr<std::optional<Result<Bytes>>> ask(int host, const std::vector<ToyOrder>& orders) {
        auto answer = std::make_shared<std::optional<Result<Bytes>>>();
        PutRequest request;
        request.user = "ana";
        request.path = path(host);
        request.body = toy::encodeOrders(orders);
        node(host).put(std::move(request), [answer](Result<Bytes> result) { answer->emplace(std::move(result)); });
        return answer;
    }
    /// The reply, or the error's code in `where`.
    std::string put(int host, const std::vector<ToyOrder>& orders) {
        const auto answer = ask(host, orders);
        if (!run(60'000, [&] { return answer->has_value(); })) return "no answer";
        return text(*answer);
    }
    static std::string text(const std::optional<Result<Bytes>>& answer) {
        if (!answer) return "nothing";
        return answer->ok()                    ? answer->value()
               : answer->error().where.empty() ? answer->error().what
                                               : answer->error().where;
    }
    std::string show(int host, const std::string& key) {
        auto view = node(host).view(record(host).id, false);
        const auto row = view.value()->get(key);
        return row.value() ? toy::shownImage(*row.value()) : std::string();
    }
    LinkStatus link() { return node(0).dataset(record(0).id)->links.at(record(0).replicas.front().idx)->status(); }
    bool caughtUp() { return link().operationsPending == 0; }

private:
    sim::SimWorld world_{3};
};

ToyOrder add(const std::string& account, int amount) {
    return {Order::Add, account, std::to_string(amount)};
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
