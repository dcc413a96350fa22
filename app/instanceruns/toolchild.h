// A child process with input, two outputs and a time limit.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/instanceruns/instanceworld.h"

namespace tributary::app {

/// Runs `program WORDS...` in `folder`. Its outputs are kept up to 16 MiB each. `timeoutMs` 0: as long as it
/// takes. `stopped` is asked every 100 ms or less, on this thread. Errors: Timeout and, when `stopped` said so,
/// Cancelled (the child was killed; what it had begun may go on elsewhere), Io.
[[nodiscard]] Result<ToolAnswer> runTool(const std::string& program, const std::string& folder,
                                         const std::vector<std::string>& words, const std::string& input,
                                         Millis timeoutMs, const std::function<bool()>& stopped = {});

/// The program `tributary`: this process' own file, or the one beside it. Errors: NotFound.
[[nodiscard]] Result<std::string> terminalProgram();

}  // namespace tributary::app
