// The vocabulary of checks on instances.
#pragma once

#include <vector>

#include "runbooks/dialects/checkspec.h"

namespace tributary::runbooks {

/// In the order of the documentation. INSTANCE, PEER: "master_master:instance001".
[[nodiscard]] std::vector<CheckSpec> instanceChecks();

}  // namespace tributary::runbooks
