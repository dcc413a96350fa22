// Replica sets of a workspace: its drawn ones as an environment of tt whose instances are processes.
#pragma once

#include "app/instances/instanceplace.h"
#include "app/systems/membersystem.h"

namespace tributary::app {

/// Tarantool behind the interface of systems with processes of their own. Lives as long as the program.
[[nodiscard]] const MemberSystem& replicaSets();

/// An instance of a replica set in the environment at `root`. Errors: NotFound, with the instances there are.
[[nodiscard]] Result<InstancePlace> findMember(const std::string& root, const Topology& topology,
                                               const std::string& cluster, const std::string& member);

}  // namespace tributary::app
