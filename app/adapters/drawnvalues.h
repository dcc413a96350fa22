// Values of a runbook's parameters, held against the drawing before anything runs.
#pragma once

#include "core/topology/topology.h"
#include "runbooks/model/parameters.h"

namespace tributary::app {

/// Whether the drawing has the clusters that the values name: those of type cluster, and C of /mapr/C/PATH. The dataset
/// itself need not be drawn, since a runbook may create it; empty values are not given and not judged.
/// Errors: InvalidInput, `where` names the parameter, the fix what is drawn.
[[nodiscard]] Status checkDrawnValues(const runbooks::Runbook& runbook, const runbooks::ParameterValues& values,
                                      const Topology& topology);

/// Whether the drawing has the clusters that the checks of a runbook name: their paths' and those named by themselves.
/// Texts with placeholders are not judged: render first. Errors: InvalidInput, `where` names step and check.
[[nodiscard]] Status checkDrawnChecks(const runbooks::Runbook& runbook, const Topology& topology);

}  // namespace tributary::app
