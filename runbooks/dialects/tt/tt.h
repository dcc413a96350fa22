// The dialect of tt: instances of an environment, as processes (tarantool.md section 2.5).
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& tt();

}  // namespace tributary::runbooks
