// The person beside a run: asked before steps, for approvals and for deeds that no command does.
#pragma once

#include <string>

#include "runbooks/model/runbook.h"
#include "runbooks/port/systemport.h"

namespace tributary::runbooks {

struct UndoPlan;

/// What is shown with every question. `step` is rendered and outlives the call.
struct StepPrompt {
    const Step* step = nullptr;
    int number = 0;  ///< from 1
    int count = 0;
    std::string hash;      ///< stepHash(*step): what --approve STEP=HASH pins
    bool undoing = false;  ///< the undo of the step is about to run
    std::string reason;    ///< after a failure: what went wrong
    std::string fix;       ///< after a failure: what to try
    Approval approval;     ///< what is to be approved: of the step, or of its undo
};

enum class StepChoice { Go, Skip, Retry, Stop };

struct StepDecision {
    StepChoice choice = StepChoice::Stop;
    std::string reason;  ///< required for Skip
};

/// Answer to an approval, an instruction or a question.
struct Answer {
    enum class Kind { Yes, No, NotAsked };
    Kind kind = Kind::NotAsked;  ///< NotAsked: nobody is there to ask
    std::string who;
    std::string reason;
    std::string typedName;  ///< for an approval that wants a name typed
};

/// All calls come from the runner's thread and may block.
class Approver {
public:
    virtual ~Approver() = default;
    /// Whether somebody can be asked at all.
    [[nodiscard]] virtual bool present() const = 0;
    /// Stepwise mode, before each step that is not done yet: Go, Skip or Stop.
    virtual StepDecision beforeStep(const StepPrompt& prompt) = 0;
    /// After a failed step in stepwise mode or with `on-failure: pause`: Retry, Skip or Stop.
    virtual StepDecision afterFailure(const StepPrompt& prompt) = 0;
    virtual Answer approve(const StepPrompt& prompt) = 0;
    /// Before an undo touches anything: whether to carry out this plan. Names to type are asked for by approve().
    virtual Answer approveUndo(const UndoPlan& plan) = 0;
    /// A `human` or `ask` step: Yes when the deed is done or the question is affirmed.
    virtual Answer instruct(const StepPrompt& prompt) = 0;
};

/// Nobody: with --no-input. Steps go, failures stop, approvals stay unasked.
class AbsentApprover final : public Approver {
public:
    [[nodiscard]] bool present() const override { return false; }
    StepDecision beforeStep(const StepPrompt& prompt) override;
    StepDecision afterFailure(const StepPrompt& prompt) override;
    Answer approve(const StepPrompt& prompt) override;
    Answer approveUndo(const UndoPlan& plan) override;
    Answer instruct(const StepPrompt& prompt) override;
};

}  // namespace tributary::runbooks
