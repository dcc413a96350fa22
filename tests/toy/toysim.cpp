// The load of toys, and which bugs their oracles must see.
#include "tests/toy/toysim.h"

#include <fmt/format.h>

#include "tests/sim/simbugs.h"
#include "tests/toy/toymodel.h"

namespace tributary::toy {

using namespace engine;
using namespace simtest;

namespace {

/// Disks that refuse groups while writes that were decided on each other wait for them.
void refusals(Plan& plan) {
    plan.swarm.diskFull = plan.swarm.slowWorkers = true;
    plan.opGapUs = 600;
}

void crashes(Plan& plan) {
    plan.swarm.kills = plan.swarm.powerCuts = true;
    plan.snapshotEveryMs = 250;
}

/// Sources die while their replicas have not come for what is there.
void lateReplicas(Plan& plan) {
    crashes(plan);
    plan.swarm.cuts = plan.swarm.pauses = true;
    plan.faultGapUs = plan.loadUs() / 30;
}

/// One writes; the links to the others come and go.
void joinLate(Plan& plan) {
    plan.edges = {{0, 1, {}, false}, {1, 2, {}, false}, {0, 2, {}, false}};
    plan.writers = {0};
    plan.cuts = plan.swarm.replicaEdits = true;
    plan.cutChunkBytes = plan.seed % 4 == 0 ? 200 : 2'000;
}

/// And nodes die while replicas are filled.
void lateJoiners(Plan& plan) {
    plan.swarm = Swarm();
    joinLate(plan);
    crashes(plan);
    plan.swarm.resets = plan.swarm.slowWorkers = true;
    plan.segmentBytes = 8U << 10U;
    plan.cutChunkBytes = 200;
    plan.inFlightBytesMax = 2U << 10U;
    plan.lineBytesPerS = 30'000;  // a cut takes a while
    plan.opGapUs = 1'500;
    plan.faultGapUs = plan.loadUs() / 100;
}

class ToySim final : public SimKind {
public:
    std::string name() const override { return "toy"; }
    std::shared_ptr<const NodeKinds> nodeKinds() const override { return onlyToys(); }
    std::string pathOf(int host, const std::string& dataset) const override {
        return fmt::format("c{}:{}", host, dataset);
    }
    SchemaPtr newSchema(const Uuid&) const override { return toySchema(); }
    std::vector<Profile> profiles() const override {
        return {Profile::Pair, Profile::Ring, Profile::Mesh, Profile::Sync, Profile::Star};
    }
    const std::vector<SeededBug>& bugs() const override;
    void shape(Plan& plan) const override {
        plan.swarm.schemaEdits = plan.swarm.filterEdits = false;
        // What was logged while a link was gone is nobody's: a cut brings it, to whom writes nothing itself.
        plan.swarm.replicaEdits = false;
        if (plan.profile == Profile::Mesh && plan.seed % 2 == 0) joinLate(plan);
        plan.linksMayStand = true;
    }

    SimWrite write(sim::SimRandom& random, const Plan& plan, int id) const override;
    std::unique_ptr<KindModel> makeModel(KindModel::Violate violate) const override {
        return std::make_unique<ToyModel>(std::move(violate));
    }
    void show(const StoredRow& row, const FoldContext&, std::vector<ShownRow>& out) const override {
        const std::string image = shownImage(row.record);
        if (!image.empty()) out.push_back({row.key, image});
    }

    bool editSchema(DatasetRecord&) const override { return false; }
    bool repairSchema(DatasetRecord&) const override { return false; }
    bool hasDropped(const DatasetRecord&) const override { return false; }
    bool mayHaveGone(const DatasetRecord&, const PayloadView&, Lsn) const override { return false; }
    bool comesAndGoes(const PayloadView&) const override { return false; }
    bool mayTravel(const PayloadView& view) const override {
        for (const ToyOrder& order : decodeOrders(view.body)) {
            if (order.order == Order::Note) return false;
        }
        return true;
    }

