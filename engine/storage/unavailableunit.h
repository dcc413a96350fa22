// The state of a dataset whose file cannot be opened.
#pragma once

#include <memory>

#include "engine/storage/stateunit.h"

namespace tributary::engine {

/// Stands in for a unit that openStateUnit() could not make: every view is `reason`, nothing is taken, flushed or
/// checkpointed, and the positions stay 0, so that the log keeps whatever the file may lack when it can be opened
/// again. The owner refuses writes (StateUnit::unavailable()): apply() drops them.
[[nodiscard]] std::unique_ptr<StateUnit> makeUnavailableUnit(Error reason);

}  // namespace tributary::engine
