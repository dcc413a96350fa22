// What the system lets the daemon have.
#pragma once

#include "core/base/result.h"

namespace tributary::app {

/// Raises the soft limit of open files to the hard one: a table, a link and a client each cost some. Call once, early.
void raiseFileLimit();

/// Errors: Io when too few files may be opened for `clusters` clusters to come up at all, with the number it takes.
Status checkFileLimit(std::size_t clusters);

}  // namespace tributary::app
