// What a transaction made here did to DR tables, as its entry in the log tells it.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/log/commitlog.h"
#include "engine/systems/voltdb/log/binarylog.h"
#include "engine/systems/voltdb/schema/voltschema.h"

namespace tributary::engine::voltdb {

/// The part of one partition; of tables in all partitions: kMpPartition.
struct DrPiece {
    int partition = 0;
    std::uint64_t sequence = 0;  ///< counts from 0 within the partition, over all starts
    std::vector<LogRecord> records;
};

struct DrTransaction {
    Lsn lsn = 0;
    std::uint64_t uniqueId = 0;  ///< rises from transaction to transaction: the entry's stamp
    std::vector<DrPiece> pieces;
};

/// `schema` is any later one: tables are read as they were when the entry was logged. Without pieces: nothing of it is
/// DR's (what replication applied, other tables, other kinds of entries). Errors: Corrupt.
[[nodiscard]] Result<DrTransaction> drTransactionOf(const LogEntry& entry, const VoltSchema& schema);

}  // namespace tributary::engine::voltdb
