// From an argv to a verb: global options, multi-call names, help, usage errors.
#pragma once

#include <string>
#include <vector>

#include "app/terminal/verb.h"

namespace tributary::app {

/// The whole program: `arguments` as main() got them. Called by the name of a dialect's program (maprcli, hbase, mapr,
/// tt) it behaves as that verb. Returns the exit code (runbooks/runner/exitcodes.h); never throws.
int runTerminal(std::vector<std::string> arguments);

/// Runs one verb: global options in `words` go on top of `context`. Used by runTerminal and the console.
int runWords(const std::vector<std::string>& words, VerbContext context);

/// What the process' surroundings say: terminals, width, colours, TRIBUTARY_WORKSPACE, TRIBUTARY_USER.
[[nodiscard]] VerbContext contextOfProcess();

/// The verb of a name, or nullptr.
[[nodiscard]] const Verb* findVerb(const std::string& name);

/// Adds the options that every verb takes.
void addGlobalOptions(CLI::App& app, VerbContext& context);

/// Takes `-w DIR`, `--workspace DIR`, `--as USER` from the very start and the very end of a raw verb's words, which are
/// its own otherwise. Words behind a leading `--` are left alone.
void takeRawGlobals(std::vector<std::string>& words, VerbContext& context);

}  // namespace tributary::app
