// The dialect of voltadmin: a running cluster, administered (voltdb.md section 2.4).
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& voltadmin();

}  // namespace tributary::runbooks
