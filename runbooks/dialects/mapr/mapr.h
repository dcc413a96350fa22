// The dialect of mapr: tools of JSON tables; those of streams are understood and refused (maprdb.md section 1.8).
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& mapr();

}  // namespace tributary::runbooks
