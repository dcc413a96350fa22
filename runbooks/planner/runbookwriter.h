// A runbook as its YAML text.
#pragma once

#include <string>

#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

/// A text that parseRunbook() reads to the same runbook. `head` stands before it, each line as a comment. Without
/// parameters and conditions, which plans have none of; texts must hold no {{.
[[nodiscard]] std::string runbookText(const Runbook& runbook, const std::string& head);

}  // namespace tributary::runbooks
