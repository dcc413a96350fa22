// The rules of Tarantool, one file per theme.
#pragma once

#include <string>
#include <vector>

#include "core/rules/rule.h"

namespace tributary::tarantool {

void addInstanceRules(std::vector<Rule>& rules);  ///< instances: names, addresses, identities, how many
void addWriterRules(std::vector<Rule>& rules);    ///< who writes, who leads, who founds the replica set
void addUserRules(std::vector<Rule>& rules);      ///< users, roles, as whom instances follow each other
void addPeerRules(std::vector<Rule>& rules);      ///< who follows whom
void addSpaceRules(std::vector<Rule>& rules);     ///< spaces, their fields and indexes

/// The replica sets of a drawing, in its order.
[[nodiscard]] std::vector<const Cluster*> replicaSets(const RuleContext& context);
/// Members that are registered in the replica set: all but the anonymous ones.
[[nodiscard]] std::size_t registeredCount(const Cluster& cluster);
/// "cluster replicaset001".
[[nodiscard]] std::string whereOf(const Cluster& cluster);
/// Where a member is drawn, else its cluster.
[[nodiscard]] SourcePos placeOf(const Cluster& cluster, const Member& member);
/// Sets an attribute of a member; no value takes its default.
[[nodiscard]] EditPtr memberEdit(const Cluster& cluster, const Member& member, std::string_view attribute,
                                 std::optional<std::string> value);

}  // namespace tributary::tarantool
