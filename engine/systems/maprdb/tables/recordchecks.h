// What a table's record may say: checked at the node, whatever the client did before.
#pragma once

#include <map>
#include <string>

#include "core/base/result.h"
#include "engine/node/nodeconfig.h"
#include "engine/systems/maprdb/tables/anytablekind.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::engine::maprdb {

/// Expressions that parse, and name users, groups and roles that the cluster knows: those of the drawing, root and
/// mapr. A cluster whose drawing names neither users nor groups knows everybody. Errors: InvalidInput naming the
/// permission and the nearest known name.
[[nodiscard]] Status checkPermissions(const NodeConfig& config, const Permissions& perms);

/// Nobody could give back what an empty permission to administer takes away; one that is not named stays as it is.
/// `noun` is what it administers. Errors: InvalidInput.
[[nodiscard]] Status checkAdministrated(const std::string& permission, const Permissions& perms, std::string_view noun);

/// New name ("name" at a creation, "newname" at a change), versions, ttl, compression, permissions and columns of a
/// family as a request describes it (controlapi.h): what is not there is not checked. Errors: InvalidInput.
[[nodiscard]] Status checkFamilyRequest(const NodeConfig& config, const Json& family, FamilyRequest what);

/// Attributes of a table by name: known ones, with values of their kind. Errors: InvalidInput.
[[nodiscard]] Status checkAttributes(const std::map<std::string, std::string>& attributes);

}  // namespace tributary::engine::maprdb
