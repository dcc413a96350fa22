// Clusters of VoltDB of a workspace, behind app/systems/membersystem.h.
#pragma once

#include "app/systems/membersystem.h"

namespace tributary::app {

[[nodiscard]] const MemberSystem& databases();

}  // namespace tributary::app
