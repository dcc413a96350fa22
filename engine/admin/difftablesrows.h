// The visible rows of a table read in key order, and the comparison of two of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/admin/difftables.h"

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
    Bytes deletes;  ///< what its deletes still mask, in one spelling; filled when asked for
};
/// A number that is the same for two rows that show the same cells; an absent row has one of its own.
[[nodiscard]] std::uint64_t printOf(const VisibleRow* row);

/// Reads the rows of [from, to) chunk by chunk; an empty `to` is no end.
class RowCursor {
public:
    enum class Want { Cells, Deletes };
    RowCursor(ClusterCalls& calls, const TableDescription& table, const DiffRequest& request, Bytes from, Bytes to,
              Want want = Want::Cells);

    /// The next row that shows a cell (or masks something, when deletes are wanted); nullopt at the end.
    Result<std::optional<VisibleRow>> next();

private:
    Status fetch();
    Status showDocuments(BytesView body);
    void show(VisibleRow& row, const std::vector<VisibleCell>& cells);

    ClusterCalls& calls_;
    const TableDescription& table_;
    const DiffRequest& request_;
    Bytes from_;
    Bytes to_;
    Want want_;
    bool atEnd_ = false;
    std::vector<VisibleRow> rows_;  // of the chunk at hand
    std::size_t at_ = 0;
};

/// Compares two rows of one key, either of which may be absent. Adds what it finds to the result and hands the changes
/// on. True when they are equal.
Result<bool> compareRows(const VisibleRow* a, const VisibleRow* b, const DiffRequest& request,
                         const OnCellChange& onChange, DiffResult& result);

}  // namespace tributary::engine::maprdb
