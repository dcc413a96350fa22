// Tables in the simulator: few hot keys and many cold ones, families that come and go, filters by columns.
#include <fmt/format.h>

#include <algorithm>

#include "core/operations/columns.h"
#include "engine/systems/maprdb/tables/row.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "engine/systems/maprdb/tables/tablerecord.h"
#include "simbugs.h"
#include "tablemodel.h"

namespace tributary::simtest {

using namespace tributary::engine;

namespace {

constexpr int kQualifiers = 3;

/// A body under construction: families are named once, in the order of their first use.
class BodyMaker {
public:
    std::uint32_t family(const std::string& name) {
        const auto at = std::find(names_.begin(), names_.end(), name);
        if (at != names_.end()) return static_cast<std::uint32_t>(at - names_.begin());
        names_.push_back(name);
        return static_cast<std::uint32_t>(names_.size() - 1);
    }
    maprdb::MutationBuilder& builder() { return builder_; }
    [[nodiscard]] Bytes body() const { return maprdb::encodeBody(names_, mutations_); }

private:
    std::vector<std::string> names_;
    Bytes mutations_;
    maprdb::MutationBuilder builder_{mutations_};
};

maprdb::FamilyRecord newFamily(std::uint32_t id, const std::string& name) {
    maprdb::FamilyRecord family;
    family.id = id;
    family.name = name;
    family.perms = {{"readperm", "p"}, {"writeperm", "p"}};
    return family;
}

/// Changes the schema of a record in place when `change` says that it did.
template <typename Change>
bool edited(DatasetRecord& record, const Change& change) {
    maprdb::TableRecord table = maprdb::tableOf(record);
    if (!change(table)) return false;
    record = table.dataset();
    return true;
}

class TableSim final : public SimKind {
public:
    std::string name() const override { return "tables"; }
    std::shared_ptr<const NodeKinds> nodeKinds() const override { return maprdb::onlyTables(); }
    std::string pathOf(int host, const std::string& dataset) const override {
        return fmt::format("/mapr/c{}/{}", host, dataset);
    }
    SchemaPtr newSchema(const Uuid&) const override {
        maprdb::TableSchema schema;
        for (const char* family : {"a", "b", "v"}) {
            schema.families.push_back(newFamily(schema.nextFamilyId, family));
            ++schema.nextFamilyId;
        }
        return maprdb::makeSchema(std::move(schema));
    }
    std::vector<Profile> profiles() const override {
        return {Profile::Pair, Profile::Ring, Profile::Mesh, Profile::Filtered, Profile::Sync, Profile::Star};
    }
    const std::vector<SeededBug>& bugs() const override { return seededBugs(); }
    void shape(Plan&) const override {}

    SimWrite write(sim::SimRandom& random, const Plan& plan, int id) const override;
    std::unique_ptr<KindModel> makeModel(KindModel::Violate violate) const override {
        return std::make_unique<TableModel>(std::move(violate));
    }
    void show(const StoredRow& row, const FoldContext& context, std::vector<ShownRow>& out) const override {
        maprdb::VisibleCells cells(row.record, context);
        maprdb::RowItem cell;
        while (cells.next(cell)) {
            out.push_back(showCell(row.key, cell.family, cell.qualifier, cell.timestampMs, cell.value));
        }
    }

    bool editSchema(DatasetRecord& record) const override {
        return edited(record, [](maprdb::TableRecord& table) {
            for (maprdb::FamilyRecord& family : table.families) {
                if (!family.live() || family.name != "v") continue;
                family.droppedLsn = UINT64_MAX;
                return true;
            }
            table.families.push_back(newFamily(table.nextFamilyId++, "v"));
            return true;
        });
    }
    bool repairSchema(DatasetRecord& record) const override {
        return edited(record, [](maprdb::TableRecord& table) {
            if (table.family("v") != nullptr) return false;
            table.families.push_back(newFamily(table.nextFamilyId++, "v"));
            return true;
        });
    }
    bool hasDropped(const DatasetRecord& record) const override {
        const auto& families = maprdb::schemaOf(record).families;
        return std::any_of(families.begin(), families.end(),
                           [](const maprdb::FamilyRecord& family) { return !family.live(); });
    }
    /// Dropped records are forgotten after a while: a name that means nothing at the entry's lsn any more was dropped,
    /// too.
    bool mayHaveGone(const DatasetRecord& record, const PayloadView& view, Lsn lsn) const override {
        const auto named = maprdb::parseBody(view.body).value().families;
        return std::any_of(named.begin(), named.end(), [&](BytesView name) {
            const maprdb::FamilyRecord* then = maprdb::schemaOf(record).familyAt(name, lsn);
            return then == nullptr || !then->live();
        });
    }
    bool comesAndGoes(const PayloadView& view) const override {
        const auto named = maprdb::parseBody(view.body).value().families;
        return std::find(named.begin(), named.end(), BytesView("v")) != named.end();
    }
    bool mayTravel(const PayloadView&) const override { return true; }

