// Books in the simulator.
#pragma once

#include "tests/sim/simkind.h"

namespace tributary::lines {

/// Few shelves on which everybody puts lines.
[[nodiscard]] const simtest::SimKind& inSim();

}  // namespace tributary::lines
