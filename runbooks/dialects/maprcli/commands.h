// Private to runbooks/dialects: the command table of maprcli.
#pragma once

#include "runbooks/dialects/options/commandtable.h"

namespace tributary::runbooks {

[[nodiscard]] CommandTable maprcliCommands();

}  // namespace tributary::runbooks
