// Which run is meant when --resume or --undo names none.
#pragma once

#include <string>

#include "app/terminal/runbookverbs.h"
#include "app/terminal/stopsignals.h"
#include "app/terminal/verb.h"
#include "runbooks/runner/runstore.h"

namespace tributary::app {

/// The only run that qualifies; the newest of all when none does (it says why not). When several qualify, the person at
/// the terminal chooses. Errors: InvalidInput with the ids when nobody can be asked; Cancelled.
[[nodiscard]] Result<std::string> chooseRun(const VerbContext& context, const runbooks::RunStore& store,
                                            runbooks::RunStore::Purpose purpose, StopSignals& stop);

/// A run's runbook, and what a person must know about where it came from.
struct RunbookOfRun {
    runbooks::Runbook runbook;
    std::string note;  ///< one sentence; empty when there is nothing to say
};

/// What a run is resumed with: the runbook that is named, else the file it was read from, else the text in its journal;
/// --stored and --undo take the journal's. Errors: those of findRunbook() for a name; a journal's text that cannot be
/// read.
[[nodiscard]] Result<RunbookOfRun> runbookOfRun(const runbooks::RunState& state, const RunWords& words,
                                                const std::string& workspaceRoot);

}  // namespace tributary::app
