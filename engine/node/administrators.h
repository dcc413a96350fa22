// Who may do what concerns a whole cluster: gateways, services, alarms, volumes, faults.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "engine/node/nodeconfig.h"

namespace tributary::engine {

/// Whom the cluster knows by name: the drawn users, and its administrators whoever is drawn. Empty = anybody.
[[nodiscard]] std::vector<std::string> knownUsers(const NodeConfig& config);

/// PermissionDenied naming the deed, the administrators and what to do, unless `user` is one of
/// NodeConfig::administrators. A cluster that was given none lets everybody (tests, simulations).
[[nodiscard]] Status requireAdministrator(const NodeConfig& config, const std::string& user, std::string_view deed);

}  // namespace tributary::engine
