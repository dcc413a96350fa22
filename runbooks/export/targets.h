// The writers of each target, for exporter.cpp alone.
#pragma once

#include <string>
#include <string_view>

#include "runbooks/export/exporter.h"

namespace tributary::runbooks::detail {

/// `rendered` has its templates replaced by the chosen values, for texts; `runbook` has them, for variables.
struct ExportSource {
    const Runbook& runbook;
    const Runbook& rendered;
    const ParameterValues& values;
    std::string_view version;
};

[[nodiscard]] Result<std::string> bashScript(const ExportSource& source);
[[nodiscard]] Result<std::string> markdownPage(const ExportSource& source);

/// The programs that the lines of a runbook start, and those that its checks do, sorted.
[[nodiscard]] std::vector<std::string> programsOf(const Runbook& runbook);
/// Names of all checks that a runbook asks, sorted.
[[nodiscard]] std::vector<std::string> checkNamesOf(const Runbook& runbook);

}  // namespace tributary::runbooks::detail
