// Which run is meant when --resume or --undo names none.
#pragma once

#include <string>

#include "app/terminal/runbookverbs.h"
#include "app/terminal/stopsignals.h"
#include "app/terminal/verb.h"
#include "runbooks/runner/runstore.h"

namespace tributary::app {

/// The run that is to be resumed or undone: the one that the words name, else the only one that qualifies, else the
/// newest of all (it says why not). When several qualify, the person at the terminal chooses. Where the words name a
/// runbook, only its runs count, whatever file they were begun from. Errors: InvalidInput with the ids when nobody can
/// be asked, or when the run named is another runbook's; NotFound when the runbook has no run; Cancelled.
[[nodiscard]] Result<std::string> chooseRun(const VerbContext& context, const runbooks::RunStore& store,
                                            const RunWords& words, const std::string& workspaceRoot, StopSignals& stop);

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
