// Binary tables of MapR-DB as a kind of data.
#pragma once

#include "engine/systems/maprdb/tables/anytablekind.h"

namespace tributary::engine::maprdb {

/// The kind; there is one, and it holds nothing.
[[nodiscard]] const AnyTableKind& tableKind();

}  // namespace tributary::engine::maprdb
