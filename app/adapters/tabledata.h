// Rows of tables as a client reads and writes them: put, get, scan, delete.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/admin/tableadmincalls.h"

namespace tributary::app {

/// One cell to write.
struct CellWrite {
    std::string family;
    Bytes qualifier;
    Bytes value;
    std::optional<Millis> timestampMs;  ///< absent = when the cluster takes it
};

/// One cell as read.
struct CellRead {
    std::string family;
    Bytes qualifier;
    Millis timestampMs = 0;
    Bytes value;
};

struct RowRead {
    Bytes key;
    std::vector<CellRead> cells;  ///< as the cluster orders them: by family and column, newest first
    bool complete = true;         ///< of a get: the user may read all families; says nothing of what is in them
};

struct ScanPage {
    std::vector<RowRead> rows;
    std::optional<Bytes> next;  ///< first key of the next page; absent at the end
    bool complete = true;       ///< the user may read all that was asked for; says nothing of what is in it
};

/// What a scan is for.
struct ScanRequest {
    std::string path;
    Bytes from;
    Bytes to;                 ///< exclusive; empty = to the end
    std::size_t limit = 100;  ///< rows of one page
    std::string columns;      ///< canonical "cf,cf:qual"; empty = all
};

/// Reads `family:column=value`, escaped as core/base/escape.h does; the column may hold colons, the value anything.
/// InvalidInput shows the form, or names the limit.
[[nodiscard]] Result<CellWrite> parseCellWrite(std::string_view text);

/// A client of tables. Paths may be local to the directory's default cluster. Calls block; one thread at a time.
/// Errors: NotFound, PermissionDenied, Conflict (bulk load, read-only), Unavailable, Timeout (in doubt).
class TableData {
public:
    TableData(engine::ClusterDirectory& directory, engine::maprdb::NowMs nowMs);

    /// Writes the cells of one row, all or none. InvalidInput without cells, with an empty key, or with a
    /// column twice (of one time).
    Status put(const std::string& path, BytesView key, const std::vector<CellWrite>& cells);
    /// The visible cells; empty when there is no such row.
    Result<RowRead> get(const std::string& path, BytesView key);
    Result<ScanPage> scan(const ScanRequest& request);
    Status deleteRow(const std::string& path, BytesView key);
    Status deleteFamily(const std::string& path, BytesView key, const std::string& family);
    /// All versions of one column up to now.
    Status deleteColumn(const std::string& path, BytesView key, const std::string& family, BytesView qualifier);

private:
    Status send(const std::string& path, BytesView key, const std::vector<std::string>& families, BytesView mutations);

    engine::ClusterDirectory& directory_;
    engine::maprdb::NowMs nowMs_;
};

}  // namespace tributary::app
