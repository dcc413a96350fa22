// The dialect of maprcli, which administers tables, replication, gateways and alarms (maprdb.md section 1).
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& maprcli();

}  // namespace tributary::runbooks
