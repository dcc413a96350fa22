// The table of bounds.
#include "core/base/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/base/text.h"

namespace tributary::limits {

const std::vector<Limit>& table() {
    static const std::vector<Limit> kTable{
        {"key", kKeyBytesMax, "bytes", "A row's key; it has at least one byte."},
        {"column", kQualifierBytesMax, "bytes", "A column's name behind its family."},
        {"value", kValueBytesMax, "bytes", "The value of one cell."},
        {"request", kRequestBytesMax, "bytes",
         "One request: all cells of a put, or all rows of a batch. A larger row is written by several puts."},
        {"frame", kFrameBytesMax, "bytes",
         "What links and clients send in one piece: a request at its limit, and what a log entry and a link add."},
        {"answer", kAnswerBytesMax, "bytes",
         "One answer. A row is never cut: one whose answer is larger can be replicated, copied and compared by "
         "--columns only."},
        {"answer chunk", kAnswerChunkBytes, "bytes",
         "Scans, copies and comparisons go on with a further request after so many bytes."},
        {"scan rows", kScanRowsMax, "rows", "Rows of one answer; 'scan --limit 0' asks as often as it takes."},
        {"column list", kColumnsBytesMax, "bytes", "-columns of a replica, a copy or a scan."},
        {"path", kPathBytesMax, "bytes", "A table's path: /mapr/<cluster>/<path>."},
        {"name", kNameBytesMax, "bytes", "Names of clusters, gateways, users, groups and column families."},
        {"families", kFamiliesMax, "families", "Column families of a table."},
        {"replicas", kReplicasMax, "replicas", "Replicas of a table."},
        {"upstreams", kUpstreamsMax, "upstreams", "Upstreams of a table."},
        {"open tables", kOpenDatasetsMax, "tables",
         "Tables whose files a process has open at once; the others open when they are used. Fewer when 'ulimit -Hn' "
         "is low: a third of the descriptors is for them."},
        {"open table", kHandlesOfDataset, "descriptors",
         "What an open table takes of them. A process raises its soft limit to the hard one when it starts."},
        {"socket path", kSocketPathBytesMax, "bytes", "A local socket; a longer one moves to the runtime folder."},
        {"error text", kShownBytesMax, "bytes", "Each part of an error as it is shown; the rest is counted."},
    };
    return kTable;
}

std::string text(const Limit& limit) {
    return fmt::format("{} {}", groupedDigits(limit.most), limit.unit);
}

Status check(std::string_view limit, std::size_t size, std::string_view what, std::string where) {
    const auto& all = table();
    const auto at = std::find_if(all.begin(), all.end(), [&](const Limit& row) { return row.name == limit; });
    assert(at != all.end());
    if (size <= at->most) return okStatus();
    return Error{ErrorCode::InvalidInput,
                 fmt::format("{} of {} {} is larger than the limit '{}' of {}", what, groupedDigits(size), at->unit,
                             limit, text(*at)),
                 std::move(where), "tributary help limits"};
}

}  // namespace tributary::limits
