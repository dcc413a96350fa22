// The checks of runbooks, answered by what clusters of VoltDB, their processes and their files say.
#pragma once

#include <string>
#include <vector>

#include "app/databaseruns/databaseworld.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Evaluates one check of runbooks/dialects/voltdb/checks. False is only said of what a cluster answered, and of a
/// process that is known not to run; what cannot be asked, or is not told, is Unknown. Blocks.
[[nodiscard]] runbooks::CheckOutcome evaluateDatabaseCheck(DatabaseWorld& world, const std::string& name,
                                                           const std::vector<std::string>& arguments);

}  // namespace tributary::app
