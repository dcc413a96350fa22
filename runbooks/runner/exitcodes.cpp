// The table of exit codes.
#include "runbooks/runner/exitcodes.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tributary::runbooks {
namespace {

constexpr std::array<std::pair<RunOutcome, std::string_view>, 13> kOutcomes{{
    {RunOutcome::Success, "success"},
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
        {ExitCode::Ok, "ok", "done; what was asked for is true"},
        {ExitCode::VerifyFailed, "verify-failed", "a check, proof or command said no, and nothing was left half done"},
        {ExitCode::Usage, "usage", "the command line, a file or a parameter is wrong; nothing was begun"},
        {ExitCode::Unknown, "unknown", "could not decide: a system did not answer"},
        {ExitCode::ChangesPending, "changes-pending", "diff and plan: there are differences to act on"},
        {ExitCode::StalePlan, "stale-plan", "the runbook or the system changed since the plan or run was made"},
        {ExitCode::IncompleteCompensated, "incomplete-compensated", "stopped part-way; what was done is undone"},
        {ExitCode::IncompleteNotCompensated, "incomplete", "stopped part-way; what was done stays; resume or undo"},
        {ExitCode::ApprovalNeeded, "approval-needed", "a step waits for a person: --approve STEP=HASH"},
        {ExitCode::TimeoutInDoubt, "timeout-in-doubt", "a command timed out and its effect is not seen"},
        {ExitCode::LockHeld, "lock-held", "another run of this workspace is live"},
        {ExitCode::Internal, "internal", "a mistake of the program, or its journal cannot be written"},
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
        case RunOutcome::UntilReached: return ExitCode::Ok;
        case RunOutcome::VerifyFailed: return ExitCode::VerifyFailed;
        case RunOutcome::Usage: return ExitCode::Usage;
        case RunOutcome::Unknown: return ExitCode::Unknown;
        case RunOutcome::StalePlan: return ExitCode::StalePlan;
        case RunOutcome::Compensated: return ExitCode::IncompleteCompensated;
        case RunOutcome::Incomplete: return ExitCode::IncompleteNotCompensated;
        case RunOutcome::ApprovalNeeded: return ExitCode::ApprovalNeeded;
        case RunOutcome::TimeoutInDoubt: return ExitCode::TimeoutInDoubt;
        case RunOutcome::LockHeld: return ExitCode::LockHeld;
        case RunOutcome::Internal: return ExitCode::Internal;
        case RunOutcome::Cancelled: return ExitCode::Interrupted;
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
