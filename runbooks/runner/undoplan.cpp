// Making the plan of an undo.
#include "runbooks/runner/undoplan.h"

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/model/load.h"
#include "runbooks/model/parameters.h"
#include "runbooks/runner/drift.h"
#include "runbooks/runner/undoing.h"

namespace tributary::runbooks {
namespace {

void addPath(std::set<std::string>& paths, const std::string& word) {
    if (word.size() > 1 && word.front() == '/') paths.insert(word);
}

/// Every path that the runbook speaks of: where the other copies of its rows may lie.
std::vector<std::string> relatedPaths(const Runbook& rendered) {
    std::set<std::string> paths;
    for (const Step& step : rendered.steps) {
        for (const std::string& target : step.targets) addPath(paths, target);
        for (const std::vector<CommandLine>* lines : {&step.commands, &step.undo}) {
            for (const CommandLine& line : *lines) {
                const auto words = splitTemplateWords(line.text);
                if (!words.ok()) continue;
                for (const std::string& word : *words) addPath(paths, word);
            }
        }
    }
    return {paths.begin(), paths.end()};
}

/// What must be said before these lines run: a name for each thing whose data go.
Approval approvalFor(const UndoPlanStep& step) {
    Approval approval;
    for (const LineEffect& effect : step.effects) {
        if (!effect.destroysData || !effect.present) continue;
        approval.needed = true;
        approval.text += (approval.text.empty() ? "" : "; ") + effect.text + ": " + lossText(effect);
        if (effect.rows == 0 && effect.onlyHere == 0) continue;  // nothing but the empty thing itself
        approval.typeTheName += (approval.typeTheName.empty() ? "" : " ") + effect.target;
    }
    return approval;
}

/// `around.before` grows by the lines of the step: those after it find gone what they delete.
UndoPlanStep planStep(const Step& step, int number, SystemPort& port, LookAround& around) {
    UndoPlanStep out;
    out.stepId = step.id;
    out.title = step.title;
    out.number = number;
    if (detail::reversedByHand(step)) out.byHand = step.instruction;
    if (!step.undo.empty()) out.drift = detail::lostEffect(step, port);
    for (const CommandLine& line : step.undo) {
        out.lines.push_back(line.text);
        out.effects.push_back(port.effectOf(line.text, around));
        around.before.push_back(line.text);
    }
    out.approval = approvalFor(out);
    return out;
}

std::string nothingDone(const RunState& state, const std::string& downTo) {
    const bool undone = state.compensated || (state.finished && state.outcome == RunOutcome::Undone);
    if (downTo.empty() && undone) return "run " + state.runId + " is undone already";
    if (downTo.empty()) return "run " + state.runId + " has done nothing that could be undone";
    return "run " + state.runId + " has done nothing after step " + downTo + " that could be undone";
}

bool canBeTakenBack(const Step& step) {
    return !step.undo.empty() || detail::reversedByHand(step);
}

StayingStep stayingStep(const Step& step, int number) {
    StayingStep out{step.id, step.title, number, {}, {}};
    for (const CommandLine& line : step.undo) out.lines.push_back(line.text);
    if (!step.irreversible.empty()) out.note = "cannot be undone: " + step.irreversible;
    if (detail::reversedByHand(step)) out.note = "people did it, and take it back: " + step.instruction;
    return out;
}

/// Refused as a whole: half an undo that was bound to stop is worse than none. What came after the step can be undone
/// by itself, if there is any; what came before it is told, so that a person can take it back.
void refuseAt(UndoPlan& plan, const Step& barrier, const std::vector<const Step*>& order, const Runbook& rendered) {
    plan.refusedAt = barrier.id;
    plan.refusal = "step " + barrier.id + " cannot be undone: " + barrier.irreversible;
    const auto at = std::find(order.begin(), order.end(), &barrier);
    const auto after = std::count_if(order.begin(), at, [](const Step* step) { return canBeTakenBack(*step); });
    const auto reached = after > 0 ? at + 1 : order.begin();
    for (auto each = reached; each != order.end(); ++each) {
        const auto number = static_cast<int>(*each - rendered.steps.data()) + 1;
        if (*each != &barrier && (canBeTakenBack(**each) || !(*each)->irreversible.empty()))
            plan.staying.push_back(stayingStep(**each, number));
    }
    if (after > 0) {
        plan.refusalFix = "undo only what came after it: --down-to " + barrier.id;
        plan.refusalOptions = {"--down-to " + barrier.id};
    } else if (!plan.staying.empty()) {
        plan.refusalFix =
            "take back by hand what came before it; the plan lists the commands: --undo " + plan.runId + " --dry-run";
        plan.refusalOptions = {"--dry-run"};
    }
}

}  // namespace

bool UndoPlanStep::takesBack() const {
    return !lines.empty() || !byHand.empty();
}

bool UndoPlanStep::destroysData() const {
    return std::any_of(effects.begin(), effects.end(),
                       [](const LineEffect& effect) { return effect.destroysData && effect.present; });
}

std::int64_t UndoPlanStep::onlyHere() const {
    std::int64_t sum = 0;
    for (const LineEffect& effect : effects) {
        if (!effect.destroysData || !effect.present) continue;
        if (effect.onlyHere < 0) return -1;
        sum += effect.onlyHere;
    }
    return sum;
}

const UndoPlanStep* UndoPlan::find(const std::string& stepId) const {
    const auto at =
        std::find_if(steps.begin(), steps.end(), [&](const UndoPlanStep& step) { return step.stepId == stepId; });
    return at == steps.end() ? nullptr : &*at;
}

bool UndoPlan::hasUnknown() const {
    return std::any_of(steps.begin(), steps.end(), [](const UndoPlanStep& step) { return step.onlyHere() < 0; });
}

Result<UndoPlan> planUndo(const RunState& state, const Dialects& dialects, SystemPort& port,
                          const std::string& downTo) {
    const Result<Runbook> stored = parseRunbook(state.text, "run " + state.runId, dialects);
    if (!stored.ok()) return stored.error();
    const Result<Runbook> rendered = renderRunbook(*stored, state.parameters);
    if (!rendered.ok()) return rendered.error();
    if (!downTo.empty() && rendered->findStep(downTo) == nullptr) {
        std::vector<std::string> ids;
        for (const Step& step : rendered->steps) ids.push_back(step.id);
        const std::string near = nearest(downTo, ids);
        return Error{ErrorCode::InvalidInput, "runbook " + state.runbookId + " has no step `" + downTo + "`",
                     "--down-to", near.empty() ? "its steps: " + join(ids, ", ") : "did you mean `" + near + "`?"};
    }
    UndoPlan plan;
    plan.runId = state.runId;
    plan.runbookId = state.runbookId;
    plan.title = rendered->title;
    plan.downTo = downTo;
    const std::vector<const Step*> order = detail::undoList(*rendered, state, downTo);
    if (order.empty()) {
        plan.refusal = nothingDone(state, downTo);
        return plan;
    }
    for (const Step* step : order) {
        if (step->irreversible.empty()) continue;
        refuseAt(plan, *step, order, *rendered);
        return plan;
    }
    plan.drift = detail::changedFacts(state, port);
    plan.related = relatedPaths(*rendered);
    LookAround around{plan.related};
    for (const Step* step : order) {
        const auto number = static_cast<int>(step - rendered->steps.data()) + 1;
        plan.steps.push_back(planStep(*step, number, port, around));
    }
    const bool acts =
        std::any_of(plan.steps.begin(), plan.steps.end(), [](const UndoPlanStep& step) { return step.takesBack(); });
    // An undo that was stopped is brought to its end even when only looks are left of it.
    if (!acts && !state.compensated) plan.refusal = nothingDone(state, downTo);
    return plan;
}

}  // namespace tributary::runbooks
