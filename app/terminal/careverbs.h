// doctor and metrics: is everything as it should be, and figures for a monitoring system.
#pragma once

#include <string>

#include "app/observe/statusmodel.h"

namespace tributary::app {

/// The status in Prometheus' text format. What is not known is left out, never 0.
[[nodiscard]] std::string metricsText(const WorkspaceStatus& status);

}  // namespace tributary::app
