// The visible rows of a table read in key order, and the comparison of two of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/systems/maprdb/difftables.h"

namespace tributary::engine::maprdb {

/// A cell as a reader sees it.
struct VisibleCell {
    std::string family;
    Bytes qualifier;
    Millis timestampMs = 0;
    Stamp stamp = 0;
    Bytes value;
};

/// Cells ordered by family name, qualifier, newest first.
struct VisibleRow {
    Bytes key;
    std::vector<VisibleCell> cells;
};

/// Reads the rows of [from, to) chunk by chunk; an empty `to` is no end.
class RowCursor {
public:
    RowCursor(ClusterCalls& calls, const TableDescription& table, const DiffRequest& request, Bytes from, Bytes to);

    /// The next row that shows a cell; nullopt at the end.
    Result<std::optional<VisibleRow>> next();

private:
    Status fetch();
    void show(VisibleRow& row, const std::vector<VisibleCell>& cells);

    ClusterCalls& calls_;
    const TableDescription& table_;
    const DiffRequest& request_;
    Bytes from_;
    Bytes to_;
    bool atEnd_ = false;
    std::vector<VisibleRow> rows_;  // of the chunk at hand
    std::size_t at_ = 0;
};

/// Compares two rows of one key, either of which may be absent. Adds what it finds to the result and hands the changes
/// on. True when they are equal.
Result<bool> compareRows(const VisibleRow* a, const VisibleRow* b, const DiffRequest& request,
                         const OnCellChange& onChange, DiffResult& result);

}  // namespace tributary::engine::maprdb
