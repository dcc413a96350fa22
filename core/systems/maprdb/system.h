// MapR-DB in the table of systems.
#pragma once

#include "core/systems/registry.h"

namespace tributary::maprdb {

[[nodiscard]] System system();

}  // namespace tributary::maprdb
