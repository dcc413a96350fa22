// The verbs voltdb, voltadmin and sqlcmd.
#pragma once

#include <string>
#include <vector>

#include "app/terminal/verb.h"

namespace tributary::app {

[[nodiscard]] bool isDatabaseProgram(const std::string& program);

/// Runs {"voltadmin", "promote", "--host=west"} as the real program would, on the clusters that the workspace, or the
/// current folder, stands in: its output, its errors, its exit status. sqlcmd without --query reads statements.
int runDatabaseProgram(const std::vector<std::string>& words, const VerbContext& context);

}  // namespace tributary::app
