// Approvals before the first step.
#include "runbooks/runner/approvals.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks::detail {
namespace {

enum class Need { No, Approval, Person };

/// Asks without evidence and events: nothing of the run has begun.
CheckVerdict quietly(SystemPort& port, const std::vector<Check>& checks) {
    CheckVerdict all = CheckVerdict::True;
    for (const Check& check : checks) {
        const CheckVerdict verdict = port.check(check.name, check.arguments).verdict;
        if (verdict == CheckVerdict::False) return verdict;
        if (verdict == CheckVerdict::Unknown) all = verdict;
    }
    return all;
}

bool conditionsRuleOut(SystemPort& port, const Step& step) {
    return std::any_of(step.when.begin(), step.when.end(), [&](const Condition& condition) {
        if (condition.isStatic()) return !condition.staticValue();
        const CheckVerdict verdict = port.check(condition.check.name, condition.check.arguments).verdict;
        return verdict == (condition.negated ? CheckVerdict::True : CheckVerdict::False);
    });
}

bool parametersRuleOut(const Step& step) {
    return std::any_of(step.when.begin(), step.when.end(),
                       [](const Condition& condition) { return condition.isStatic() && !condition.staticValue(); });
}

Need needOf(const Session& session, const Step& step) {
    if (step.approval.needed && !approvedBefore(session.state(), step)) return Need::Approval;
    if (step.kind == StepKind::Human || step.kind == StepKind::Ask) return Need::Person;
    return Need::No;
}

/// The steps that this session may run and that need somebody's word. A step is left out when it is done, or not
/// wanted, and nothing in front of it will act and so change that.
std::vector<const Step*> stepsThatNeedSomebody(Session& session) {
    const RunOptions& options = session.options;
    std::vector<const Step*> reached;
    bool before = !options.startAt.empty();
    bool any = false;
    for (const Step& step : session.runbook.steps) {
        if (step.id == options.startAt) before = false;
        const StepState* state = session.state().find(step.id);
        const bool settled = state != nullptr && isSettled(state->phase);
        if (!before && !settled && step.enabled && !parametersRuleOut(step)) {
            reached.push_back(&step);
            any = any || needOf(session, step) != Need::No;
        }
        if (step.id == options.until) break;
    }
    if (!any) return {};
    std::vector<const Step*> out;
    bool acts = false;
    for (const Step* step : reached) {
        const bool holds = !step->doneWhen.empty() && quietly(session.port, step->doneWhen) == CheckVerdict::True;
        const bool idle = holds || conditionsRuleOut(session.port, *step);
        if (needOf(session, *step) != Need::No && (acts || !idle)) out.push_back(step);
        acts = acts || (!idle && (!step->commands.empty() || needOf(session, *step) == Need::Person));
    }
    return out;
}

constexpr const char* kNothingUndone = "nothing was undone: ";

/// What a refusal leaves: a run that goes on has done what it has done.
std::string nothingMore(const Session& session) {
    const std::vector<StepState>& steps = session.state().steps;
    const bool begun =
        std::any_of(steps.begin(), steps.end(), [](const StepState& step) { return step.phase != StepPhase::Pending; });
    return begun ? "nothing more was begun: " : "nothing was begun: ";
}

RunResult refusal(const Session& session, const std::vector<std::string>& what,
                  const std::vector<std::string>& options) {
    RunResult result;
    result.outcome = RunOutcome::ApprovalNeeded;
    result.reason = nothingMore(session) + join(what, "; ");
    result.fix = "look at --dry-run, then add " + join(options, " ");
    result.options = options;
    return result;
}

/// What is said of one step that nobody approved.
void addMissing(const Step& step, Need need, std::vector<std::string>& what, std::vector<std::string>& options) {
    if (need == Need::Person) {
        what.push_back("step " + step.id + " is for a person: " + step.instruction);
        options.push_back("--approve " + step.id + "=" + stepHash(step));
        return;
    }
    const std::string& name = step.approval.typeTheName;
    what.push_back("step " + step.id + " needs an approval" + (name.empty() ? "" : " by the name " + name) + ": " +
                   (step.approval.text.empty() ? step.title : step.approval.text));
    options.push_back("--approve " + quoteTemplateWord(step.id + "=" + (name.empty() ? stepHash(step) : name)));
}

/// Why the word that was given for a step approves nothing.
std::string wrongApproval(const Step& step, const std::string& told) {
    const std::string& name = step.approval.typeTheName;
    if (!name.empty())
        return "`" + told + "` is not the name that approves step " + step.id + ", which is `" + name + "`";
    return "`" + told + "` is not what step " + step.id + " is approved by: its hash, as it would run now, is " +
           stepHash(step);
}

StepPrompt promptOf(const Session& session, const Step& step) {
    StepPrompt prompt;
    prompt.step = &step;
    prompt.number = session.numberOf(step);
    prompt.count = static_cast<int>(session.runbook.steps.size());
    prompt.hash = stepHash(step);
    prompt.approval = step.approval;
    return prompt;
}

/// What came of asking: given, or why not, with what that leaves.
std::optional<RunResult> judged(const Session& session, const std::string& left, const Answer& answer,
                                const std::string& name, const std::string& stepId) {
    if (answer.kind == Answer::Kind::Yes && (name.empty() || answer.typedName == name)) return {};
    if (answer.kind == Answer::Kind::NotAsked && session.pauseRequested()) {
        return RunResult{RunOutcome::Cancelled, stepId, "stopped by request before it began", {}};
    }
    if (answer.kind == Answer::Kind::Yes || !answer.typedName.empty()) {
        return RunResult{RunOutcome::ApprovalNeeded, stepId, left + "the name typed is not `" + name + "`",
                         "type it exactly"};
    }
    return RunResult{RunOutcome::Cancelled,
                     stepId,
                     left + "the approval was refused" + (answer.reason.empty() ? "" : ": " + answer.reason),
                     {}};
}

/// Whether the options approve the undo of this step by itself: the name that must be typed, or yes where none must.
bool toldFor(const RunOptions& options, const UndoPlanStep& planned) {
    const auto told = options.approvals.find(planned.stepId);
    if (told == options.approvals.end()) return false;
    if (!planned.approval.typeTheName.empty()) return told->second == planned.approval.typeTheName;
    // A table that is empty by now may be named all the same.
    return told->second == "yes" ||
           std::any_of(planned.effects.begin(), planned.effects.end(), [&](const LineEffect& effect) {
               return effect.destroysData && effect.present && told->second == effect.target;
           });
}

/// A word that approves nothing is never passed over: whoever gave it meant another plan.
std::optional<RunResult> wrongNames(const RunOptions& options, const UndoPlan& plan) {
    for (const UndoPlanStep& planned : plan.steps) {
        const auto told = options.approvals.find(planned.stepId);
        const bool asked = planned.approval.needed && told != options.approvals.end();
        if (!asked || toldFor(options, planned)) continue;
        const std::string& name = planned.approval.typeTheName;
        return RunResult{RunOutcome::ApprovalNeeded, planned.stepId,
                         "nothing was undone: `" + told->second + "` is not what has to be typed" +
                             (name.empty() ? ", which is yes" : ": `" + name + "`"),
                         "look at --undo --dry-run, then add " + join(approvalOptions(plan), " "),
                         approvalOptions(plan)};
    }
    return {};
}

/// Whether the options approve all of the plan but for the names that are left to type.
bool approvedAsAWhole(const RunOptions& options, const UndoPlan& plan) {
    if (options.approveAll) return true;
    // Who says of every deed that is left that it is taken back approves nothing more.
    const bool resolved = std::all_of(plan.steps.begin(), plan.steps.end(), [&](const UndoPlanStep& step) {
        return !step.takesBack() || (step.lines.empty() && options.resolutions.count(step.stepId) > 0);
    });
    if (resolved && !options.resolutions.empty()) return true;
    // Who names what is deleted has read the plan; a step that wants a yes of its own gets it from no other's name.
    bool named = false;
    for (const UndoPlanStep& step : plan.steps) {
        if (!step.approval.needed) continue;
        if (step.approval.typeTheName.empty() && !toldFor(options, step)) return false;
        named = named || toldFor(options, step);
    }
    return named;
}

/// What an undo wants a yes for.
std::string unapprovedText(const RunOptions& options, const UndoPlan& plan) {
    std::uint64_t steps = 0;
    std::vector<std::string> ids;
    for (const UndoPlanStep& step : plan.steps) {
        steps += step.takesBack() ? 1 : 0;
        const bool open = step.approval.needed && step.approval.typeTheName.empty() && !toldFor(options, step);
        if (open) ids.push_back(step.stepId);
    }
    return "an undo of " + countText(steps, "step") + (ids.empty() ? "" : ", with a yes for " + join(ids, ", "));
}

}  // namespace

