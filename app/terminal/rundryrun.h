// What `run --dry-run` shows: of a runbook, or of the undo of a run. Changes nothing, waits for nothing that is frozen.
#pragma once

#include <string>

#include "app/daemon/session.h"
#include "app/terminal/runbookverbs.h"

namespace tributary::app {

/// `run RUNBOOK --dry-run`: every step with what its checks answer now. The exit code.
[[nodiscard]] int showDryRun(const VerbContext& context, const RunWords& words, Session& session);
/// `run --undo [RUN] --dry-run`: the plan of the undo, in the order in which it goes. 2 when it is refused, 3 when
/// something that it takes away could not be looked at.
[[nodiscard]] int showUndoPlan(const VerbContext& context, const RunWords& words, Session& session);

}  // namespace tributary::app
