// The command languages that this program speaks: the one place that registers them.
#pragma once

#include "runbooks/dialects/dialects.h"

namespace tributary::app {

/// Every dialect, in the order of help. A cheap value, to be handed on.
[[nodiscard]] runbooks::Dialects dialects();

}  // namespace tributary::app
