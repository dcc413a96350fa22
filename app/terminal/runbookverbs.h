// What the runbook verbs share.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/terminal/verb.h"
#include "runbooks/model/parameters.h"

namespace tributary::app {

/// The words of `run`, as given.
struct RunWords {
    std::string runbook;
    std::vector<std::string> set;
    std::string paramsFile;
    bool dryRun = false;
    bool step = false;
    bool yes = false;
    std::string startAt;
    std::string until;
    bool resume = false;
    bool undo = false;
    std::string run;  ///< of --resume or --undo; empty = the newest
    std::string downTo;
    std::vector<std::string> approve;
    std::vector<std::string> resolve;
    bool acceptDrift = false;
    bool stored = false;
    std::string events;
    std::string junit;
    std::string report;
    bool plain = false;
    std::string typedAs = {};  ///< the command that was typed when it was not `tributary run RUNBOOK`
};

/// Carries `run` out; the exit code is that of runbooks/runner/exitcodes.h.
[[nodiscard]] int runRunbook(const VerbContext& context, const RunWords& words);

/// NAME=VALUE pairs of an option. InvalidInput names the option.
[[nodiscard]] Result<std::map<std::string, std::string>> pairsOf(const std::vector<std::string>& texts,
                                                                 const std::string& option);
/// Values out of a file (a YAML or JSON map of texts), then those of --set.
[[nodiscard]] Result<runbooks::ParameterValues> parametersOf(const RunWords& words);
/// .tributary/runs of the workspace. Errors: NotFound.
[[nodiscard]] Result<std::string> runsFolder(const VerbContext& context);
/// The command that goes on with a run: "tributary run --resume RUN -w DIR ...".
[[nodiscard]] std::string resumeCommand(const VerbContext& context, const std::string& runId, const std::string& more);

[[nodiscard]] Verb runbookVerb();
[[nodiscard]] Verb reportVerb();
[[nodiscard]] Verb exportVerb();
[[nodiscard]] Verb importVerb();

}  // namespace tributary::app
