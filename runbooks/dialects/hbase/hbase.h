// The dialect of hbase: the tools that copy and compare binary tables (maprdb.md section 1.8).
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& hbase();

}  // namespace tributary::runbooks
