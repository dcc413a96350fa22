// Everything that a person must say and that is known beforehand, asked before the first step. Inside the runner only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runbooks/runner/session.h"
#include "runbooks/runner/undoplan.h"

namespace tributary::runbooks::detail {

/// An approval that was given before anything was journalled.
struct GivenApproval {
    const Step* step = nullptr;
    std::string who;  ///< empty: the user of the run
    std::string how;  ///< pre-approved, confirmed, typed
    std::string text;
    std::string reason;
};

/// What stands on the screen when a step is approved: also what an approval is kept for.
[[nodiscard]] std::string screenText(const Step& step);
/// Whether the options approve the step: its hash, its name, or yes where no name is asked for.
[[nodiscard]] bool preApproved(const RunOptions& options, const Step& step);
/// Whether the journal has an approval of what would run now.
[[nodiscard]] bool approvedBefore(const RunState& state, const Step& step);
void recordApproval(Session& session, const GivenApproval& approval);

/// Asks for the approvals of all steps that this session may reach, unless something before them is bound to stop it.
/// Filled: `given`. A result: why the run is refused; nothing has been journalled then.
[[nodiscard]] std::optional<RunResult> askInAdvance(Session& session, std::vector<GivenApproval>& given);
/// The same for an undo: the plan as a whole, and the names of what it deletes.
[[nodiscard]] std::optional<RunResult> approveUndo(Session& session, const UndoPlan& plan,
                                                   std::vector<GivenApproval>& given);

}  // namespace tributary::runbooks::detail
