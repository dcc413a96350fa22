// Reports of a run, drawn from its journal alone.
#pragma once

#include <string>

#include "runbooks/runner/runstate.h"

namespace tributary::runbooks {

/// JUnit XML: a step is a test case; a false check is a failure, machinery an error, not needed / not reached skipped.
[[nodiscard]] std::string junitReport(const RunState& state);

/// Markdown for people: outcome and exit code, steps with commands and evidence, approvals, lag.
[[nodiscard]] std::string markdownReport(const RunState& state);

}  // namespace tributary::runbooks
