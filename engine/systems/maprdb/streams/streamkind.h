// Streams of MapR Streams, as a kind of data.
#pragma once

#include "engine/dataset/datasetkind.h"

namespace tributary::engine::maprdb {

/// The kind; one for the process.
[[nodiscard]] const DatasetKind& streamKind();

}  // namespace tributary::engine::maprdb
