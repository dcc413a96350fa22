// The person at the terminal, asked between two pictures of the display.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "app/terminal/runviewlive.h"
#include "app/terminal/typedlines.h"
#include "runbooks/runner/approver.h"

namespace tributary::app {

/// Asks on stderr, reads from stdin. A stop request ends every question.
class TerminalApprover final : public runbooks::Approver {
public:
    /// The display and the flag outlive the approver.
    TerminalApprover(RunDisplay& display, const std::atomic<int>& stopRequests, std::string who)
        : display_(display), who_(std::move(who)), typed_([&stopRequests] { return stopRequests.load() > 0; }) {}

    runbooks::StepDecision beforeStep(const runbooks::StepPrompt& prompt) override;
    runbooks::StepDecision afterFailure(const runbooks::StepPrompt& prompt) override;
    [[nodiscard]] bool present() const override { return true; }
    runbooks::Answer approve(const runbooks::StepPrompt& prompt) override;
    runbooks::Answer approveUndo(const runbooks::UndoPlan& plan) override;
    runbooks::Answer instruct(const runbooks::StepPrompt& prompt) override;

private:
    /// One line; nothing at the end of input or on a stop request.
    std::optional<std::string> ask(const std::string& question);
    /// A name that must be typed exactly; a slip is asked again, up to three times.
    runbooks::Answer askName(const std::string& name);
    /// The letter of the chosen word, one of `letters`; nothing when nobody answers.
    std::optional<char> choose(const std::string& question, const std::string& letters);
    void show(const runbooks::StepPrompt& prompt);

    RunDisplay& display_;
    std::string who_;
    TypedLines typed_;
};

}  // namespace tributary::app
