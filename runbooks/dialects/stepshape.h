// What a runbook's step needs around a command that was imported: checks, undo, policy.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/operations/operation.h"

namespace tributary::runbooks {

/// The keys of a step besides id and do; texts may hold {{placeholders}}.
struct StepShape {
    std::string id{};  ///< not yet unique
    std::string title{};
    std::string doneWhen{};
    std::vector<std::string> verify{};
    std::string verifyWithin{};  ///< empty: the default
    std::string undo{};          ///< a line, or "none"
    std::string irreversible{};
    std::string approvalName{};  ///< what must be typed; empty: no approval
    std::string timeout{};
    std::string arrival{};  ///< a check that must become true after the last step, because of this one; empty: none
    bool repeatable = false;
    bool byHand = false;  ///< no check can tell that it worked: a person does it
};

/// A command that changes nothing, or may be run again: `check` tells that it could.
[[nodiscard]] StepShape shapeOfLook(const std::string& id, const std::string& title, const std::string& check);
/// A command of which no check can tell that it worked.
[[nodiscard]] StepShape shapeByHand(const Operation& op);

/// A command that pages name in prose, without giving a line for it.
struct ProseCommand {
    std::string_view phrase;  ///< as pages name it
    std::string_view note;    ///< for people, when a step was written for it
    /// Whether an operation is that command.
    bool (*is)(const Operation& op);
    /// What it is when it was meant to run before `next`; nothing when it was not.
    std::optional<Operation> (*before)(const Operation& next);
};

}  // namespace tributary::runbooks
