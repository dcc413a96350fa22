// Saving an export.
#include "app/observe/exportfile.h"

#include <sys/stat.h>

#include "core/workspace/atomicfile.h"

namespace tributary::app {

Status saveExport(const std::string& file, const std::string& text, runbooks::ExportTarget target) {
    if (Status saved = saveFileAtomically(file, text); !saved) return saved;
    if (target != runbooks::ExportTarget::Bash) return okStatus();
    struct stat info {};
    // Whoever may read it may run it, and nobody else.
    if (::stat(file.c_str(), &info) != 0 || ::chmod(file.c_str(), info.st_mode | (info.st_mode & 0444U) >> 2) != 0) {
        return Error{ErrorCode::Io, "it cannot be made executable", file, "bash " + file};
    }
    return okStatus();
}

}  // namespace tributary::app
