// Permissions of the acting user, as far as they can be told from outside the cluster.
#pragma once

#include <string>

#include "engine/systems/maprdb/tables/tablerecord.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Whether `user` holds a permission on a table. `readperm` and `writeperm` of a binary table are those of its
/// families: all must grant it; `readperm` also needs `defaultreadperm`, which the source of a replica is asked for.
/// Unknown when it turns on groups or roles: only the cluster knows who is in them.
[[nodiscard]] runbooks::CheckOutcome holdsPermission(const engine::maprdb::TableRecord& table, const std::string& user,
                                                     const std::string& permission);

/// Whether at least one family grants it (`readperm` or `writeperm`).
[[nodiscard]] runbooks::CheckOutcome anyFamilyGrants(const engine::maprdb::TableRecord& table, const std::string& user,
                                                     const std::string& permission);

}  // namespace tributary::app
