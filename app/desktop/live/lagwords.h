// The lag chart in words, for those who do not see it.
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "app/desktop/live/laghistory.h"
#include "app/desktop/live/lagplot.h"

namespace tributary::desktop {

/// What the chart shows of [fromMs, toMs): each link's newest and highest value, the steps begun, the faults in force
/// then. Unknown is said, never told as 0.
[[nodiscard]] QString lagInWords(const LagHistory& history, const std::vector<std::string>& ids, const LagView& view,
                                 Millis fromMs, Millis toMs);

}  // namespace tributary::desktop
