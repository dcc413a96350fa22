// The tables of a host as replication compares and carries them.
#pragma once

#include <memory>

#include "engine/systems/voltdb/replication/drschema.h"
#include "engine/systems/voltdb/schema/voltschema.h"

namespace tributary::engine::voltdb {

/// Under which replication keeps its trackers beside the rows (PartitionRows::metaGet).
inline constexpr const char* kTrackersNote = "dr trackers";

/// The DR tables of a catalog; the rows of all of them have the hidden column.
[[nodiscard]] DrTables drTablesOf(const VoltCatalog& catalog);

/// Tables as they were for entries of the log; one catalog is kept.
class TablesOfThen {
public:
    /// Valid until the next call.
    const DrTables& at(const std::shared_ptr<const VoltSchema>& schema, Lsn lsn);

private:
    std::shared_ptr<const VoltSchema> schema_;
    const VoltCatalog* catalog_ = nullptr;
    DrTables tables_;
};

}  // namespace tributary::engine::voltdb
