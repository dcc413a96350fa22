// up and down.
#pragma once

#include <functional>

#include "app/terminal/verb.h"

namespace tributary::app {

/// Their options; what is returned runs after parsing.
[[nodiscard]] std::function<int(VerbContext&)> describeUp(CLI::App& app);
[[nodiscard]] std::function<int(VerbContext&)> describeDown(CLI::App& app);

}  // namespace tributary::app
