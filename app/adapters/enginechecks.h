// The checks of runbooks, answered by what clusters say of themselves.
#pragma once

#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Evaluates one check of runbooks/model/checks.h for `user`. False is only said of what a cluster answered; a cluster
/// that cannot be asked makes it Unknown. Blocks.
[[nodiscard]] runbooks::CheckOutcome evaluateCheck(engine::maprdb::ClusterCalls& calls, const std::string& user,
                                                   const std::string& name, const std::vector<std::string>& arguments);

/// The state of a link, as the check `link-state` names it: replicating, paused, copying, scheduled, agreement-missing,
/// unreachable, error; or "connecting" for a moment. `link` is a row of ListReplicas or NodeStatus.
[[nodiscard]] std::string linkStateOf(const engine::Json& link);
/// "ErrAllGatewaysUnreachable: All configured gateways ..."; empty when there is no error.
[[nodiscard]] std::string linkErrorOf(const engine::Json& link);
/// Why a link that streams has had nothing acknowledged for a while; empty when it has.
[[nodiscard]] std::string linkStallOf(const engine::Json& link);

}  // namespace tributary::app
