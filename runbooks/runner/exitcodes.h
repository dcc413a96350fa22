// Exit codes of runs and of the verbs around them (product.md section 6): part of the contract with scripts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tributary::runbooks {

enum class ExitCode : int {
    Ok = 0,
    VerifyFailed = 1,
    Usage = 2,
    Unknown = 3,
    OnlyDeletes = 4,
    StalePlan = 5,
    IncompleteCompensated = 6,
    IncompleteNotCompensated = 7,
    ApprovalNeeded = 8,
    TimeoutInDoubt = 9,
    LockHeld = 10,
    Internal = 70,
    OutputLost = 74,
    Interrupted = 130
};

struct ExitCodeRow {
    ExitCode code;
    std::string_view name;     ///< as JSON spells it: "approval-needed"
    std::string_view meaning;  ///< one line for help and the man page
};

/// Every code in numerical order.
[[nodiscard]] const std::vector<ExitCodeRow>& exitCodeTable();
[[nodiscard]] std::string_view exitCodeName(ExitCode code);
/// The text of `help exit-codes`.
[[nodiscard]] std::string exitCodesHelp();

/// How a run ended.
enum class RunOutcome {
    Success,         ///< every step is done, or was not needed
    Undone,          ///< what the run had done is taken back, as far as was asked
    UndoIncomplete,  ///< an undo failed part-way, or people have to take back the rest
    UndoStopped,     ///< an undo was stopped by request; it can be gone on with
    UntilReached,    ///< all steps up to --until are done
    VerifyFailed,    ///< a check or command said no, and nothing was left half done
    Usage,           ///< the request was wrong; nothing was begun
    Unknown,         ///< it could not be decided whether a step holds
    StalePlan,       ///< the runbook or the system is not what this run was made for
    Compensated,     ///< failed part-way; what this run had done is undone
    Incomplete,      ///< failed part-way; what this run had done stays
    ApprovalNeeded,  ///< a person must say something first
    TimeoutInDoubt,  ///< a command gave no answer and the system does not show its effect
    LockHeld,        ///< another run is live
    Internal,        ///< our own mistake, or the journal cannot be written
    Cancelled        ///< stopped by request; can be resumed
};

[[nodiscard]] ExitCode exitCodeOf(RunOutcome outcome);
/// Lower-case name for journals and events: "success", "until-reached", ...
[[nodiscard]] std::string_view outcomeName(RunOutcome outcome);
/// The outcome of a name; Internal for one that is not known.
[[nodiscard]] RunOutcome outcomeFromName(std::string_view name);

}  // namespace tributary::runbooks
