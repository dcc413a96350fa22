// Access control expressions: their syntax and canonical spelling. Who passes one is the catalog's business.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace tributary {

/// Checks an access control expression and returns it as the system displays it, `u:root | u:mapr`: `u:<user>`,
/// `g:<group>`, `r:<role>`, `p` (everybody), joined by `|`, `&`, `!` and parentheses; "" denies all
/// (maprdb.md section 1.1). Errors name the column within the expression, counted from 1.
[[nodiscard]] Result<std::string> canonicalAce(std::string_view text);

}  // namespace tributary
