// Which steps of a run an undo takes back, in which order. Inside the runner only.
#pragma once

#include <string>
#include <vector>

#include "runbooks/model/runbook.h"
#include "runbooks/runner/runstate.h"

namespace tributary::runbooks::detail {

/// What this run did and nobody undid: last first, down to (and without) `downTo`. Pointers into `rendered`.
[[nodiscard]] std::vector<const Step*> undoList(const Runbook& rendered, const RunState& state,
                                                const std::string& downTo);

/// What people did themselves has no commands that take it back, unless it is said that nothing need be. A question did
/// nothing: it is undone with the rest.
[[nodiscard]] bool reversedByHand(const Step& step);

}  // namespace tributary::runbooks::detail
