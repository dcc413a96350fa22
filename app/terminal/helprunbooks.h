// The help topics runbook-format, checks and events.
#pragma once

#include <string>

namespace tributary::app {

/// Keys, types and filters come from the loader's tables.
[[nodiscard]] std::string runbookFormatText(int columns);
/// The vocabulary with an example of each check.
[[nodiscard]] std::string checksText(int columns);
/// Events and their members come from the runner's table; the examples are made by its code.
[[nodiscard]] std::string eventsText(int columns);

}  // namespace tributary::app
