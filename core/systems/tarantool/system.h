// Tarantool in the table of systems.
#pragma once

#include "core/systems/registry.h"

namespace tributary::tarantool {

[[nodiscard]] System system();

}  // namespace tributary::tarantool
