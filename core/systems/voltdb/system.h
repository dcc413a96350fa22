// VoltDB in the table of systems.
#pragma once

#include "core/systems/registry.h"

namespace tributary::voltdb {

[[nodiscard]] System system();

}  // namespace tributary::voltdb
