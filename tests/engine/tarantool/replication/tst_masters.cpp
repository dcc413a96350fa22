// Three instances that all take writes, in one simulated world: cuts, deaths and power cuts, and what is left in the
// end.
#include <map>

#include "engine/sim/simworld.h"
#include "engine/systems/tarantool/instance/instancecontrol.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/spaceplan.h"
#include "engine/systems/tarantool/iproto/greeting.h"
#include "testmain.h"
#include "tests/engine/tarantool/fuzzing.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;

namespace {

constexpr int kInstances = 3;
constexpr std::uint32_t kSpace = 512;

Bytes numbers(std::initializer_list<std::uint64_t> values) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(values.size());
    for (const std::uint64_t value : values) writer.unsignedInteger(value);
    return out;
}

/// The instances, and whoever writes to them.
class Masters {
public:
    explicit Masters(std::uint64_t seed, const std::string& bug = {}) : world_(seed), chance_(seed), bug_(bug) {
        for (int i = 0; i < kInstances; ++i) {
            auto settings = std::make_shared<InstanceSettings>();
            settings->name = "instance00" + std::to_string(i + 1);
            settings->replicaset = "replicaset001";
            settings->uuid = uuidFromName(settings->name);
            settings->replicasetUuid = uuidFromName(settings->replicaset);
            settings->options.users = {{"replicator", passwordProof("topsecret"), {"replication"}}};
            settings->options.listen = "127.0.0.1:" + std::to_string(3301 + i);
            settings->options.peerPassword = "topsecret";
            settings->options.replication.connectTimeoutMs = 2'000;
            for (int peer = 0; peer < kInstances; ++peer) {
                settings->options.peers.push_back("replicator@127.0.0.1:" + std::to_string(3301 + peer));
            }
            NodeConfig config;
            config.kinds = onlyInstance(settings);
            config.cluster = settings->name;
            config.volumeDir = "/volume";
            config.key = "key";
            config.logSegmentBytes = 20'000;
            config.snapshotEveryMs = 500;
            config.flushEveryMs = 300;
            world_.add(std::move(config), 64U << 20U);
        }
        for (int i = 0; i < kInstances; ++i) start(i);
    }
    void start(int i) {
        if (world_.host(i).up()) return;
        const Status started = world_.host(i).start();
        if (!started) qFatal("%s", started.error().full().c_str());
        if (!bug_.empty()) world_.host(i).faults().arm(bug_);
        control(i).begin([](const Status& status) {
            if (!status) qFatal("%s", status.error().full().c_str());
        });
    }
    InstanceControl& control(int i) {
        return static_cast<InstanceControl&>(world_.host(i).node().control(instanceKind()));
    }
    bool run(Millis ms, const std::function<bool()>& done) {
        return world_.runUntil(world_.events().nowUs() + ms * 1'000, done);
    }
    [[nodiscard]] bool isReady(int i) { return world_.host(i).up() && control(i).isReady(); }
    bool allReady() { return isReady(0) && isReady(1) && isReady(2); }
    /// The space of the writers, made by the first, seen by all.
    bool makeSpace() {
        if (!run(60'000, [&] { return allReady(); })) return false;
        bool isMade = false;
        const IndexPlan primary{0, "primary", IndexKind::Tree, true, {{0, FieldType::Unsigned, false}}};
        control(0).logRows({putRow(PacketType::Insert, kSpaceSpace, spaceRow(kSpace, "rows", {})),
                            putRow(PacketType::Insert, kIndexSpace, indexRow(kSpace, primary))},
                           [&](const BoxAnswer& answer) { isMade = std::holds_alternative<Bytes>(answer); });
        return run(60'000, [&] { return isMade && areEqual(); });
    }
    void write() {
        const int i = static_cast<int>(chance_.below(kInstances));
        if (!isReady(i)) return;
        // Keys of its own: what conflicts is for other tests.
        const std::uint64_t key = static_cast<std::uint64_t>(i) * 1'000 + chance_.below(60);
        const std::uint64_t value = ++written_;
        const bool removes = chance_.below(5) == 0;
        Packet row =
            removes ? deleteRow(kSpace, 0, numbers({key})) : putRow(PacketType::Replace, kSpace, numbers({key, value}));
        std::vector<Packet> rows{row};
        if (chance_.below(4) == 0) rows.push_back(putRow(PacketType::Replace, kSpace, numbers({key + 100, value})));
        const bool isPair = rows.size() == 2;
        asked_[key].push_back(removes ? 0 : value);
        if (isPair) asked_[key + 100].push_back(value);
        control(i).logRows(std::move(rows), [this, key, value, removes, isPair](const BoxAnswer& answer) {
            if (!std::holds_alternative<Bytes>(answer)) return;
            acknowledged_[key] = {removes ? 0 : value, value};
            if (isPair) acknowledged_[key + 100] = {value, value};
        });
    }
    void disturb() {
        const int one = static_cast<int>(chance_.below(kInstances));
        const int other = static_cast<int>((one + 1 + chance_.below(2)) % kInstances);
        switch (chance_.below(6)) {
            case 0: world_.network().cut(one, other, true); break;
            case 1: world_.network().healAll(); break;
            case 2: world_.network().resetStreams(one, other); break;
            case 3:
                if (world_.host(one).up()) world_.host(one).kill();
                break;
            case 4:
                if (world_.host(one).up()) world_.host(one).powerCut(world_.splitSeed());
                break;
            default: start(one);
        }
    }
    void heal() {
        world_.network().healAll();
        for (int i = 0; i < kInstances; ++i) start(i);
    }
    Vclock clock(int i) { return control(i).ballot().clock; }
    bool areEqual() { return allReady() && clock(0) == clock(1) && clock(1) == clock(2); }
    std::map<std::uint64_t, std::uint64_t> rows(int i) {
        std::map<std::uint64_t, std::uint64_t> all;
        (void)control(i).look([&](RowWork& work) -> Status {
            const auto walked = work.select(kSpace, 0, "\x90", Iterator::All, [&](const TuplePtr& row) {
                all[idField(*row, 0)] = idField(*row, 1);
                return true;
            });
            return walked ? okStatus() : Status(walked.error());
        });
        return all;
    }
    /// What is wrong in the end; empty when nothing is.
    std::string verdict() {
        if (!run(120'000, [&] { return areEqual(); })) {
            std::string out = "clocks differ:";
            for (int i = 0; i < kInstances; ++i) {
                out += " " + clock(i).text();
                for (const auto& [uuid, seen] : control(i).upstreams()) out += " " + seen.status + " " + seen.message;
            }
            return out;
        }
        for (int i = 0; i < kInstances; ++i) {
            if (const Bytes said = alerts(i); said.find("rows of this instance") != Bytes::npos) return said;
        }
        const auto first = rows(0);
        if (first != rows(1) || first != rows(2)) return "equal clocks and different rows";
        for (const auto& [key, last] : acknowledged_) {
            const auto at = first.find(key);
            const std::uint64_t held = at == first.end() ? 0 : at->second;
            // A later write that nobody heard of may be there, an earlier one never.
            const auto& asked = asked_[key];
            bool isLater = false;
            for (const std::uint64_t value : asked) isLater = isLater || (value == held && held > last.order);
            const bool removedLater = held == 0 && asked.back() == 0;
            if (held != last.held && !isLater && !removedLater) {
                return "key " + std::to_string(key) + " holds " + std::to_string(held) + ", and " +
                       std::to_string(last.held) + " was acknowledged";
            }
        }
        return {};
    }

private:
    struct Last {
        std::uint64_t held = 0;  ///< 0 = removed
        std::uint64_t order = 0;
    };
    sim::SimWorld world_;
    sim::SimRandom chance_;
    std::string bug_;
    std::uint64_t written_ = 0;
    std::map<std::uint64_t, std::vector<std::uint64_t>> asked_;
    std::map<std::uint64_t, Last> acknowledged_;

public:
    /// What config:info() warns of at one of them, encoded.
    Bytes alerts(int i) {
        Bytes out;
        control(i).call(1, "config", "\x90", [&](const BoxAnswer& answer) {
            if (const auto* bytes = std::get_if<Bytes>(&answer)) out = *bytes;
        });
        return out;
    }
    /// One row of instance `i`, until it has it.
    bool writeRow(int i, std::uint64_t key, std::uint64_t value) {
        bool isThere = false;
        control(i).logRows({putRow(PacketType::Insert, kSpace, numbers({key, value}))},
                           [&](const BoxAnswer& answer) { isThere = std::holds_alternative<Bytes>(answer); });
        return run(60'000, [&] { return isThere; });
    }
    void kill(int i) { world_.host(i).kill(); }
    bool wipe(int i) { return world_.host(i).disk().removeTree("/volume").ok(); }
    /// Writes and disturbances, in simulated time; then peace.
    std::string live() {
        if (!makeSpace()) return "the space does not come";
        for (int step = 0; step < 150; ++step) {
            for (std::uint64_t i = chance_.below(6); i > 0; --i) write();
            if (chance_.below(4) == 0) disturb();
            run(static_cast<Millis>(chance_.below(400)), [] { return false; });
        }
        heal();
        return verdict();
    }
};

}  // namespace

class TestMasters : public QObject {
    Q_OBJECT
private slots:
    void areEqualInTheEnd() {
        for (int seed = 1; seed <= fuzzRounds(15); ++seed) {
            Masters masters(static_cast<std::uint64_t>(seed));
            const std::string wrong = masters.live();
            QVERIFY2(wrong.empty(), ("seed " + std::to_string(seed) + ": " + wrong).c_str());
        }
    }
    /// The last row of the second reaches only the third, which is away while the second begins anew.
    void numbersGivenTwiceAreTold_data() {
        QTest::addColumn<bool>("writesFirst");
        QTest::addColumn<QString>("said");
        QTest::newRow("it has written again") << true << "are other rows under the same numbers";
        QTest::newRow("before it writes") << false << "it lost the end of its log, or began anew";
    }
    void numbersGivenTwiceAreTold() {
        QFETCH(const bool, writesFirst);
        QFETCH(const QString, said);
        Masters masters(3);
        QVERIFY(masters.makeSpace());
        masters.kill(0);
        QVERIFY(masters.writeRow(1, 1'001, 1));
        QVERIFY(masters.run(60'000, [&] { return masters.rows(2).count(1'001) > 0; }));
        masters.kill(2);
        masters.kill(1);
        QVERIFY(masters.wipe(1));
        masters.start(0);
        masters.start(1);
        QVERIFY(masters.run(60'000, [&] { return masters.isReady(1); }));
        QVERIFY(masters.alerts(1).find("rows of this instance") == Bytes::npos);
        if (writesFirst) QVERIFY(masters.writeRow(1, 1'002, 2));
        masters.start(2);
        const bool isTold = masters.run(
            60'000, [&] { return masters.isReady(2) && masters.alerts(1).find(said.toStdString()) != Bytes::npos; });
        QVERIFY2(isTold, masters.alerts(1).c_str());
    }
    void seededBugsAreFound_data() {
        QTest::addColumn<QString>("bug");
        QTest::newRow("a relay leaves a row out") << "bug-relay-skips-row";
        QTest::newRow("acknowledged before it is durable") << "bug-ack-before-durable";
    }
    void seededBugsAreFound() {
        QFETCH(const QString, bug);
        bool isFound = false;
        for (std::uint64_t seed = 1; seed <= 15 && !isFound; ++seed) {
            Masters masters(seed, bug.toStdString());
            isFound = !masters.live().empty();
        }
        QVERIFY(isFound);
    }
};

TRIBUTARY_TEST(TestMasters)
#include "tst_masters.moc"
