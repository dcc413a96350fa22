// What one node must show, derived from nothing but the published entries of its log: written apart from the engine.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/catalog/catalog.h"
#include "engine/log/commitlog.h"
#include "engine/node/controlkind.h"
#include "engine/replication/cut.h"
#include "engine/replication/payload.h"
#include "engine/replication/positions.h"
#include "simkind.h"

namespace tributary::simtest {

/// Folds entries one by one. A violation found on the way is kept as a sentence that begins with the oracle's name.
class NodeModel {
public:
    /// What each sequence number of each lane means, over all nodes: hashes of whole payloads.
    using Identities = std::map<std::pair<engine::Lane, std::uint64_t>, std::uint64_t>;
    /// What a dataset was at a cut.
    struct Was {
        engine::Positions told;
        std::vector<ShownRow> rows;
        std::vector<int> ops;  ///< that had been taken
    };
    /// What all nodes know together.
    struct Known {
        Identities identities;
        std::map<std::pair<std::uint64_t, Uuid>, Was> cuts;  ///< by cut and dataset
    };
    NodeModel(Known& known, const SimKind& kind);

    /// Takes the next published entry (ascending lsn, no gaps).
    void take(const engine::LogEntry& entry);
    /// The node came back with `head` as its last entry: what is above never was. Answers how many entries are gone.
    std::size_t cutAbove(engine::Lsn head);

    [[nodiscard]] engine::Lsn head() const { return entries_.empty() ? 0 : entries_.back().lsn; }
    [[nodiscard]] const std::vector<engine::LogEntry>& entries() const { return entries_; }
    [[nodiscard]] const engine::Catalog& catalog() const { return catalog_; }
    [[nodiscard]] const KindModel& rows() const { return *rows_; }
    /// The same with what was told to be skipped.
    [[nodiscard]] const engine::Positions& told(std::uint32_t datasetId) const;
    /// A part of a cut is there, and not all of it.
    [[nodiscard]] bool filling(std::uint32_t datasetId) const;
    /// Lanes logged for a dataset.
    [[nodiscard]] const engine::Positions& logged(std::uint32_t datasetId) const;
    [[nodiscard]] bool holdsOp(int op) const { return ops_.count(op) != 0; }
    /// Lane and sequence of a client's operation that holdsOp().
    [[nodiscard]] const std::pair<engine::Lane, std::uint64_t>& placeOf(int op) const { return ops_.at(op); }
    [[nodiscard]] const std::optional<std::string>& violation() const { return violation_; }
    void forgetViolation() { violation_.reset(); }

private:
    /// The newest written here.
    struct Own {
        std::uint64_t last = 0;
        std::uint64_t incarnation = 0;
    };
    struct Lanes {
        engine::Positions logged;
        engine::Positions told;          ///< logged, or logged as skipped
        std::map<std::string, Own> own;  ///< by sub-key
        std::uint64_t cut = 0;           ///< that is coming; 0 = none
        std::uint64_t parts = 0;
    };
    void takeData(const engine::LogEntry& entry);
    void noteCut(const engine::LogEntry& entry);
    void takePart(const engine::LogEntry& entry);
    void endCut(const engine::DatasetRecord& record, const Uuid& source, const engine::CutPart& end);
    void takeSkip(const engine::LogEntry& entry);
    void begin();
    void takePiece(const Lanes& lanes, const engine::DatasetRecord& record, const engine::Lane& lane,
                   const engine::PieceView& piece);
    void checkOwn(Own& own, const engine::DatasetRecord& record, const engine::Lane& lane,
                  const engine::PieceView& piece);
    void violate(const std::string& what);

    Known& known_;
    const SimKind& kind_;
    std::shared_ptr<const engine::NodeKinds> kinds_;
    std::vector<engine::LogEntry> entries_;
    engine::Catalog catalog_;
    std::unique_ptr<KindModel> rows_;
    std::map<std::uint32_t, Lanes> lanes_;
    std::map<int, std::pair<engine::Lane, std::uint64_t>> ops_;
    std::optional<std::string> violation_;
    bool rebuilding_ = false;
};

}  // namespace tributary::simtest
