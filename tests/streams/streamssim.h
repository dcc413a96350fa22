// Streams in the simulator.
#pragma once

#include "tests/sim/simkind.h"

namespace tributary::streams {

/// Few topics to which everybody produces, so that origins meet; cursors; crashes of every sort.
[[nodiscard]] const simtest::SimKind& inSim();

}  // namespace tributary::streams
