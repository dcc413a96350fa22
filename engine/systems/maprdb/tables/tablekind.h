// Binary tables of MapR-DB as a kind of data.
#pragma once

#include "engine/dataset/kinds.h"

namespace tributary::engine::maprdb {

/// The kind; there is one, and it holds nothing.
[[nodiscard]] const DatasetKind& tableKind();

}  // namespace tributary::engine::maprdb
