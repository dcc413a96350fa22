// What is not any more as a run left it. Inside the runner only.
#pragma once

#include <string>
#include <vector>

#include "runbooks/model/runbook.h"
#include "runbooks/port/systemport.h"
#include "runbooks/runner/runstate.h"

namespace tributary::runbooks::detail {

/// Facts of the system that came or went since the last session ended: "gone: ...", "new: ...". Empty when nothing
/// did, or when then or now is not known.
[[nodiscard]] std::vector<std::string> changedFacts(const RunState& state, SystemPort& port);
/// The done-when check of a step that does not hold now, or cannot be told, as a sentence; empty when all hold.
[[nodiscard]] std::string lostEffect(const Step& step, SystemPort& port);
/// The settled steps whose done-when does not hold any more: "step pause: not so: ...".
[[nodiscard]] std::vector<std::string> lostSteps(const Runbook& rendered, const RunState& state, SystemPort& port);

}  // namespace tributary::runbooks::detail
