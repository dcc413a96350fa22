// The dialect of voltdb: root folders and hosts as processes (voltdb.md section 2.3).
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& voltdb();

}  // namespace tributary::runbooks
