// Who administers a cluster as drawn.
#pragma once

#include <string>
#include <vector>

#include "core/topology/topology.h"

namespace tributary {

/// Whom the drawing lets change the cluster as a whole: root and mapr, as on the real system, and the members of a
/// group "administrators". They are known in the cluster though its `users` name others.
[[nodiscard]] std::vector<std::string> administratorsOf(const Cluster& cluster);

}  // namespace tributary
