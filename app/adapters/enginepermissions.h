// Permissions of the acting user, as the cluster decides them.
#pragma once

#include <string>

#include "core/topology/ace.h"
#include "engine/systems/maprdb/tables/tablerecord.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Whether a permission of the table or of its families turns on who is in a group: then AceSubject must tell.
[[nodiscard]] bool turnsOnGroups(const engine::maprdb::TableRecord& table);

/// Whether a user, in the groups that the table's cluster knows, holds a permission on a table. `readperm` and
/// `writeperm` of a binary table are those of its families: all must grant it; `readperm` also needs
/// `defaultreadperm`, which the source of a replica is asked for. Decided as the cluster decides it, to which no role
/// is known; Unknown when an expression cannot be read.
[[nodiscard]] runbooks::CheckOutcome holdsPermission(const engine::maprdb::TableRecord& table,
                                                     const AceSubject& subject, const std::string& permission);

/// Whether at least one family grants it (`readperm` or `writeperm`).
[[nodiscard]] runbooks::CheckOutcome anyFamilyGrants(const engine::maprdb::TableRecord& table,
                                                     const AceSubject& subject, const std::string& permission);

}  // namespace tributary::app
