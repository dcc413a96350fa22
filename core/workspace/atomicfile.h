// Saving a text file so that a reader sees the old or the new text, whatever happens in between.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace tributary {

/// Who may read a file that was not there before: whom the process' mask lets, or its owner alone (what holds rows).
enum class NewFile { Shared, Private };

/// Writes `text` to a temporary file beside `path`, syncs it, renames it over `path` and syncs the folder. The file's
/// mode is kept; a symbolic link is followed, not replaced. On any error the file at `path` is untouched and the
/// temporary one is gone. Errors: DiskFull (also quota and size limits), PermissionDenied, NotFound (the folder), Io.
/// Blocks.
[[nodiscard]] Status saveFileAtomically(const std::string& path, std::string_view text, NewFile who = NewFile::Shared);

}  // namespace tributary
