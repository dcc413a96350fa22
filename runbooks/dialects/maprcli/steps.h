// Private to runbooks/dialects: steps of imported maprcli commands.
#pragma once

#include "runbooks/dialects/stepshape.h"

namespace tributary::runbooks {

[[nodiscard]] StepShape maprcliShape(const Operation& op);

}  // namespace tributary::runbooks
