// The rows of a host as replication reads and changes them, outside SQL.
//
// Rows are whole: the columns of VoltTable::logTable(), the hidden timestamp the last one of a DR table. What is
// changed is captured and becomes part of the entry that is being decided, or nothing of it when that is refused.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/seams/faultpoints.h"
#include "engine/systems/voltdb/schema/voltschema.h"

namespace tributary::engine::voltdb {

/// Executor's thread only, valid for one decision. Tables are named in upper case. Errors: NotFound (no such table),
/// InvalidInput (no row of it), Conflict (a unique key is taken), Io, DiskFull, Corrupt.
class PartitionRows {
public:
    virtual ~PartitionRows() = default;
    [[nodiscard]] virtual const VoltSchema& schema() const = 0;
    /// The stamp of the entry that is decided, and what is used for rows whose hidden timestamp it sets.
    [[nodiscard]] virtual Stamp stamp() const = 0;
    /// The partition that a row belongs to; kMpPartition for a table in all partitions.
    [[nodiscard]] virtual Result<int> partitionOf(std::string_view table, const RowImage& row) const = 0;

    /// By the values of the primary key, in its order. InvalidInput: there is none.
    [[nodiscard]] virtual Result<std::optional<RowImage>> find(std::string_view table, const RowImage& key) = 0;
    /// A row that equals this one in every column, the hidden one included.
    [[nodiscard]] virtual Result<std::optional<RowImage>> findWhole(std::string_view table, const RowImage& row) = 0;
    /// Rows that hold one of this row's unique keys, the primary one not counted, but for the row with its primary key.
    [[nodiscard]] virtual Result<std::vector<RowImage>> colliding(std::string_view table, const RowImage& row) = 0;
    /// In the place of the row with its primary key, or beside all others.
    virtual Status put(std::string_view table, const RowImage& row) = 0;
    /// One row that equals this one by the primary key, or in every column where there is none. False: there was none.
    virtual Result<bool> erase(std::string_view table, const RowImage& row) = 0;
    virtual Status truncate(std::string_view table) = 0;
    /// True when a DR table has a row.
    [[nodiscard]] virtual Result<bool> anyDrRow() = 0;

    /// Of whoever holds the rows.
    [[nodiscard]] virtual FaultPoints& faults() = 0;
    /// What replication keeps beside the rows, changed with them or not at all.
    [[nodiscard]] virtual Result<std::optional<Bytes>> metaGet(std::string_view key) = 0;
    virtual Status metaPut(std::string_view key, BytesView value) = 0;
    virtual Status metaErase(std::string_view key) = 0;
};

/// What replication makes of a body of its own (VoltControl::applyDr), inside the decision: it changes rows and says
/// what the writer is answered. An error: nothing of it is logged, and all changes are taken back. Nothing that it
/// changes gets a DR sequence. Stateless: what it goes by lies in the rows.
[[nodiscard]] Result<Bytes> decideDr(BytesView body, PartitionRows& rows);

}  // namespace tributary::engine::voltdb
