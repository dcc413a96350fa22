// The dialect of statements on an instance's console: box APP:INSTANCE STATEMENT.
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& box();

}  // namespace tributary::runbooks
