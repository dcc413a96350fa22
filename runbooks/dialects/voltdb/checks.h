// What runbooks may ask of clusters and hosts.
#pragma once

#include <vector>

#include "runbooks/dialects/checkspec.h"

namespace tributary::runbooks {

[[nodiscard]] std::vector<CheckSpec> databaseChecks();

}  // namespace tributary::runbooks
