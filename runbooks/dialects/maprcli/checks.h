// Private to runbooks/dialects: the checks of this system.
#pragma once

#include <vector>

#include "runbooks/dialects/checkspec.h"

namespace tributary::runbooks {

[[nodiscard]] std::vector<CheckSpec> maprChecks();
/// STATE of link-state, PERM of has-permission.
[[nodiscard]] std::vector<ClosedArgument> maprClosedArguments();

}  // namespace tributary::runbooks