    std::vector<std::string> drawFilters(sim::SimRandom&) const override { return {"", "", ""}; }
    std::string drawFilter(sim::SimRandom&) const override { return {}; }
    std::optional<std::string> left(const std::string& one, const std::string&) const override { return one; }
    bool lets(const std::string&, const std::string&) const override { return false; }
};

/// Each write adds one to an account of its own, which carries its number. An account is named once at most, so that
/// what makes room never meets a second naming that it did not know of.
SimWrite ToySim::write(sim::SimRandom& random, const Plan& plan, int id) const {
    const std::string own = fmt::format("o{}", id);
    std::vector<ToyOrder> orders{{Order::Add, own, "1"}};
    std::string what = own;
    const auto draw = [&](std::int64_t from, std::int64_t to) {
        const std::string account = fmt::format("h{}", random.below(static_cast<std::uint64_t>(plan.hotKeys)));
        const std::int64_t amount = random.between(from, to);
        orders.push_back({Order::Add, account, std::to_string(amount)});
        what += fmt::format(", {} {:+}", account, amount);
    };
    const std::uint64_t kind = random.below(20);
    if (kind < 14) draw(-3, 5);
    if (kind >= 10 && kind < 14) draw(-2, 2);
    if (kind >= 14 && kind < 17) {
        // Mostly a name that nobody else wants.
        const std::string name = random.oneIn(6) ? fmt::format("n{}", random.below(20)) : fmt::format("name {}", id);
        orders.push_back({Order::Name, own, name});
        what += " is called " + name;
    }
    if (kind >= 17) {
        orders.push_back({Order::Note, fmt::format("h{}", random.below(8)), fmt::format("o{} was here", id)});
        if (kind == 19) draw(-1, 3);
        what += ", a remark";
    }
    return {encodeOrders(orders), true, what};
}

const std::vector<SeededBug>& ToySim::bugs() const {
    static const std::vector<SeededBug> kBugs{
        {"bug-decided-on-published", "decided", Profile::Pair, 20, [](Plan&) {}},
        {"bug-refused-number-kept", "holes", Profile::Pair, 100, refusals},
        {"bug-stop-logged", "decided", Profile::Mesh, 80, [](Plan&) {}},
        {"bug-skip-forgotten", "ack", Profile::Mesh, 40, [](Plan&) {}},
        {"bug-gap-taken", "order", Profile::Mesh, 60,
         [](Plan& plan) {
             plan.swarm.replicaEdits = true;
             plan.cuts = false;
             plan.bugBeside = "bug-cut-omitted";
         }},
        {"bug-local-rows-forwarded", "local", Profile::Pair, 20, [](Plan&) {}},
        {"bug-flush-unsynced", "invariant", Profile::Pair, 60,
         [](Plan& plan) {
             plan.durability = Durability::Write;
             plan.edges = {{0, 1, {}, false}};
             plan.writers = {0};
             plan.flushEveryMs = 250;
             plan.flushRows = 20;
         }},
        {"bug-effect-lost-in-replay", "state", Profile::Pair, 40, crashes},
        {"bug-durable-ack-early", "ack", Profile::Mesh, 20, [](Plan&) {}},
        {"bug-retention-forgotten", "storm", Profile::Pair, 60, lateReplicas},
        {"bug-cut-omitted", "storm", Profile::Mesh, 60, lateJoiners},
        {"bug-greets-received", "greeting", Profile::Mesh, 60,
         [](Plan& plan) { plan.swarm.slowWorkers = plan.swarm.resets = plan.swarm.cuts = true; }},
        {"bug-positions-before-rows", "greeting", Profile::Mesh, 60, lateJoiners},
        {"bug-cut-ends-early", "cut", Profile::Mesh, 60, lateJoiners},
        {"bug-cut-resumed-in-another", "cut", Profile::Mesh, 100, lateJoiners},
        {"bug-retention-after-cut", "invariant", Profile::Mesh, 100, lateJoiners},
        {"bug-half-cut-shown", "decided", Profile::Mesh, 100, lateJoiners},
        {"bug-no-epoch-fence", "fence", Profile::Pair, 300,
         [](Plan& plan) { plan.swarm.cuts = plan.swarm.slowNet = plan.swarm.resets = true; }},
    };
    return kBugs;
}

}  // namespace

const SimKind& inSim() {
    static const ToySim kToys;
    return kToys;
}

}  // namespace tributary::toy
