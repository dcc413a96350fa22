// The help topics concepts and monitoring.
#pragma once

#include <string>

namespace tributary::app {

[[nodiscard]] std::string monitoringText(int columns);
[[nodiscard]] std::string conceptsText(int columns);

}  // namespace tributary::app
