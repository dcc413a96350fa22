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

}  // namespace tributary::runbooks::detail
