// Questions about steps.
#include "app/terminal/runviewapprover.h"
#include "app/terminal/terminaltext.h"

#include <fmt/format.h>

#include <cctype>

#include "runbooks/runner/undoplan.h"

namespace tributary::app {
namespace {

using runbooks::Answer;
using runbooks::StepChoice;
using runbooks::StepDecision;
using runbooks::StepPrompt;

constexpr int kNameTries = 3;  ///< a slip of the finger must not drop what was begun

/// Gives the terminal to a question for as long as it lives.
class Question {
public:
    explicit Question(RunDisplay& display) : display_(display) { display_.suspend(); }
    ~Question() { display_.resume(); }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

private:
    RunDisplay& display_;
};

}  // namespace

std::optional<std::string> TerminalApprover::ask(const std::string& question) {
    fmt::print(stderr, "{} ", question);
    std::fflush(stderr);
    auto line = typed_.next();
    if (!line) fmt::print(stderr, "\n");
    return line;
}

std::optional<char> TerminalApprover::choose(const std::string& question, const std::string& letters) {
    while (true) {
        const auto line = ask(question);
        if (!line) return {};
        if (line->empty()) continue;
        const char letter = static_cast<char>(std::tolower(static_cast<unsigned char>(line->front())));
        if (letters.find(letter) != std::string::npos) return letter;
    }
}

void TerminalApprover::show(const StepPrompt& prompt) {
    const runbooks::Step& step = *prompt.step;
    fmt::print(stderr, "\n{}step {} of {}, {}: {}\n", prompt.undoing ? "UNDO of " : "", prompt.number, prompt.count,
               step.id, step.title);
    if (!prompt.reason.empty()) fmt::print(stderr, "  {}\n", prompt.reason);
    if (!prompt.fix.empty()) fmt::print(stderr, "  try: {}\n", prompt.fix);
    for (const auto& line : prompt.undoing ? step.undo : step.commands) fmt::print(stderr, "  $ {}\n", line.text);
    // What a person is to do stands before any question about it, an approval's too; an undo's reason names it.
    if (!prompt.undoing && !step.instruction.empty()) fmt::print(stderr, "  {}\n", step.instruction);
    if (!prompt.undoing && !step.irreversible.empty())
        fmt::print(stderr, "  cannot be undone: {}\n", step.irreversible);
}

StepDecision TerminalApprover::beforeStep(const StepPrompt& prompt) {
    const Question question(display_);
    show(prompt);
    const auto letter = choose("go, skip or stop? [g/s/q]", "gsq");
    if (letter == 'g') return {StepChoice::Go, {}};
    if (letter != 's') return {StepChoice::Stop, {}};
    const auto reason = ask("why is it skipped?");
    if (!reason || reason->empty()) return {StepChoice::Stop, {}};
    return {StepChoice::Skip, *reason};
}

StepDecision TerminalApprover::afterFailure(const StepPrompt& prompt) {
    const Question question(display_);
    show(prompt);
    const auto letter = choose("retry, skip or stop? [r/s/q]", "rsq");
    if (letter == 'r') return {StepChoice::Retry, {}};
    if (letter != 's') return {StepChoice::Stop, {}};
    const auto reason = ask("why is it skipped?");
    if (!reason || reason->empty()) return {StepChoice::Stop, {}};
    return {StepChoice::Skip, *reason};
}

Answer TerminalApprover::approve(const StepPrompt& prompt) {
    const Question question(display_);
    show(prompt);
    const runbooks::Approval& approval = prompt.approval;
    if (!approval.text.empty()) fmt::print(stderr, "  {}\n", approval.text);
    if (!approval.typeTheName.empty()) {
        return askName(approval.typeTheName);
    }
    const auto letter = choose("approve? [y/n]", "yn");
    if (!letter) return {};
    return {letter == 'y' ? Answer::Kind::Yes : Answer::Kind::No, who_, {}, {}};
}

Answer TerminalApprover::askName(const std::string& name) {
    std::string typed;
    for (int left = kNameTries; left > 0; --left) {
        const auto line = ask(fmt::format("type {} to approve, or nothing to stop:", name));
        if (!line) return {};
        if (*line == name) return {Answer::Kind::Yes, who_, {}, *line};
        if (line->empty()) return {Answer::Kind::No, who_, {}, {}};
        typed = *line;
        if (left > 1) fmt::print(stderr, "  that is not {}\n", name);
    }
    return {Answer::Kind::No, who_, {}, typed};
}

Answer TerminalApprover::approveUndo(const runbooks::UndoPlan& plan) {
    const Question question(display_);
    fmt::print(stderr, "\n{}", runbooks::undoPlanText(plan));
    const auto letter = choose("undo these steps? [y/n]", "yn");
    if (!letter) return {};
    return {letter == 'y' ? Answer::Kind::Yes : Answer::Kind::No, who_, {}, {}};
}

Answer TerminalApprover::instruct(const StepPrompt& prompt) {
    const Question question(display_);
    show(prompt);
    const bool asks = prompt.step->kind == runbooks::StepKind::Ask;
    const auto letter = choose(prompt.undoing ? "is it taken back? [y/n]"
                               : asks         ? "yes or no? [y/n]"
                                              : "is it done? [y/n]",
                               "yn");
    if (!letter) return {};
    if (letter == 'y') return {Answer::Kind::Yes, who_, {}, {}};
    return {Answer::Kind::No, who_, ask("why not?").value_or(""), {}};
}

}  // namespace tributary::app
