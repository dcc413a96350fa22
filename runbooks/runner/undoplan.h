// What an undo would do, before it does anything: the steps in their order, and what each takes away.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "runbooks/model/runbook.h"
#include "runbooks/port/systemport.h"
#include "runbooks/runner/runstate.h"

namespace tributary::runbooks {

/// One step to be undone.
struct UndoPlanStep {
    std::string stepId;
    std::string title;
    int number = 0;                   ///< in the runbook, from 1
    std::vector<std::string> lines;   ///< the undo's command lines, in order
    std::vector<LineEffect> effects;  ///< one per line, as looked at when the plan was made
    std::string byHand;               ///< a deed of people that they must take back themselves; empty when none
    std::string drift;                ///< what is not as the run left it; empty when it is, or has no done-when
    Approval approval;                ///< what a person must say before the undo; `typeTheName` for data

    /// There is something to take back: a step that only looked has nothing.
    [[nodiscard]] bool takesBack() const;
    [[nodiscard]] bool destroysData() const;
    /// Rows that exist nowhere else and go; -1 when that could not be seen.
    [[nodiscard]] std::int64_t onlyHere() const;
};

/// A step that a refused undo leaves as it is.
struct StayingStep {
    std::string stepId;
    std::string title;
    int number = 0;                  ///< in the runbook, from 1
    std::vector<std::string> lines;  ///< what takes it back, for a person to type; empty when no command does
    std::string note;                ///< why no command does; empty when one does
};

struct UndoPlan {
    std::string runId;
    std::string runbookId;
    std::string title;
    std::vector<UndoPlanStep> steps;   ///< first to go first
    std::string downTo;                ///< the step that stays with all before it; empty: none
    std::vector<std::string> drift;    ///< what changed in the system since the run's last session ended
    std::vector<std::string> related;  ///< paths that the runbook names: effectOf() looks there for the same rows
    std::string refusedAt;             ///< the step that forbids the undo; may be empty with a refusal
    std::string refusal;               ///< why nothing may be undone; empty when it may
    std::string refusalFix;
    std::vector<std::string> refusalOptions;  ///< of `run --undo`: what can still be undone, or shows what stays
    std::vector<StayingStep> staying;         ///< of a refusal: first to be taken back first

    [[nodiscard]] const UndoPlanStep* find(const std::string& stepId) const;
    /// Something that the undo takes away could not be looked at.
    [[nodiscard]] bool hasUnknown() const;
};

/// Looks at what undoing the run down to (and without) `downTo` would take away. Changes nothing; blocks while tables
/// are compared. A refusal is part of the plan. Errors: InvalidInput for a step that the runbook lacks, or a runbook
/// text that cannot be read.
[[nodiscard]] Result<UndoPlan> planUndo(const RunState& state, const Dialects& dialects, SystemPort& port,
                                        const std::string& downTo);

/// The plan for people, a paragraph per step.
[[nodiscard]] std::string undoPlanText(const UndoPlan& plan);
/// "3 rows exist nowhere else: a, b, c" of one effect; empty when it destroys nothing.
[[nodiscard]] std::string lossText(const LineEffect& effect);
/// The options that approve the plan without a person: "--yes", "--approve STEP=NAME ..."; where nothing but deeds of
/// people is left, those that say that they are taken back.
[[nodiscard]] std::vector<std::string> approvalOptions(const UndoPlan& plan);
/// "--resolve STEP=done": a step that is left BY HAND is taken back.
[[nodiscard]] std::string takenBackOption(const std::string& stepId);

}  // namespace tributary::runbooks
