// Toys in the simulator.
#pragma once

#include "tests/sim/simkind.h"

namespace tributary::toy {

/// Hot accounts that everybody draws on, names that two accounts want, remarks that stay; and a model that decides
/// every entry a second time.
[[nodiscard]] const simtest::SimKind& inSim();

}  // namespace tributary::toy
