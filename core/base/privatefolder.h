// Folders that only one user writes into: what rows, secrets, sockets and configurations lie in.
#pragma once

#include <string>

#include "core/base/result.h"

namespace tributary {

/// Makes the folders of `path` that are missing, for their owner alone (0700) whatever the process masks. Folders that
/// are there stay as they are. Errors: DiskFull, PermissionDenied, Conflict (a file is in the way), Io.
[[nodiscard]] Status makePrivateFolders(const std::string& path);

/// The same for folders that others may look into, and never write into (0755 at most): whoever can write into one puts
/// files of his own in the place of those in it.
[[nodiscard]] Status makeFolders(const std::string& path);

}  // namespace tributary
