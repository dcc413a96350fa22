// What runs otherwise than it is drawn, as findings beside those of the rules.
#pragma once

#include <vector>

#include "core/rules/rule.h"
#include "core/topology/differences.h"

namespace tributary::app {

/// One finding per difference: rule "live.missing", "live.extra", "live.different" (errors) or "live.unknown" (a
/// warning); where and position as drawn, fix: what closes it.
[[nodiscard]] std::vector<Finding> liveFindings(const Topology& drawing, const std::vector<Difference>& differences);

}  // namespace tributary::app
