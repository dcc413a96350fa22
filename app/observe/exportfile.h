// An exported runbook becomes a file, the same way from the terminal and from the window.
#pragma once

#include <string>

#include "core/base/result.h"
#include "runbooks/export/exporter.h"

namespace tributary::app {

/// Writes it atomically; a script is made executable. Blocking; an export is small. Errors: Io, DiskFull,
/// PermissionDenied, with what to do.
Status saveExport(const std::string& file, const std::string& text, runbooks::ExportTarget target);

}  // namespace tributary::app
