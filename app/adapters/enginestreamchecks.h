// Checks about topics; internal to the adapters.
#pragma once

#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// An Error becomes Unknown. Arguments as the check's words name them, counted.
[[nodiscard]] Result<runbooks::CheckOutcome> topicExists(engine::maprdb::ClusterCalls& calls,
                                                         const std::vector<std::string>& given);
[[nodiscard]] Result<runbooks::CheckOutcome> topicsApart(engine::maprdb::ClusterCalls& calls,
                                                         const std::vector<std::string>& given);

}  // namespace tributary::app
