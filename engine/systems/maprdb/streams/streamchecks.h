// Who may do what with a stream, and what its record may say: checked at the node, whatever the client did before.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "engine/systems/maprdb/streams/streambody.h"
#include "engine/systems/maprdb/streams/streamschema.h"
#include "engine/systems/maprdb/tables/access.h"

namespace tributary::engine::maprdb {

/// Attributes of a stream by name, with values of their kind. Errors: InvalidInput.
[[nodiscard]] Status checkStreamAttributes(const std::map<std::string, std::string>& attributes);

/// PermissionDenied naming the first permission of `any`, unless the user has one of them.
[[nodiscard]] Status requireAnyOf(Access& access, const DatasetRecord& stream, const std::vector<const char*>& any,
                                  const std::string& user);
/// What the parts of a body need. The body was checked.
[[nodiscard]] Status requireParts(Access& access, const DatasetRecord& stream, const std::vector<PartView>& parts,
                                  const std::string& user);

}  // namespace tributary::engine::maprdb
