// What a run asks a person, carried from the runner's thread to the window and back without blocking the window.
#pragma once

#include <QString>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "runbooks/runner/approver.h"

namespace tributary::desktop {

/// A question that waits for its answer in the runbook panel.
struct RunQuestion {
    enum class Kind { BeforeStep, AfterFailure, Approve, Instruct, UndoPlan };
    Kind kind = Kind::BeforeStep;
    QString stepId;
    QString title;
    QString text;          ///< what is asked: the approval's or instruction's text, or the plan of the undo
    QString reason;        ///< after a failure
    QString fix;           ///< after a failure
    QString typeTheName;   ///< the name that approves; empty when a yes does
    bool yesOrNo = false;  ///< an Instruct that is a question, not a deed
    bool undoing = false;
};

/// The answer; which members count depends on the question's kind.
struct RunAnswer {
    runbooks::StepChoice choice = runbooks::StepChoice::Stop;  ///< BeforeStep, AfterFailure
    bool yes = false;                                          ///< Approve, Instruct, UndoPlan
    QString reason;                                            ///< of a skip or a no
    QString typedName;
};

/// The runner's approver. Its calls block the runner's thread until answer() or close(). Steps go without asking while
/// stepwise is off; failures, approvals and instructions are always asked.
class RunQuestions final : public runbooks::Approver {
public:
    /// `ask` is called on the runner's thread and must only pass the question on.
    RunQuestions(std::string who, bool stepwise, std::function<void(RunQuestion)> ask)
        : who_(std::move(who)), ask_(std::move(ask)), stepwise_(stepwise) {}

    /// Any thread.
    void answer(RunAnswer answer);
    /// Ends every question, now and later, as nobody being there. Any thread.
    void close();
    /// Whether steps wait for a Go. Any thread; a question that waits stays.
    void setStepwise(bool stepwise);

    runbooks::StepDecision beforeStep(const runbooks::StepPrompt& prompt) override;
    runbooks::StepDecision afterFailure(const runbooks::StepPrompt& prompt) override;
    [[nodiscard]] bool present() const override { return true; }
    runbooks::Answer approve(const runbooks::StepPrompt& prompt) override;
    runbooks::Answer approveUndo(const runbooks::UndoPlan& plan) override;
    runbooks::Answer instruct(const runbooks::StepPrompt& prompt) override;

private:
    std::optional<RunAnswer> wait(RunQuestion question);

    const std::string who_;
    const std::function<void(RunQuestion)> ask_;
    std::mutex mutex_;
    std::condition_variable answered_;
    std::optional<RunAnswer> answer_;
    bool waiting_ = false;
    bool stepwise_;
    bool closed_ = false;
};

}  // namespace tributary::desktop
