// What keeps two masters of one group of clusters from running beside each other.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace tributary::app {

/// Before `clusters` start: a replica that was promoted stays a master, whatever is drawn, and the master that it
/// fetched from must not run again beside it. Errors: Conflict, with what to edit, when both would run and one of them
/// is to be started; nothing is said of what cannot be read.
[[nodiscard]] Status requireOneMaster(const WorkspacePaths& paths, const Topology& topology,
                                      const std::vector<std::string>& clusters);

}  // namespace tributary::app
