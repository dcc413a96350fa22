// A kind of data as the simulator needs it: its load, its troubles, and an oracle written apart from the engine.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/node/controlkind.h"
#include "engine/replication/payload.h"
#include "engine/sim/simrandom.h"
#include "engine/storage/stateunit.h"
#include "simplan.h"

namespace tributary::simtest {

struct SeededBug;

/// A client's write.
struct SimWrite {
    Bytes body;
    bool watched = true;  ///< whole, it must be on every node in the end
    std::string what;     ///< for people
};

/// A row, or a part of one, as a reader sees it: what is compared, and what it belongs to.
struct ShownRow {
    std::string key;
    std::string text;
    friend auto operator<=>(const ShownRow&, const ShownRow&) = default;
};

/// An entry that holds a payload, and what is known of it.
struct TakenEntry {
    const engine::DatasetRecord& record;  ///< as the catalog was when it was logged
    const engine::PayloadView& view;
    BytesView effect;
    engine::Verdict verdict = engine::Verdict::Apply;
    bool local = false;  ///< written here
};

/// What a node's rows must be, from its log alone. One for each node; it is thrown away when entries are.
class KindModel {
public:
    /// Takes a sentence that begins with the oracle's name.
    using Violate = std::function<void(const std::string&)>;
    virtual ~KindModel() = default;

    /// The next entry. Answers the numbers of the clients' writes that it holds (SimKind::write).
    virtual std::vector<int> take(const TakenEntry& taken) = 0;
    /// All that a reader of the dataset must see, in the order of a scan.
    [[nodiscard]] virtual std::vector<ShownRow> shown(const engine::DatasetRecord& record) const = 0;
    /// What of it is the same at every node at rest, whatever each node numbers for itself; but for keys in unlike().
    [[nodiscard]] virtual std::vector<ShownRow> shownEverywhere(const engine::DatasetRecord& record) const = 0;
    /// Keys that may differ between nodes, because this node did not take all that was written to them.
    [[nodiscard]] virtual std::set<std::string> unlike(const engine::DatasetRecord& record) const = 0;
    /// A chunk of a cut that a source gives to the dataset; `first`: what came of another is void.
    virtual void takeChunk(const engine::DatasetRecord& record, BytesView chunk, bool first) {
        (void)record;
        (void)chunk;
        (void)first;
    }
    /// The cut is whole, and the dataset what it brought.
    virtual void takeCut(const engine::DatasetRecord& record) { (void)record; }
    /// The write with this number that lets a link go on which stands before this payload; nothing when it need not
    /// stand.
    [[nodiscard]] virtual std::optional<SimWrite> makeRoom(const engine::DatasetRecord& record,
                                                           const engine::PayloadView& view, int id) const = 0;
};

/// Stateless; one for the process.
class SimKind {
public:
    virtual ~SimKind() = default;

    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::shared_ptr<const engine::NodeKinds> nodeKinds() const = 0;
    /// Every host has two datasets: "t", which is linked, and "u", which is not.
    [[nodiscard]] virtual std::string pathOf(int host, const std::string& dataset) const = 0;
    [[nodiscard]] virtual engine::SchemaPtr newSchema(const Uuid& uuid) const = 0;
    /// In which shapes worlds of this kind are run.
    [[nodiscard]] virtual std::vector<Profile> profiles() const = 0;
    [[nodiscard]] virtual const std::vector<SeededBug>& bugs() const = 0;
    /// Takes out of a plan what this kind does not have.
    virtual void shape(Plan& plan) const = 0;

    /// The write with this number; its body carries the number.
    [[nodiscard]] virtual SimWrite write(engine::sim::SimRandom& random, const Plan& plan, int id) const = 0;
    [[nodiscard]] virtual std::unique_ptr<KindModel> makeModel(KindModel::Violate violate) const = 0;
    /// A row of a scan, as KindModel::shown().
    virtual void show(const engine::StoredRow& row, const engine::FoldContext& context,
                      std::vector<ShownRow>& out) const = 0;

    /// A change of the schema as somebody might make it at any time; false when there is none.
    virtual bool editSchema(engine::DatasetRecord& record) const = 0;
    /// What the plan expects of the schema again; false when nothing is to be done.
    virtual bool repairSchema(engine::DatasetRecord& record) const = 0;
    /// True when something was dropped from the schema that entries may still speak of.
    [[nodiscard]] virtual bool hasDropped(const engine::DatasetRecord& record) const = 0;
    /// True when the payload, logged at `lsn`, speaks of something that was dropped since, or may have been.
    [[nodiscard]] virtual bool mayHaveGone(const engine::DatasetRecord& record, const engine::PayloadView& view,
                                           engine::Lsn lsn) const = 0;
    /// True when another source may have passed it over, for it speaks of what comes and goes.
    [[nodiscard]] virtual bool comesAndGoes(const engine::PayloadView& view) const = 0;
    /// True when nothing of the payload was to stay where it was written.
    [[nodiscard]] virtual bool mayTravel(const engine::PayloadView& view) const = 0;

    /// Three filters for the profile of filters: of the first link, of the one behind it, of the direct way.
    [[nodiscard]] virtual std::vector<std::string> drawFilters(engine::sim::SimRandom& random) const = 0;
    [[nodiscard]] virtual std::string drawFilter(engine::sim::SimRandom& random) const = 0;
    /// What two filters leave; nothing when nothing.
    [[nodiscard]] virtual std::optional<std::string> left(const std::string& one, const std::string& other) const = 0;
    /// True when `filter` (not empty) lets all through that `projection` (not empty) may hold.
    [[nodiscard]] virtual bool lets(const std::string& filter, const std::string& projection) const = 0;
};

/// The number of the client's write that a text carries ("o17..."), or -1.
[[nodiscard]] int opOf(BytesView text);
/// Binary tables, which most worlds are made of.
[[nodiscard]] const SimKind& tablesInSim();

}  // namespace tributary::simtest
