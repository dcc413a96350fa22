// What a runbook's step needs around a command: checks, undo, policy, by the command's kind.
#pragma once

#include <string>
#include <vector>

#include "core/operations/operation.h"

namespace tributary::runbooks::detail {

/// The keys of a step besides id and do; texts may hold {{placeholders}}.
struct StepShape {
    std::string id;  ///< not yet unique
    std::string title;
    std::string doneWhen;
    std::vector<std::string> verify;
    std::string verifyWithin;  ///< empty: the default
    std::string undo;          ///< a line, or "none"
    std::string irreversible;
    std::string approvalName;  ///< what must be typed; empty: no approval
    std::string timeout;
    bool repeatable = false;
    bool byHand = false;  ///< no check can tell that it worked: a person does it
};

/// `op` holds {{placeholders}} as values.
[[nodiscard]] StepShape shapeOf(const Operation& op);

}  // namespace tributary::runbooks::detail
