// The longer help topics: concepts and the runbook format.
#pragma once

#include <string>

namespace tributary::app {

[[nodiscard]] std::string monitoringText(int columns);
[[nodiscard]] std::string conceptsText(int columns);
/// Types of parameters come from where they are defined.
[[nodiscard]] std::string runbookFormatText(int columns);

}  // namespace tributary::app
