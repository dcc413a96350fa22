// DiffTables: whether two tables show the same cells, by fingerprints of ranges first, in detail where those differ.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"

namespace tributary::engine::maprdb {

/// Which table is right (`-master`). Without one both are: each lacks what only the other has.
enum class DiffMaster { None, A, B };

/// What to compare. Paths are full.
struct DiffRequest {
    std::string a;                  ///< the source
    std::string b;                  ///< the destination or replica
    std::string columns;            ///< canonical "cf,cf:qual"; empty = all
    std::uint32_t maxVersions = 0;  ///< 0 = as many as each table keeps
    Millis startMs = 0;             ///< cells from this time on
    Millis endMs = 0;               ///< cells before this time; 0 = no end
    std::uint32_t rowsPerRange = 4096;
    bool firstExit = false;    ///< stop at the first row that differs
    bool compareMeta = false;  ///< families and attributes too
    DiffMaster master = DiffMaster::None;
    std::size_t samplesMax = 20;  ///< rows told in the result; all are counted
};

enum class DifferenceKind { MissingAtA, MissingAtB, Different };
/// "missing-at-a", "missing-at-b", "different".
[[nodiscard]] std::string_view differenceName(DifferenceKind kind);

/// One row that differs.
struct RowDifference {
    Bytes key;
    DifferenceKind kind = DifferenceKind::Different;
    std::string detail;     ///< the first cell that differs, with both values: text, escaped as core/base/escape.h does
    bool changing = false;  ///< it was another difference at the look before
};

/// A change to one cell that makes the tables equal.
struct CellChange {
    bool toB = true;      ///< to be applied at b (the vendor's opsForDst), else at a (opsForSrc)
    bool remove = false;  ///< deletes this version; else writes it
    Bytes key;
    std::string family;
    Bytes qualifier;
    Millis timestampMs = 0;
    Bytes value;
};
/// Takes the changes in key order; an error ends the comparison.
using OnCellChange = std::function<Status(const CellChange&)>;

struct DiffResult {
    std::uint64_t rowsSource = 0;       ///< rows seen at a
    std::uint64_t rowsReplica = 0;      ///< rows seen at b
    bool identical = false;             ///< no difference was found, in data or (when asked) metadata; deletes apart
    bool complete = false;              ///< everything was compared; false after firstExit
    std::uint64_t rowsDifferent = 0;    ///< by the same difference at several looks
    std::uint64_t rowsChanging = 0;     ///< differ, each time in another way: whether they will be equal cannot be told
    std::uint64_t rowsOnlyDeletes = 0;  ///< rows that show the same and differ in deletes a late write would meet
    std::uint64_t looks = 1;            ///< how often what differs was read
    std::uint64_t opsForDst = 0;        ///< changes that b needs
    std::uint64_t opsForSrc = 0;        ///< changes that a needs
    std::uint64_t ranges = 0;
    std::uint64_t rangesDifferent = 0;  ///< were read in detail
    std::vector<RowDifference> differences;
    std::vector<std::string> metadata;  ///< lines of metadataDifferences()
    std::vector<Bytes> deletesKeys;     ///< of rowsOnlyDeletes, up to samplesMax
};

/// Compares tables that clients may write to and replication may feed meanwhile: rows that differ are read again a few
/// times, with pauses of the calls' (about a second in all while nothing changes, three at most), and what has become
/// equal is equal. Blocks. Only ranges with unequal fingerprints cross the network; with versions or times to select
/// by, all are read. Errors: NotFound, InvalidInput, PermissionDenied, Unavailable, Timeout: then nothing is known.
Result<DiffResult> diffTables(ClusterCalls& calls, const DiffRequest& request, const OnCellChange& onChange = {});

/// Whether two tables show equal data, with samples of what differs.
Result<DiffResult> sameData(ClusterCalls& calls, const std::string& a, const std::string& b);

}  // namespace tributary::engine::maprdb
