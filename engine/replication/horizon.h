// How long a link may lag before the delete markers that its changes need are gone.
#pragma once

#include <string>

#include "core/base/units.h"

namespace tributary::engine {

/// Delete markers live `deletettl`. A change that waits for longer may arrive where the delete that hides it is
/// forgotten: it comes back there, and the two datasets differ for good.
enum class Horizon {
    Far,
    Near,   ///< four fifths of the time are gone
    Passed  ///< the oldest change that waits is older than delete markers live
};

/// `oldestPendingMs` is the time of the oldest change that the replica lacks; 0 = nothing waits. A dataset that keeps
/// no delete markers (`deleteTtlMs` <= 0) has no horizon.
[[nodiscard]] Horizon horizonOf(Millis oldestPendingMs, Millis deleteTtlMs, Millis nowMs);
/// When it passes (wall clock, ms); 0 = nothing waits.
[[nodiscard]] Millis horizonMs(Millis oldestPendingMs, Millis deleteTtlMs);
/// A sentence for the alarm while it is near.
[[nodiscard]] std::string horizonText(Millis oldestPendingMs, Millis deleteTtlMs, Millis nowMs);
/// A sentence for the alarm once it has passed, `sinceMs` ago.
[[nodiscard]] std::string divergedText(Millis sinceMs);

}  // namespace tributary::engine
