// A table's record, as its cluster tells it, in the words of the drawing.
#pragma once

#include "core/topology/observation.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::app {

/// Attributes, families and records of a table; rows and bytes stay unknown.
[[nodiscard]] ObservedDataset observedTable(const engine::maprdb::TableRecord& record);
/// One replica record; state and figures of its link stay unknown.
[[nodiscard]] ObservedReplica observedReplica(const engine::ReplicaRecord& record);
/// "profile,orders:total" as a list; empty text: everything.
[[nodiscard]] std::vector<std::string> columnList(const std::string& columns);

}  // namespace tributary::app
