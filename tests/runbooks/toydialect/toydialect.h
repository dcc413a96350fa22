// A command language of a system that does not exist: what a new dialect needs, and nothing else.
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

/// Lines are `toy look NAME` and `toy drop NAME`.
[[nodiscard]] const Dialect& toy();

}  // namespace tributary::runbooks
