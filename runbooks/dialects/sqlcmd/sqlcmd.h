// The dialect of sqlcmd: statements on a running cluster, in one line.
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& sqlcmd();

}  // namespace tributary::runbooks
