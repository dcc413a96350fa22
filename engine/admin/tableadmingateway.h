// Which gateways lead from one cluster to another, and which of them answer.
#pragma once

#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"

namespace tributary::engine::maprdb {

struct GatewayReach {
    std::string name;
    bool reachable = false;
};

/// The gateways that `from` would use for `to`, in lookup order (maprdb.md section 1.7): as `from` knows them; else
/// those set there, else those that run in `to`, each reachable when `to` says that it runs. Empty when there are none.
/// Unavailable when `from` cannot be asked; an unreachable `to` makes its gateways unreachable.
Result<std::vector<GatewayReach>> gatewaysBetween(ClusterCalls& calls, const std::string& from, const std::string& to);

}  // namespace tributary::engine::maprdb
