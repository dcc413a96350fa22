// What came from another cluster, as a write of the log, and what becomes of it.
//
// Decision: it is decided like any write, before it is logged: trackers say whether it is new, the resolver whether an
// operation is accepted. Images, trackers and conflicts are one entry: a crash leaves all of a transaction or nothing,
// and nothing is decided twice. What was applied so is never produced again: no cluster forwards.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/systems/voltdb/conflicts/conflictlog.h"
#include "engine/systems/voltdb/dr/drtracker.h"
#include "engine/systems/voltdb/replication/drschema.h"

namespace tributary::engine::voltdb {

/// A transaction's share of one producer partition: its frame (binarylog.h).
struct DrShare {
    int partition = 0;
    Bytes frame;
};
/// A whole transaction; several pieces have one unique id, and are applied at once.
struct DrIncoming {
    std::int64_t timestampUs = 0;
    std::vector<DrShare> pieces;
};
struct DrApplyBody {
    int cluster = 0;                ///< the producer
    int here = 0;                   ///< the consumer
    DrRole role = DrRole::Replica;  ///< of both in their group: without XDCR nothing is resolved
    std::int64_t nowUs = 0;         ///< Unix time
    std::vector<DrIncoming> transactions;
};
/// A part of a sync snapshot.
struct DrLoadBody {
    int cluster = 0;
    Bytes frame;
};
/// What is tracked changes without rows.
struct DrTrackersBody {
    enum class What : std::uint8_t {
        Replace,  ///< a snapshot is whole: `trackers` in place of those that are there
        Begin,    ///< streams of `cluster` begin at `next`, those that are not tracked yet
        Forget    ///< a reset or a promotion: nothing of `cluster` is known any more; -1 = of anybody
    };
    What what = What::Forget;
    int cluster = -1;
    std::map<int, std::uint64_t> next{};  ///< by the cluster's partitions
    Bytes trackers{};                     ///< DrTrackers
};
using DrBody = std::variant<DrApplyBody, DrLoadBody, DrTrackersBody>;
[[nodiscard]] Bytes encodeBody(const DrBody& body);
/// Errors: Corrupt.
[[nodiscard]] Result<DrBody> decodeBody(BytesView bytes);

/// Rows of the whole cluster as a decision sees and changes them. Images are as the log has them (loggedTable). Valid
/// for one call. Errors of all: Io, Corrupt.
class DrRows {
public:
    virtual ~DrRows() = default;
    /// The row that `image` is a version of: by primary key, or by all columns where there is none.
    virtual Result<std::optional<RowImage>> find(const DrTables::Entry& table, const RowImage& image) = 0;
    /// All rows that hold one of the image's unique keys, each once.
    virtual Result<std::vector<RowImage>> holders(const DrTables::Entry& table, const RowImage& image) = 0;
    /// No row with one of its unique keys is there.
    virtual Status put(const DrTables::Entry& table, const RowImage& image) = 0;
    /// One row that is exactly so; it is there.
    virtual Status erase(const DrTables::Entry& table, const RowImage& image) = 0;
    virtual Status truncate(const DrTables::Entry& table) = 0;
    /// Which partition here has it; 0 of a table without partitioning.
    virtual int partitionOf(const DrTables::Entry& table, const RowImage& image) = 0;
    /// DrTrackers, encoded; empty = none yet.
    virtual Result<Bytes> trackers() = 0;
    virtual Status setTrackers(Bytes trackers) = 0;
};

/// What a decision goes by beside the body and the rows.
struct DrContext {
    const DrTables& tables;
    FaultPoints& faults;
};

/// A conflict as statistics and the conflict log want it.
struct DrConflictNote {
    int cluster = 0;    ///< the producer
    int partition = 0;  ///< here
    std::string table;
    std::int64_t timestampUs = 0;
    ConflictCounts counts;
    std::string lines;  ///< of the conflict log
};

/// What deciding came to; also the reply of such a write.
struct DrDecided {
    std::uint64_t applied = 0;     ///< transactions
    std::uint64_t duplicates = 0;  ///< transactions that were here already
    std::uint64_t rows = 0;
    std::vector<DrConflictNote> conflicts;
    Bytes trackers;  ///< as they are behind it; empty = as before
};
[[nodiscard]] Bytes encodeDecided(const DrDecided& decided);
/// Errors: Corrupt.
[[nodiscard]] Result<DrDecided> decodeDecided(BytesView bytes);

/// Decides a body (encodeBody) on rows. Errors: nothing of it may be kept. Conflict: a gap, a table that is not known
/// here (`where` = kUnmatched), or, without a resolver, a row that is not as the producer had it; Corrupt; Io.
[[nodiscard]] Result<DrDecided> decideDr(BytesView body, const DrContext& context, DrRows& rows);
inline constexpr const char* kUnmatched = "unmatched table";

/// Whether a transaction goes into this cluster's own logs: what was applied from another one never does.
[[nodiscard]] inline bool isProduced(bool isApplied, FaultPoints& faults) {
    return !isApplied || faults.hit("bug-dr-forwards");
}

/// A row as the conflict log shows it: a JSON object of texts, without the hidden column.
[[nodiscard]] std::string tupleText(const DrTables::Entry& table, const RowImage& image);
/// The hidden column of an image of an active cluster.
[[nodiscard]] DrStamp stampOf(const RowImage& image);

}  // namespace tributary::engine::voltdb
