// Values of streams: those of the vendor (stream create, stream topic create), and bounds of our own.
#pragma once

#include <cstdint>

#include "core/base/units.h"

namespace tributary::engine::maprdb {

constexpr std::int64_t kStreamTtlSeconds = 604'800;
constexpr std::uint32_t kDefaultPartitions = 1;
constexpr std::uint32_t kPartitionsMax = 4'096;
/// Messages of one stored batch, and of one request.
constexpr std::uint64_t kBatchMessagesMax = 10'000;
constexpr std::size_t kTopicNameBytesMax = 249;
constexpr std::size_t kGroupNameBytesMax = 249;
/// Changes of the origin that a partition remembers one by one; what is older counts as known, whoever wrote it.
constexpr std::size_t kSpansMax = 256;
constexpr Millis kReadWaitMsMax = 30'000;
/// How often a reader that waits looks again.
constexpr Millis kReadAgainMs = 20;

}  // namespace tributary::engine::maprdb
