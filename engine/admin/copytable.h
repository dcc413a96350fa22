// CopyTable: the cells of one table into another, with their timestamps, arrival stamps and tombstones.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"
#include "engine/systems/maprdb/copying/tablecopy.h"

namespace tributary::engine::maprdb {

/// What to copy (maprdb.md section 1.8), and around it.
struct CopyRequest : TableCopyRequest {
    bool bulkload = true;       ///< the vendor's default; leaves the destination in bulk-load mode
    bool createMissing = true;  ///< make the destination after the source when it does not exist
};

/// How far a copy is. Rows and bytes count what the destination acknowledged.
struct CopyProgress {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t rowsExpected = 0;  ///< the source's own count when the copy began; 0 = unknown
    Bytes key;                       ///< everything below it was read
};
/// Called after each acknowledged chunk; false stops the copy (Cancelled).
using OnCopyProgress = std::function<bool(const CopyProgress&)>;

struct CopyResult {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    Millis elapsedMs = 0;
    bool created = false;               ///< the destination was made
    std::string kind;                   ///< of both tables, as their records say
    std::vector<std::string> warnings;  ///< with the command that ends what they tell
};

/// Copies. Blocks; chunks are forwarded as they lie, reading ahead while up to `putsInFlightMax` are being written.
/// Both tables are under a copy session, which keeps tombstones, until the end, also after a failure. Where `dst` is a
/// registered replica of `src`, its record shows the copy, and then its former state, or REPLICATING after a copy that
/// took over from an interrupted one. Errors: NotFound,
/// InvalidInput (one table), Conflict (bulk load, replication), PermissionDenied, and any trouble on the way, which
/// tells how many rows arrived. Running it again is safe: cells carry their timestamps.
Result<CopyResult> copyTable(ClusterCalls& calls, const CopyRequest& request, const OnCopyProgress& onProgress = {});

}  // namespace tributary::engine::maprdb