std::string screenText(const Step& step) {
    if (!step.instruction.empty()) return step.instruction;
    std::string out = step.approval.text.empty() ? step.title : step.approval.text;
    for (const CommandLine& line : step.commands) out += "\n" + line.text;
    return out;
}

bool preApproved(const RunOptions& options, const Step& step) {
    const auto given = options.approvals.find(step.id);
    const std::string& name = step.approval.typeTheName;
    if (given == options.approvals.end()) return options.approveAll && name.empty();
    if (given->second == stepHash(step)) return true;
    return name.empty() ? given->second == "yes" : given->second == name;
}

bool approvedBefore(const RunState& state, const Step& step) {
    const std::string text = screenText(step);
    return std::any_of(state.approvals.begin(), state.approvals.end(), [&](const ApprovalRecord& approval) {
        return approval.stepId == step.id && approval.text == text;
    });
}

void recordApproval(Session& session, const GivenApproval& approval) {
    session.record("approval", {{"step", approval.step->id},
                                {"who", approval.who.empty() ? session.options.user : approval.who},
                                {"how", approval.how},
                                {"text", approval.text},
                                {"reason", approval.reason}});
    RunEvent event = session.stepEvent(EventType::ApprovalGiven, *approval.step);
    event.text = approval.text;
    event.result = approval.how;
    event.reason = approval.reason;
    session.emit(event);
}

