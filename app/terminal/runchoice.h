// Which run is meant when --resume or --undo names none.
#pragma once

#include <string>

#include "app/terminal/stopsignals.h"
#include "app/terminal/verb.h"
#include "runbooks/runner/runstore.h"

namespace tributary::app {

/// The only run that qualifies; the newest of all when none does (it says why not). When several qualify, the person at
/// the terminal chooses. Errors: InvalidInput with the ids when nobody can be asked; Cancelled.
[[nodiscard]] Result<std::string> chooseRun(const VerbContext& context, const runbooks::RunStore& store,
                                            runbooks::RunStore::Purpose purpose, StopSignals& stop);

}  // namespace tributary::app
