// The dialect of what stands around tt: edits of an instance's files, in lines of our own.
#pragma once

#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

[[nodiscard]] const Dialect& instanceLines();

}  // namespace tributary::runbooks
