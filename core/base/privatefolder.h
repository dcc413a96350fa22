// Folders for one user: what rows, secrets and sockets lie in.
#pragma once

#include <string>

#include "core/base/result.h"

namespace tributary {

/// Makes the folders of `path` that are missing, for their owner alone (0700) whatever the process masks. Folders that
/// are there stay as they are. Errors: DiskFull, PermissionDenied, Conflict (a file is in the way), Io.
[[nodiscard]] Status makePrivateFolders(const std::string& path);

}  // namespace tributary
