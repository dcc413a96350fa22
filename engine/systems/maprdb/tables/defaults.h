// Values that the vendor never published, or published without a number: ours, in one place (maprdb.md section 7).
#pragma once

#include <cstdint>

#include "core/base/limits.h"
#include "core/base/units.h"

namespace tributary::engine::maprdb {

constexpr std::int64_t kDeleteTtlSeconds = 86'400;        ///< tombstones kept (tagged memory in the reference)
constexpr std::int64_t kTtlForeverShown = 2'147'483'647;  ///< how `cf list` shows TTL 0
constexpr std::int64_t kRegionSizeMb = 4096;
constexpr std::int64_t kMetricsIntervalSeconds = 60;
using limits::kReplicasMax;
using limits::kUpstreamsMax;
constexpr Millis kReplicaStatsCacheMs = 300'000;  ///< `replica list` without -refreshnow true
constexpr Millis kSyncLatencyMsMax = 2'000;       ///< a synchronous link slower than this falls back to async

}  // namespace tributary::engine::maprdb
