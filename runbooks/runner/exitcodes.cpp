// The table of exit codes.
#include "runbooks/runner/exitcodes.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tributary::runbooks {
namespace {

constexpr std::array<std::pair<RunOutcome, std::string_view>, 16> kOutcomes{{
    {RunOutcome::Success, "success"},
    {RunOutcome::Undone, "undone"},
    {RunOutcome::UndoIncomplete, "undo-incomplete"},
    {RunOutcome::UndoStopped, "undo-stopped"},
    {RunOutcome::UntilReached, "until-reached"},
    {RunOutcome::VerifyFailed, "verify-failed"},
    {RunOutcome::Usage, "usage"},
    {RunOutcome::Unknown, "unknown"},
    {RunOutcome::StalePlan, "stale-plan"},
    {RunOutcome::Compensated, "compensated"},
    {RunOutcome::Incomplete, "incomplete"},
    {RunOutcome::ApprovalNeeded, "approval-needed"},
    {RunOutcome::TimeoutInDoubt, "timeout-in-doubt"},
    {RunOutcome::LockHeld, "lock-held"},
    {RunOutcome::Internal, "internal"},
    {RunOutcome::Cancelled, "cancelled"},
}};

}  // namespace

const std::vector<ExitCodeRow>& exitCodeTable() {
    static const std::vector<ExitCodeRow> kTable{
        {ExitCode::Ok, "ok", "done; what was asked for is true (of an undo: outcome undone)"},
        {ExitCode::VerifyFailed, "verify-failed", "a check, proof or command said no; a run left nothing half done"},
        {ExitCode::Usage, "usage",
         "a word, file or parameter is wrong or names nothing; nothing was begun. Of plan: something is to be done"},
        {ExitCode::Unknown, "unknown", "could not decide: a system did not answer"},
        {ExitCode::OnlyDeletes, "only-deletes", "diff: the tables show the same rows, and differ in their deletes"},
        {ExitCode::StalePlan, "stale-plan",
         "the runbook or the system changed since the run was begun, or the plan made"},
        {ExitCode::IncompleteCompensated, "incomplete-compensated", "stopped part-way; what was done is undone"},
        {ExitCode::IncompleteNotCompensated, "incomplete",
         "stopped part-way; what was done stays; resume or undo (again)"},
        {ExitCode::ApprovalNeeded, "approval-needed",
         "a person must approve first: --yes, --approve STEP=NAME or STEP=HASH"},
        {ExitCode::TimeoutInDoubt, "timeout-in-doubt", "a command timed out and its effect is not seen"},
        {ExitCode::LockHeld, "lock-held", "another run of this workspace is live"},
        {ExitCode::Internal, "internal",
         "a mistake of the program; or a journal, report or file of events cannot be written"},
        {ExitCode::OutputLost, "output-lost", "done, but stdout is closed or full and what belonged there is lost"},
        {ExitCode::Interrupted, "interrupted", "stopped by request; the run can be resumed"},
    };
    return kTable;
}

std::string_view exitCodeName(ExitCode code) {
    for (const ExitCodeRow& row : exitCodeTable()) {
        if (row.code == code) return row.name;
    }
    return "internal";
}

std::string exitCodesHelp() {
    std::string out;
    for (const ExitCodeRow& row : exitCodeTable()) {
        out += fmt::format("{:>4}  {:<22}  {}\n", static_cast<int>(row.code), row.name, row.meaning);
    }
    return out;
}

ExitCode exitCodeOf(RunOutcome outcome) {
    switch (outcome) {
        case RunOutcome::Success:
        case RunOutcome::Undone:
        case RunOutcome::UntilReached: return ExitCode::Ok;
        case RunOutcome::VerifyFailed: return ExitCode::VerifyFailed;
        case RunOutcome::Usage: return ExitCode::Usage;
        case RunOutcome::Unknown: return ExitCode::Unknown;
        case RunOutcome::StalePlan: return ExitCode::StalePlan;
        case RunOutcome::Compensated: return ExitCode::IncompleteCompensated;
        case RunOutcome::Incomplete:
        case RunOutcome::UndoIncomplete: return ExitCode::IncompleteNotCompensated;
        case RunOutcome::ApprovalNeeded: return ExitCode::ApprovalNeeded;
        case RunOutcome::TimeoutInDoubt: return ExitCode::TimeoutInDoubt;
        case RunOutcome::LockHeld: return ExitCode::LockHeld;
        case RunOutcome::Internal: return ExitCode::Internal;
        case RunOutcome::Cancelled:
        case RunOutcome::UndoStopped: return ExitCode::Interrupted;
    }
    return ExitCode::Internal;
}

std::string_view outcomeName(RunOutcome outcome) {
    for (const auto& [known, name] : kOutcomes) {
        if (known == outcome) return name;
    }
    return "internal";
}

RunOutcome outcomeFromName(std::string_view name) {
    for (const auto& [known, text] : kOutcomes) {
        if (text == name) return known;
    }
    return RunOutcome::Internal;
}

}  // namespace tributary::runbooks
