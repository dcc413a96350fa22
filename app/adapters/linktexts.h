// The state of a link, what went wrong with it and what it waits for, in words.
#pragma once

#include <string>

#include "engine/admin/tableadmincalls.h"

namespace tributary::app {

/// The state of a link, as the check `link-state` names it: replicating, paused, copying, scheduled, agreement-missing,
/// unreachable, error; or "connecting" for a moment. `link` is a row of ListReplicas or NodeStatus.
[[nodiscard]] std::string linkStateOf(const engine::Json& link);
/// "ErrAllGatewaysUnreachable: All configured gateways ..."; empty when there is no error.
[[nodiscard]] std::string linkErrorOf(const engine::Json& link);
/// Why a link that streams has had nothing acknowledged for a while; empty when it has.
[[nodiscard]] std::string linkStallOf(const engine::Json& link);

}  // namespace tributary::app
