// Tables that are replicated, as both ends of a conversation must have them: what is compared, and in whose words.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/systems/voltdb/data/voltsettings.h"
#include "engine/systems/voltdb/log/binarylog.h"

namespace tributary::engine::voltdb {

/// The hidden column of every replicated table of an active cluster (dr/drstamp.h): the last one of its images.
inline constexpr const char* kStampColumn = "dr_clusterid_timestamp";

[[nodiscard]] std::string_view drRoleName(DrRole role);  ///< "NONE", "MASTER", ...

struct DrColumn {
    LogColumn column;
    std::uint32_t size = 0;  ///< of what varies; 0 = as its type
    bool nullable = true;
    friend bool operator==(const DrColumn&, const DrColumn&) = default;
};

/// A table declared by DR TABLE. Defaults, views, other indexes and row limits are nobody's business here.
struct DrTable {
    std::string name;  ///< in capitals
    std::vector<DrColumn> columns;
    int partitionColumn = -1;                    ///< -1: a copy in every partition; its changes travel in kMpPartition
    bool hasPrimaryKey = false;                  ///< the first of `uniqueKeys`
    std::vector<std::vector<int>> uniqueKeys{};  ///< columns, in the order of the index
    friend bool operator==(const DrTable&, const DrTable&) = default;
};

/// As the binary log knows it: with the hidden column when `stamped`.
[[nodiscard]] LogTable loggedTable(const DrTable& table, bool stamped);

/// The tables of one end by what the log calls them. Holds what it points at.
class DrTables {
public:
    DrTables() = default;
    DrTables(std::vector<DrTable> tables, bool stamped);

    struct Entry {
        DrTable table;
        LogTable logged;
        std::uint64_t signature = 0;
    };
    [[nodiscard]] const std::vector<Entry>& all() const { return entries_; }
    /// Borrowed, or nullptr.
    [[nodiscard]] const Entry* signedBy(std::uint64_t signature) const;
    [[nodiscard]] const Entry* named(std::string_view name) const;
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] bool isStamped() const { return isStamped_; }
    /// Valid as long as this object is neither changed nor moved.
    [[nodiscard]] TableLookup lookup() const;
    [[nodiscard]] std::vector<DrTable> tables() const;

private:
    std::vector<Entry> entries_;
    std::map<std::uint64_t, std::size_t> bySignature_;
    bool isStamped_ = false;
};

/// Why rows of `remote` cannot be applied to `local`; empty when they can. `remoteCluster` is named in the sentences.
[[nodiscard]] std::vector<std::string> tableDifferences(const DrTable& local, const DrTable& remote, int remoteCluster);
/// The same of all that the remote end replicates. Tables that only the local end has do not matter.
[[nodiscard]] std::vector<std::string> schemaDifferences(const DrTables& local, const std::vector<DrTable>& remote,
                                                         int remoteCluster);

void appendTables(Bytes& out, const std::vector<DrTable>& tables);
/// Errors: Corrupt.
[[nodiscard]] Result<std::vector<DrTable>> readTables(ByteReader& in);

}  // namespace tributary::engine::voltdb
