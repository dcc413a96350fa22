// Asks a person for the values that a runbook needs and nobody gave.
#pragma once

#include <string>

#include "app/terminal/runbookverbs.h"
#include "app/terminal/stopsignals.h"

namespace tributary::app {

/// When a value is missing and a person is there, asks on stderr for each that was not given, checks it against its
/// type, and adds it to `words.set`; an empty answer takes the default, where there is one. Secrets are not echoed.
/// Does nothing when no value is missing, or nobody is there: the run then refuses by name. Errors: Cancelled (Ctrl-C,
/// end of input); those of findRunbook and parametersOf.
Status askParameters(const VerbContext& context, const std::string& workspaceRoot, RunWords& words, StopSignals& stop);

}  // namespace tributary::app
