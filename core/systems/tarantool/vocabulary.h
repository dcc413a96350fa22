// The words of Tarantool's configuration and of its spaces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/topology/topology.h"

namespace tributary::tarantool {

[[nodiscard]] const std::vector<std::string>& failoverNames();           ///< off, manual, election, supervised
[[nodiscard]] const std::vector<std::string>& modeNames();               ///< rw, ro
[[nodiscard]] const std::vector<std::string>& bootstrapStrategyNames();  ///< auto, config, supervised, native, legacy
[[nodiscard]] const std::vector<std::string>& engineNames();             ///< memtx, vinyl
[[nodiscard]] const std::vector<std::string>& fieldTypeNames();          ///< unsigned, string, ...
/// Roles that every Tarantool has: public, replication, super, sharding.
[[nodiscard]] const std::vector<std::string>& builtinRoles();

inline constexpr std::string_view kDefaultGroup = "group001";

/// What holds where the drawing says nothing.
[[nodiscard]] std::string appOf(const Cluster& cluster);
[[nodiscard]] std::string groupOf(const Cluster& cluster);
[[nodiscard]] std::string failoverOf(const Cluster& cluster);
/// The user as whom members follow each other: the drawn one, else the only user that may replicate; empty when the
/// drawing leaves it open.
[[nodiscard]] std::string advertisedUser(const Cluster& cluster);
/// Whether the user's roles let it replicate.
[[nodiscard]] bool mayReplicate(const Account& account);
/// Whether the member takes writes, as far as the drawing says: by its mode with failover off (a lone member is rw
/// unless drawn ro), by leader with failover manual, all candidates otherwise.
[[nodiscard]] bool mayWrite(const Cluster& cluster, const Member& member);

}  // namespace tributary::tarantool
