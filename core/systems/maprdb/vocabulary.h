// The words of MapR-DB's permissions and compressions.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary {

[[nodiscard]] const std::vector<std::string>& compressionNames();

/// Permission names of a dataset kind (maprdb.md 1.2, 1.6); tables also know `readperm`, short for defaultreadperm.
[[nodiscard]] const std::vector<std::string>& permissionNames(DatasetKind kind);
[[nodiscard]] const std::vector<std::string>& familyPermissionNames();

/// Refuses `readperm` beside `defaultreadperm`: both say who may read a table's new families, and only the latter is a
/// word of the real system. Whoever draws both means one of them.
[[nodiscard]] Status checkPermissionNames(const Permissions& perms);

}  // namespace tributary
