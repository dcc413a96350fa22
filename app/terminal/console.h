// The console: lines of dialect commands and verbs, typed or piped.
#pragma once

#include "app/terminal/verb.h"

namespace tributary::app {

/// Runs lines until the end of input, `exit` or `quit`. On a terminal with editing, history and completion, and errors
/// do not end it (exit code: that of the last line). From a pipe it stops at the first line that fails, naming its
/// number, with that line's exit code; with `keepGoing` it goes on and returns the first failure's code.
int runConsole(VerbContext& context, bool keepGoing);

}  // namespace tributary::app
