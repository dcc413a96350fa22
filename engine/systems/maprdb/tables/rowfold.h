// The fold of table rows, as storage asks for it: keys of operations, and records joined with operations.
#pragma once

#include <memory>

#include "engine/storage/rowformat.h"

namespace tributary::engine::maprdb {

/// The row format of MapR-DB tables (mutation.h in payloads, row.h in the state). Stateless; share one.
[[nodiscard]] std::shared_ptr<const RowFormat> makeTableRowFormat();

}  // namespace tributary::engine::maprdb
