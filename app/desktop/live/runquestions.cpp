// Waiting for a person on the runner's thread.
#include "app/desktop/live/runquestions.h"

#include "app/desktop/live/livetext.h"
#include "runbooks/runner/undoplan.h"

namespace tributary::desktop {
namespace {

RunQuestion questionOf(RunQuestion::Kind kind, const runbooks::StepPrompt& prompt) {
    RunQuestion question;
    question.kind = kind;
    question.stepId = toQt(prompt.step->id);
    question.title = toQt(prompt.step->title);
    question.reason = toQt(prompt.reason);
    question.fix = toQt(prompt.fix);
    question.undoing = prompt.undoing;
    return question;
}

runbooks::StepDecision decisionOf(const std::optional<RunAnswer>& answer) {
    if (!answer) return {};
    if (answer->choice == runbooks::StepChoice::Skip && answer->reason.trimmed().isEmpty()) return {};
    return {answer->choice, toStd(answer->reason)};
}

}  // namespace

std::optional<RunAnswer> RunQuestions::wait(RunQuestion question) {
    std::unique_lock lock(mutex_);
    if (closed_) return std::nullopt;
    answer_.reset();
    waiting_ = true;
    lock.unlock();
    ask_(std::move(question));
    lock.lock();
    answered_.wait(lock, [this] { return closed_ || answer_.has_value(); });
    waiting_ = false;
    return std::exchange(answer_, std::nullopt);
}

void RunQuestions::answer(RunAnswer answer) {
    {
        const std::lock_guard lock(mutex_);
        if (!waiting_) return;  // a second click on the same button answers nothing
        answer_ = std::move(answer);
    }
    answered_.notify_all();
}

void RunQuestions::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    answered_.notify_all();
}

void RunQuestions::setStepwise(bool stepwise) {
    const std::lock_guard lock(mutex_);
    stepwise_ = stepwise;
}

runbooks::StepDecision RunQuestions::beforeStep(const runbooks::StepPrompt& prompt) {
    {
        const std::lock_guard lock(mutex_);
        if (!stepwise_ && !closed_) return {runbooks::StepChoice::Go, {}};
    }
    return decisionOf(wait(questionOf(RunQuestion::Kind::BeforeStep, prompt)));
}

runbooks::StepDecision RunQuestions::afterFailure(const runbooks::StepPrompt& prompt) {
    return decisionOf(wait(questionOf(RunQuestion::Kind::AfterFailure, prompt)));
}

runbooks::Answer RunQuestions::approve(const runbooks::StepPrompt& prompt) {
    RunQuestion question = questionOf(RunQuestion::Kind::Approve, prompt);
    const runbooks::Approval& approval = prompt.approval;
    question.text = toQt(approval.text.empty() ? prompt.step->title : approval.text);
    // What a person is to do is read before it is approved.
    if (!prompt.undoing && !prompt.step->instruction.empty())
        question.text = toQt(prompt.step->instruction) + QLatin1String("\n") + question.text;
    question.typeTheName = toQt(approval.typeTheName);
    const auto answer = wait(std::move(question));
    if (!answer) return {};
    using Kind = runbooks::Answer::Kind;
    return {answer->yes ? Kind::Yes : Kind::No, who_, toStd(answer->reason), toStd(answer->typedName)};
}

runbooks::Answer RunQuestions::approveUndo(const runbooks::UndoPlan& plan) {
    RunQuestion question;
    question.kind = RunQuestion::Kind::UndoPlan;
    question.title = toQt(plan.title);
    question.text = toQt(runbooks::undoPlanText(plan));
    question.undoing = true;
    const auto answer = wait(std::move(question));
    if (!answer) return {};
    using Kind = runbooks::Answer::Kind;
    return {answer->yes ? Kind::Yes : Kind::No, who_, {}, {}};
}

runbooks::Answer RunQuestions::instruct(const runbooks::StepPrompt& prompt) {
    RunQuestion question = questionOf(RunQuestion::Kind::Instruct, prompt);
    question.text = toQt(prompt.undoing ? prompt.reason : prompt.step->instruction);
    question.yesOrNo = prompt.step->kind == runbooks::StepKind::Ask;
    const auto answer = wait(std::move(question));
    if (!answer) return {};
    using Kind = runbooks::Answer::Kind;
    return {answer->yes ? Kind::Yes : Kind::No, who_, toStd(answer->reason), {}};
}

}  // namespace tributary::desktop