    std::vector<std::string> drawFilters(sim::SimRandom& random) const override {
        constexpr const char* kSecond[] = {"", "a:x", "b", "a:y,b:x"};
        return {"a", kSecond[random.below(4)], "a:x,b"};
    }
    std::string drawFilter(sim::SimRandom& random) const override {
        return random.oneIn(2) ? "a" : random.oneIn(2) ? "b:x" : "a:x,b";
    }
    std::optional<std::string> left(const std::string& one, const std::string& other) const override;
    bool lets(const std::string& filter, const std::string& projection) const override {
        return covers(parseColumns(filter).value(), parseColumns(projection).value());
    }
};

SimWrite TableSim::write(sim::SimRandom& random, const Plan& plan, int id) const {
    BodyMaker maker;
    const auto key = [&] {
        return random.oneIn(3) ? fmt::format("c{}", random.below(static_cast<std::uint64_t>(plan.coldKeys)))
                               : fmt::format("h{}", random.below(static_cast<std::uint64_t>(plan.hotKeys)));
    };
    const bool isVolatile = random.oneIn(8);
    const auto family = [&] { return std::string(isVolatile ? "v" : random.oneIn(2) ? "a" : "b"); };
    const auto qualifier = [&] { return std::string(1, static_cast<char>('x' + random.below(kQualifiers))); };
    int cells = 0;
    const auto value = [&] {
        Bytes text = fmt::format("o{}.{}", id, cells++);
        const std::size_t padding = random.oneIn(20) ? 3'000 : random.below(120);
        return text + Bytes(padding, '.');
    };
    const std::uint64_t what = random.below(20);
    const std::string first = key();
    if (what >= 17) {
        // Deletes name nothing of the operation: a mark beside them does.
        const Bytes mark = fmt::format("o{}", id);
        const Bytes marked = value();
        maker.builder().put("marks", {maker.family("a"), mark, marked, {}});
        if (what == 17) maker.builder().deleteRow(first);
        if (what == 18) maker.builder().deleteFamily(first, maker.family(family()));
        if (what == 19) maker.builder().deleteColumn(first, maker.family(family()), qualifier());
        return {maker.body(), true, fmt::format("delete {} ({})", first, what)};
    }
    // Distinct keys: two operations of one body carry one stamp.
    std::set<std::string> keys{first};
    while (what >= 14 && keys.size() < 4) keys.insert(key());
    for (const std::string& row : keys) {
        std::set<std::pair<std::string, std::string>> places;
        const std::size_t width = what >= 10 && what < 14 ? 3 : 1;
        while (places.size() < width) places.insert({family(), qualifier()});
        maker.builder().beginPut(row);
        for (const auto& [cf, column] : places) maker.builder().addCell({maker.family(cf), column, value(), {}});
        maker.builder().endPut();
    }
    return {maker.body(), !isVolatile,
            fmt::format("put {} cells from {}{}", cells, first, isVolatile ? " volatile" : "")};
}

/// Column list by column list: written apart from the engine.
std::optional<std::string> TableSim::left(const std::string& one, const std::string& other) const {
    if (one.empty() || other.empty()) return one.empty() ? other : one;
    const ColumnList first = parseColumns(one).value();
    const ColumnList second = parseColumns(other).value();
    ColumnList both;
    for (const ColumnSpec& spec : first) {
        if (covers(second, {spec})) both.push_back(spec);
    }
    for (const ColumnSpec& spec : second) {
        if (covers(first, {spec})) both.push_back(spec);
    }
    if (both.empty()) return std::nullopt;
    return printColumns(both);
}

}  // namespace

const SimKind& tablesInSim() {
    static const TableSim kTables;
    return kTables;
}

}  // namespace tributary::simtest
