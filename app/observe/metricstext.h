// Figures of clusters and links in Prometheus' text format.
#pragma once

#include <string>

#include "app/observe/statusmodel.h"

namespace tributary::app {

/// The status in Prometheus' text format. What is not known is left out, never 0.
[[nodiscard]] std::string metricsText(const WorkspaceStatus& status);

/// Asks the clusters of a workspace, as `user`, and returns their figures. What cannot be opened at all gives a comment
/// with the reason. Blocks as collectStatus() does.
[[nodiscard]] std::string metricsOfWorkspace(const std::string& workspaceDir, const std::string& user);

}  // namespace tributary::app
