// A runbook taken home: as a bash script that runs on the real system, or as a page to follow by hand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "runbooks/model/parameters.h"

namespace tributary::runbooks {

enum class ExportTarget { Bash, Markdown };

/// "bash" or "markdown". Errors: InvalidInput.
[[nodiscard]] Result<ExportTarget> parseExportTarget(const std::string& text);

/// Something that the rehearsed runbook does and the target cannot, or does in another way.
struct Loss {
    std::string what;  ///< what a run by Tributary does
    std::string here;  ///< what becomes of it in the export
};

/// The loss table of a runbook, in a fixed order: what every export loses, then what this runbook's steps and checks
/// lose. Never empty.
[[nodiscard]] std::vector<Loss> lossesOf(const Runbook& runbook, ExportTarget target);

/// The whole text of an export. `values` are those of resolveParameters(): a script keeps them as variables, a page
/// shows them in place. The same runbook, values and version give the same text, byte by byte. The text carries the
/// runbook itself, so that an import gives it back. Secrets appear as references only.
/// Errors: InvalidInput naming the step for a text that cannot be put into the target.
[[nodiscard]] Result<std::string> exportRunbook(const Runbook& runbook, const ParameterValues& values,
                                                ExportTarget target, std::string_view version);

}  // namespace tributary::runbooks