std::optional<RunResult> askInAdvance(Session& session, std::vector<GivenApproval>& given) {
    for (const std::vector<Check>* checks : {&session.runbook.requirements, &session.runbook.invariants}) {
        if (quietly(session.port, *checks) != CheckVerdict::True) return {};  // the run is about to say so
    }
    std::vector<std::string> what;
    std::vector<std::string> options;
    bool anybody = true;
    for (const Step* step : stepsThatNeedSomebody(session)) {
        const Need need = needOf(session, *step);
        if (preApproved(session.options, *step)) {
            if (need == Need::Approval) given.push_back({step, {}, "pre-approved", screenText(*step), {}});
            continue;
        }
        if (session.options.approvals.count(step->id) > 0) {
            addMissing(*step, need, what, options);
            what.back() = wrongApproval(*step, session.options.approvals.at(step->id));
            anybody = false;  // a wrong approval is not asked away
            continue;
        }
        if (need == Need::Person) {
            if (session.approver.present()) continue;  // asked when it is its turn: the deed cannot be done before
            addMissing(*step, need, what, options);
            continue;
        }
        Answer answer;
        if (anybody) answer = session.approver.approve(promptOf(session, *step));
        if (answer.kind == Answer::Kind::NotAsked && !session.pauseRequested()) {
            anybody = false;
            addMissing(*step, need, what, options);
            continue;
        }
        const std::string& name = step->approval.typeTheName;
        if (std::optional<RunResult> refused = judged(session, nothingMore(session), answer, name, step->id))
            return refused;
        given.push_back({step, answer.who, name.empty() ? "confirmed" : "typed", screenText(*step), answer.reason});
    }
    if (what.empty()) return {};
    return refusal(session, what, options);
}

std::optional<RunResult> approveUndo(Session& session, const UndoPlan& plan, std::vector<GivenApproval>& given) {
    const RunOptions& options = session.options;
    std::vector<std::string> what;
    Answer whole;  // of a person, to the plan
    if (std::optional<RunResult> wrong = wrongNames(options, plan)) return wrong;
    if (!approvedAsAWhole(options, plan)) {
        whole = session.approver.approveUndo(plan);
        if (whole.kind == Answer::Kind::NotAsked && !session.pauseRequested()) {
            what.push_back(unapprovedText(options, plan));
        } else if (std::optional<RunResult> refused = judged(session, kNothingUndone, whole, {}, {})) {
            return refused;
        }
    }
    for (const UndoPlanStep& planned : plan.steps) {
        if (!planned.approval.needed) continue;
        const std::string& name = planned.approval.typeTheName;
        const Step* step = session.runbook.findStep(planned.stepId);
        if (toldFor(options, planned) || (name.empty() && options.approveAll)) {
            given.push_back({step, {}, "pre-approved", planned.approval.text, {}});
            continue;
        }
        if (name.empty()) {  // with the plan, if somebody said yes to it
            given.push_back({step, whole.who, "confirmed", planned.approval.text, whole.reason});
            continue;
        }
        Answer answer;
        if (what.empty()) {
            StepPrompt prompt = promptOf(session, *step);
            prompt.undoing = true;
            prompt.approval = planned.approval;
            answer = session.approver.approve(prompt);
        }
        if (answer.kind == Answer::Kind::NotAsked && !session.pauseRequested()) {
            what.push_back("step " + planned.stepId + " " + planned.approval.text);
            continue;
        }
        if (std::optional<RunResult> refused = judged(session, kNothingUndone, answer, name, planned.stepId))
            return refused;
        given.push_back({step, answer.who, "typed", planned.approval.text, answer.reason});
    }
    if (what.empty()) return {};
    return RunResult{RunOutcome::ApprovalNeeded,
                     {},
                     "nothing was undone; it needs an approval: " + join(what, "; "),
                     "look at --undo " + plan.runId + " --dry-run, then add " + join(approvalOptions(plan), " "),
                     approvalOptions(plan)};
}

}  // namespace tributary::runbooks::detail
