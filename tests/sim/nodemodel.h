// What one node must show, derived from nothing but the published entries of its log: written apart from the engine.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/catalog/catalog.h"
#include "engine/log/commitlog.h"
#include "engine/node/controlkind.h"
#include "engine/replication/payload.h"
#include "engine/replication/positions.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::simtest {

/// A visible cell, by names.
struct ShownCell {
    Bytes key;
    std::uint32_t family = 0;
    Bytes qualifier;
    Millis timestampMs = 0;
    Bytes value;
    friend auto operator<=>(const ShownCell&, const ShownCell&) = default;
};
[[nodiscard]] std::string show(const ShownCell& cell);

/// Folds entries one by one. A violation found on the way is kept as a sentence that begins with the oracle's name.
class NodeModel {
public:
    /// What each sequence number of each lane means, over all nodes: hashes of whole payloads.
    using Identities = std::map<std::pair<engine::Lane, std::uint64_t>, std::uint64_t>;
    explicit NodeModel(Identities& identities);

    /// Takes the next published entry (ascending lsn, no gaps).
    void take(const engine::LogEntry& entry);
    /// The node came back with `head` as its last entry: what is above never was. Answers how many entries are gone.
    std::size_t cutAbove(engine::Lsn head);

    [[nodiscard]] engine::Lsn head() const { return entries_.empty() ? 0 : entries_.back().lsn; }
    [[nodiscard]] const std::vector<engine::LogEntry>& entries() const { return entries_; }
    [[nodiscard]] const engine::Catalog& catalog() const { return catalog_; }
    /// All that a reader of the table must see, ascending.
    [[nodiscard]] std::vector<ShownCell> shown(std::uint32_t tableId) const;
    /// The same with what was told to be skipped.
    [[nodiscard]] const engine::Positions& told(std::uint32_t tableId) const;
    /// Lanes logged for a table.
    [[nodiscard]] const engine::Positions& logged(std::uint32_t tableId) const;
    [[nodiscard]] bool holdsOp(int op) const { return ops_.count(op) != 0; }
    /// Lane and sequence of a client's operation that holdsOp().
    [[nodiscard]] const std::pair<engine::Lane, std::uint64_t>& placeOf(int op) const { return ops_.at(op); }
    [[nodiscard]] const std::optional<std::string>& violation() const { return violation_; }
    void forgetViolation() { violation_.reset(); }

private:
    struct Best {
        Millis timestampMs = 0;
        Stamp stamp = 0;
        Bytes value;
    };
    struct Column {
        Millis maskMs = INT64_MIN;
        std::optional<Best> best;
    };
    struct Row {
        Millis maskMs = INT64_MIN;
        std::map<std::uint32_t, Millis> familyMaskMs;
        std::map<std::pair<std::uint32_t, Bytes>, Column> columns;
    };
    struct Table {
        std::map<Bytes, Row> rows;
        engine::Positions logged;
        engine::Positions told;     ///< logged, or logged as skipped
        std::uint64_t lastOwn = 0;  ///< sequence written here
        std::uint64_t lastIncarnation = 0;
    };
    void takeData(const engine::LogEntry& entry);
    void takeSkip(const engine::LogEntry& entry);
    void foldOperation(Table& table, const engine::DatasetRecord& record, const engine::PayloadView& view,
                       const engine::maprdb::TableBody& body, const engine::maprdb::OpView& op, bool local);
    void foldCell(Row& row, const engine::DatasetRecord& record, const engine::maprdb::OpView& op,
                  const engine::maprdb::CellView& cell, std::uint32_t family, bool local);
    void checkDelete(const Row& row, const engine::DatasetRecord& record, const engine::maprdb::OpView& op,
                     const engine::maprdb::CellView& cell, std::uint32_t family);
    [[nodiscard]] static bool visible(const Row& row, std::uint32_t family, const Column& column);
    void violate(const std::string& what);

    Identities& identities_;
    std::shared_ptr<const engine::NodeKinds> kinds_;
    std::vector<engine::LogEntry> entries_;
    engine::Catalog catalog_;
    std::map<std::uint32_t, Table> tables_;
    std::map<int, std::pair<engine::Lane, std::uint64_t>> ops_;
    std::optional<std::string> violation_;
    bool rebuilding_ = false;
};

/// The number of the client's operation that a value or key carries ("o17..."), or -1.
[[nodiscard]] int opOf(BytesView text);

}  // namespace tributary::simtest
