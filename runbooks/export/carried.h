// The runbook that an export carries along, as marked lines at its end.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "runbooks/export/exporter.h"

namespace tributary::runbooks {

/// Lines `#: KEY VALUE` and `#| TEXT` that carriedRunbook() reads back.
[[nodiscard]] std::string carriedLines(const Runbook& runbook, const ParameterValues& values, ExportTarget target,
                                       std::string_view version);

/// What an export said of itself.
struct Carried {
    std::string text;  ///< of the runbook, as it was
    ParameterValues values;
    ExportTarget target = ExportTarget::Bash;
    std::string version;  ///< of the program that wrote the export
};

/// True when the text holds lines of carriedLines().
[[nodiscard]] bool carriesRunbook(std::string_view exported);
/// Reads them. Errors: Corrupt when lines are missing or the hash does not fit.
[[nodiscard]] Result<Carried> carriedRunbook(std::string_view exported);

}  // namespace tributary::runbooks
