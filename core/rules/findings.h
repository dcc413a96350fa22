// Findings as text for people and as JSON for programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/rules/rule.h"

namespace tributary {

/// One paragraph per finding and a last line that counts them; `file` names the drawing:
///   topology.yaml:12:5: error: <reason> [maprdb.upstream-missing]
///       at <where>
///       fix: <fix>
/// Without findings: "topology.yaml: no findings".
[[nodiscard]] std::string formatFindings(const std::vector<Finding>& findings, std::string_view file);

/// One JSON object: {"file", "errors", "warnings", "infos", "findings": [{"rule", "severity", "where", "line",
/// "column", "reason", "fix", "quickFix"}]}. Line and column are null when unknown; quickFix is the edit's title or
/// null.
[[nodiscard]] std::string formatFindingsJson(const std::vector<Finding>& findings, std::string_view file);

}  // namespace tributary
