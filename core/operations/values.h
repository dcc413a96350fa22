// Private to core/operations: one raw value against one parameter's type.
#pragma once

#include <string>
#include <vector>

#include "core/operations/schema.h"

namespace tributary {

/// The canonical spelling of `value` for `spec`, or InvalidInput with `where` = "-name". Remarks go to `warnings`.
[[nodiscard]] Result<std::string> canonicalValue(const ParamSpec& spec, const std::string& value, MakeOptions options,
                                                 std::vector<std::string>& warnings);

}  // namespace tributary
