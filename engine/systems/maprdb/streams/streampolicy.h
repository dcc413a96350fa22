// Which offsets messages have: decided before they are logged.
#pragma once

#include "engine/dataset/policy.h"

namespace tributary::engine::maprdb {

/// A producer's messages get the next offsets of their partition; the reply is a JSON list
/// [{topic, partition, first, count}]. What comes with offsets keeps them: it is appended, fills a hole, is here
/// already (nothing happens), or finds its offsets taken by another origin's messages; then it lies apart, and the
/// partition tells both. A batch from a link that lies behind a hole waits (Stop, ErrOffsetGap), unless nothing of its
/// partition is here yet: what was written before a replica was registered comes by a copy, or not at all.
[[nodiscard]] const Policy& placingPolicy();

/// The partition of a key, the same at every node and in every version.
[[nodiscard]] std::uint32_t partitionOfKey(BytesView key, std::uint32_t partitions);

}  // namespace tributary::engine::maprdb
