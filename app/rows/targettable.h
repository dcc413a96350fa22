// A table as those who write rows need it.
#pragma once

#include <string>
#include <vector>

#include "app/daemon/directory.h"

namespace tributary::app {

/// A table as the writing verbs need it.
struct TargetTable {
    std::string path;  ///< full
    std::string cluster;
    std::vector<std::string> families;  ///< live ones
};

/// Looks a table up. Errors: NotFound, Unavailable, InvalidInput, each with a fix.
[[nodiscard]] Result<TargetTable> findTable(WorkspaceDirectory& directory, const std::string& path);

}  // namespace tributary::app
