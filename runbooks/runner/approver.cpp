// The approver of runs without a person.
#include "runbooks/runner/approver.h"

namespace tributary::runbooks {

StepDecision AbsentApprover::beforeStep(const StepPrompt&) {
    return {StepChoice::Go, {}};
}

StepDecision AbsentApprover::afterFailure(const StepPrompt&) {
    return {StepChoice::Stop, "nobody is there to ask"};
}

Answer AbsentApprover::approve(const StepPrompt&) {
    return {};
}

Answer AbsentApprover::approveUndo(const UndoPlan&) {
    return {};
}

Answer AbsentApprover::instruct(const StepPrompt&) {
    return {};
}

}  // namespace tributary::runbooks
