// Where local sockets lie whose own folder's path is too long for the system.
#pragma once

#include <string>

#include "core/base/result.h"

namespace tributary::app {

/// A folder of this user's: `$XDG_RUNTIME_DIR/tributary` when that variable names a folder that is there, else
/// `/tmp/tributary-UID`. Makes nothing.
[[nodiscard]] std::string socketFolder();

/// `inside` when a socket may be called so, else a name made of its digest in socketFolder(). Makes nothing.
[[nodiscard]] std::string shortSocketPath(const std::string& inside);

/// Makes `path` for this user alone (0700), or finds it made so. Errors, naming it: PermissionDenied when it is a link,
/// no folder, another user's or open to others: whoever can write there could take the sockets' place; Io.
[[nodiscard]] Status makePrivateFolder(const std::string& path);

/// The same look at a folder that somebody made, without making it. A client looks too: what it greets with is a
/// secret.
[[nodiscard]] Status checkPrivateFolder(const std::string& path);

}  // namespace tributary::app
