// Entries that name a family which was dropped since: what a link does not ship any more.
#pragma once

#include <string>

#include "engine/catalog/records.h"
#include "engine/replication/payload.h"

namespace tributary::engine {

/// True when a payload logged at `lsn` names a family that this table has dropped since. A renamed family is not
/// dropped; a family that was dropped and made anew is.
[[nodiscard]] bool namesDroppedFamily(const TableRecord& table, const PayloadView& payload, Lsn lsn);
/// The columns of `asked` (canonical; empty = whole table) without families dropped since `lsn`, canonical. Empty when
/// nothing is left.
[[nodiscard]] std::string withoutDropped(const std::string& asked, const TableRecord& table, Lsn lsn);

}  // namespace tributary::engine
