// One attribute of an element by name, as text: what topology.yaml, the property panel and setAttribute() have in
// common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/systems/attribute.h"
#include "core/topology/topology.h"

namespace tributary {

/// Assigns the attribute `name` from `value`; nullopt gives its default. On an error the element is unchanged.
///
/// The names are those of the tables of core/systems/attributes.h, written as in topology.yaml; lists with commas.
/// Beside them: `name` of a cluster or region, `path` of a dataset; gateways as name or name=host:port; families,
/// members and users as names (those that stay keep their settings); perms.<permission>, family.<name>.<attribute>,
/// member.<name>.<attribute>, user.<name>.<attribute>.
/// Errors: InvalidInput naming the attribute (with the nearest known one) or the value.
[[nodiscard]] Status assignAttribute(Cluster& cluster, std::string_view name, const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Dataset& dataset, std::string_view name, const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Replica& replica, std::string_view name, const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Upstream& upstream, std::string_view name,
                                     const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Peer& peer, std::string_view name, const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Connection& connection, std::string_view name,
                                     const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Wan& wan, std::string_view name, const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Region& region, std::string_view name, const std::optional<std::string>& value);

}  // namespace tributary
