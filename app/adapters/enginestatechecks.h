// Checks that compare what is recorded with a value: the guards of plans.
#pragma once

#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

[[nodiscard]] bool isStateCheck(const std::string& name);
/// One of them, with as many arguments as the vocabulary says. An Error is Unknown.
[[nodiscard]] Result<runbooks::CheckOutcome> stateCheck(engine::maprdb::ClusterCalls& calls, const std::string& name,
                                                        const std::vector<std::string>& arguments);

}  // namespace tributary::app
