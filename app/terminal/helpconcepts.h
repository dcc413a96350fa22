// The help topics concepts, security and monitoring.
#pragma once

#include <string>

namespace tributary::app {

[[nodiscard]] std::string monitoringText(int columns);
[[nodiscard]] std::string conceptsText(int columns);
[[nodiscard]] std::string securityText(int columns);

}  // namespace tributary::app
