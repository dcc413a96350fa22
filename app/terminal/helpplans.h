// Text of the topic plans.
#pragma once

#include <string>

namespace tributary::app {

[[nodiscard]] std::string plansText(int columns);

}  // namespace tributary::app
