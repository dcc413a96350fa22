// The effect of a transaction: images of rows in the order in which they changed, each run of them behind a mark that
// says which partition's stream they belong to, and the counters of the DR sequences that were taken.
#pragma once

#include <vector>

#include "engine/storage/sqlstateunit.h"
#include "engine/systems/voltdb/data/drpieces.h"

namespace tributary::engine::voltdb {

/// A table that was emptied: its rows were captured one by one, and go as one record.
struct TruncatedRange {
    std::size_t from = 0;  ///< of SqlStateUnit::captured()
    std::size_t to = 0;
    std::uint32_t table = 0;
};

/// Of the unit's work, whose counters it raises. `isDr` false: what replication applied, which has no sequences.
/// Errors: Corrupt, and Unsupported with VoltDB's words when a buffer of the binary log would not hold it.
[[nodiscard]] Result<Bytes> makeEffect(SqlStateUnit& unit, const VoltSchema& schema,
                                       const std::vector<TruncatedRange>& truncated, bool isDr);

}  // namespace tributary::engine::voltdb
