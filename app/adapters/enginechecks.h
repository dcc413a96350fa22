// The checks of runbooks, answered by what clusters say of themselves.
#pragma once

#include <string>
#include <vector>

#include "app/adapters/linktexts.h"
#include "engine/admin/tableadmincalls.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Evaluates one check of runbooks/model/checks.h for `user`. False is only said of what a cluster answered; a cluster
/// that cannot be asked makes it Unknown. Blocks.
[[nodiscard]] runbooks::CheckOutcome evaluateCheck(engine::maprdb::ClusterCalls& calls, const std::string& user,
                                                   const std::string& name, const std::vector<std::string>& arguments);

}  // namespace tributary::app
