// The load of books, and which bug their oracle must see.
#include "tests/lines/linessim.h"

#include <fmt/format.h>

#include "tests/lines/lineskind.h"
#include "tests/lines/linesmodel.h"
#include "tests/sim/simbugs.h"

namespace tributary::lines {

using namespace engine;
using namespace simtest;

namespace {

class LinesSim final : public SimKind {
public:
    std::string name() const override { return "lines"; }
    std::shared_ptr<const NodeKinds> nodeKinds() const override { return onlyLines(); }
    std::string pathOf(int host, const std::string& dataset) const override {
        return fmt::format("c{}:{}", host, dataset);
    }
    SchemaPtr newSchema(const Uuid&) const override { return newBook(); }
    std::vector<Profile> profiles() const override { return {Profile::Pair, Profile::Ring, Profile::Mesh}; }
    const std::vector<SeededBug>& bugs() const override {
        static const std::vector<SeededBug> kBugs{
            {"bug-decided-on-published", "offsets", Profile::Pair, 20, [](Plan&) {}},
        };
        return kBugs;
    }
    void shape(Plan& plan) const override {
        // What was logged while a link was gone is nobody's, and what comes behind it on its shelf waits for ever.
        plan.swarm.schemaEdits = plan.swarm.filterEdits = plan.swarm.replicaEdits = false;
    }

    SimWrite write(sim::SimRandom& random, const Plan& plan, int id) const override {
        std::vector<Line> lines;
        const std::int64_t count = random.between(1, 3);
        for (std::int64_t i = 0; i < count; ++i) {
            const auto shelf = random.below(static_cast<std::uint64_t>(plan.hotKeys));
            lines.push_back({fmt::format("s{}", shelf), fmt::format("o{} line {}", id, i)});
        }
        return {encodeLines(lines), true, fmt::format("{} lines", count)};
    }
    std::unique_ptr<KindModel> makeModel(KindModel::Violate violate) const override {
        return std::make_unique<LinesModel>(std::move(violate));
    }
    void show(const StoredRow& row, const FoldContext&, std::vector<ShownRow>& out) const override {
        out.push_back({row.key, row.record});
    }

    bool editSchema(DatasetRecord&) const override { return false; }
    bool repairSchema(DatasetRecord&) const override { return false; }
    bool hasDropped(const DatasetRecord&) const override { return false; }
    bool mayHaveGone(const DatasetRecord&, const PayloadView&, Lsn) const override { return false; }
    bool comesAndGoes(const PayloadView&) const override { return false; }
    bool mayTravel(const PayloadView&) const override { return true; }
    std::vector<std::string> drawFilters(sim::SimRandom&) const override { return {"", "", ""}; }
    std::string drawFilter(sim::SimRandom&) const override { return {}; }
    std::optional<std::string> left(const std::string& one, const std::string&) const override { return one; }
    bool lets(const std::string&, const std::string&) const override { return false; }
};

}  // namespace

const SimKind& inSim() {
    static const LinesSim kBooks;
    return kBooks;
}

}  // namespace tributary::lines
