// What a run would do, as text: every command, check and undo, and what cannot be foreseen.
#pragma once

#include <string>
#include <vector>

#include "runbooks/model/parameters.h"
#include "runbooks/model/runbook.h"
#include "runbooks/port/systemport.h"

namespace tributary::runbooks {

/// A step that wants somebody's word: --approve STEP=VALUE gives it beforehand.
struct DryRunApproval {
    std::string stepId;
    std::string value;
};

struct DryRun {
    std::string text;
    int previewed = 0;
    int notPreviewed = 0;  ///< steps whose course depends on people, or on what earlier steps will have changed
    int leftOut = 0;       ///< steps that are disabled, or not wanted with these parameters
    int invalidLines = 0;  ///< lines that the system's dialect refuses
    std::vector<DryRunApproval> approvals{};
    std::string fingerprint;  ///< of the system as it was looked at: RunOptions::expectedFingerprint
};

/// Renders the runbook. Looks at the system but changes nothing; `port` may be null, then no check is answered.
/// With `until` it ends after that step, as the run would. Errors: InvalidInput of the parameters, and of a step that
/// the runbook lacks.
[[nodiscard]] Result<DryRun> dryRun(const Runbook& runbook, const ParameterValues& given, SystemPort* port,
                                    const std::string& until = {});

}  // namespace tributary::runbooks
