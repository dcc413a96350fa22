// Arithmetic of the tombstones' life.
#include "engine/replication/horizon.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace tributary::engine {

Horizon horizonOf(Millis oldestPendingMs, Millis deleteTtlMs, Millis nowMs) {
    if (oldestPendingMs == 0 || deleteTtlMs <= 0) return Horizon::Far;
    const Millis ageMs = nowMs - oldestPendingMs;
    if (ageMs > deleteTtlMs) return Horizon::Passed;
    return ageMs >= deleteTtlMs - deleteTtlMs / 5 ? Horizon::Near : Horizon::Far;
}

Millis horizonMs(Millis oldestPendingMs, Millis deleteTtlMs) {
    return oldestPendingMs == 0 || deleteTtlMs <= 0 ? 0 : oldestPendingMs + deleteTtlMs;
}

std::string horizonText(Millis oldestPendingMs, Millis deleteTtlMs, Millis nowMs) {
    return fmt::format(
        "its oldest change waits for {} s, and delete markers live {} s: let it through within {} s, or "
        "deleted rows may come back",
        (nowMs - oldestPendingMs) / 1000, deleteTtlMs / 1000, (horizonMs(oldestPendingMs, deleteTtlMs) - nowMs) / 1000);
}

std::string divergedText(Millis sinceMs) {
    return fmt::format(
        "diverged possible: since {} UTC changes waited for longer than delete markers live; the runbook "
        "replica-resync compares and mends",
        isoTime(sinceMs));
}

}  // namespace tributary::engine
