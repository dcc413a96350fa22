// Who may read and change the files of a workspace.
#pragma once

#include <vector>

#include "app/care/doctor.h"
#include "core/workspace/workspace.h"

namespace tributary::app {

/// Modes and owners below the workspace: what the engine cannot write, what others may read, where others may put files
/// of their own. Looks only; what cannot be looked at is left to those who look at what lies there. Any thread.
[[nodiscard]] std::vector<HealthFinding> examineModes(const WorkspacePaths& paths);

}  // namespace tributary::app
