// The verbs that take care of a workspace: backup, restore, doctor, metrics.
#pragma once

#include "app/terminal/verb.h"

namespace tributary::app {

[[nodiscard]] Verb backupVerb();
[[nodiscard]] Verb restoreVerb();

}  // namespace tributary::app
