// A command of a dialect's program, run on the workspace.
#pragma once

#include <string>
#include <vector>

#include "app/terminal/verb.h"

namespace tributary::app {

/// Runs {"maprcli", "table", "info", ...} as the real program would: its output, its errors, its exit status. Help
/// words print help.
int runDialectCommand(const std::vector<std::string>& words, const VerbContext& context);

}  // namespace tributary::app
