// The plan of an undo as text, and the options that approve it.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/runner/undoplan.h"

namespace tributary::runbooks {
namespace {

std::string rowsText(std::int64_t rows) {
    return groupedDigits(static_cast<std::uint64_t>(rows)) + (rows == 1 ? " row" : " rows");
}

void writeEffect(std::string& out, const std::string& line, const LineEffect& effect) {
    out += fmt::format("    $ {}\n", line);
    if (!effect.text.empty()) out += fmt::format("      {}\n", effect.text);
    const std::string loss = lossText(effect);
    if (!loss.empty())
        out += fmt::format("      {}{}\n", effect.onlyHere == 0 || !effect.present ? "" : "LOST: ", loss);
    if (loss.empty() && !effect.problem.empty()) out += fmt::format("      not known: {}\n", effect.problem);
}

/// The one line that must not be overlooked: what no later step brings back.
std::string lossOfAll(const UndoPlan& plan) {
    std::int64_t lost = 0;
    bool known = true;
    std::vector<std::string> steps;
    for (const UndoPlanStep& step : plan.steps) {
        for (const LineEffect& effect : step.effects) {
            if (!effect.destroysData || !effect.present || effect.onlyHere == 0) continue;
            known = known && effect.onlyHere > 0;
            lost += std::max<std::int64_t>(effect.onlyHere, 0);
            if (steps.empty() || steps.back() != step.stepId) steps.push_back(step.stepId);
        }
    }
    if (steps.empty()) return "no row is lost";
    const std::string where = join(steps, ", ");
    if (known) return fmt::format("LOST for ever: {} ({})", rowsText(lost), where);
    const std::string count = lost == 0 ? "how many rows is not known"
                                        : fmt::format("at least {}; how many more is not known", rowsText(lost));
    return fmt::format("LOST for ever: {} ({})", count, where);
}

/// What a refusal leaves as it is, so that it can be taken back by hand.
void writeStaying(std::string& out, const UndoPlan& plan) {
    if (plan.staying.empty()) return;
    out += "\nwhat stays, and what takes it back by hand, in this order:\n";
    for (const StayingStep& step : plan.staying) {
        out += fmt::format("  {} (step {}): {}\n", step.stepId, step.number, step.title);
        for (const std::string& line : step.lines) out += fmt::format("    $ {}\n", line);
        if (!step.note.empty()) out += fmt::format("    {}\n", step.note);
    }
}

}  // namespace

std::string lossText(const LineEffect& effect) {
    if (!effect.destroysData) return {};
    if (!effect.present) return effect.problem.empty() ? "it is gone already" : "gone by then: " + effect.problem;
    const std::string all = effect.rows < 0 ? "its rows could not be counted" : rowsText(effect.rows) + " in all";
    if (effect.onlyHere < 0) {
        return fmt::format("{}; how many exist nowhere else is not known{}", all,
                           effect.problem.empty() ? "" : " (" + effect.problem + ")");
    }
    if (effect.rows == 0 && effect.onlyHere == 0) return "no row is in it by then";
    if (effect.onlyHere == 0) return all + ", none that exists only there";
    std::string keys = join(effect.keys, ", ");
    if (static_cast<std::int64_t>(effect.keys.size()) < effect.onlyHere) keys += ", ...";
    const std::string which = effect.keys.empty() ? "" : ": " + keys;
    return fmt::format("{}, {} exist{} nowhere else{}{}", all, rowsText(effect.onlyHere),
                       effect.onlyHere == 1 ? "s" : "", which,
                       effect.problem.empty() ? "" : " (" + effect.problem + ")");
}

std::string undoPlanText(const UndoPlan& plan) {
    std::string out = fmt::format("undo of run {}: {}\n", plan.runId, plan.title);
    if (!plan.refusal.empty()) {
        out += fmt::format("\nREFUSED: {}\n", plan.refusal);
        if (!plan.refusalFix.empty()) out += fmt::format("  try: {}\n", plan.refusalFix);
        writeStaying(out, plan);
        return shownText(out);
    }
    out += lossOfAll(plan) + '\n';
    if (!plan.drift.empty()) {
        out += "changed since the run's last session ended:\n";
        for (const std::string& fact : plan.drift) out += fmt::format("  {}\n", fact);
    }
    int place = 0;
    for (const UndoPlanStep& step : plan.steps) {
        if (!step.takesBack()) continue;
        out += fmt::format("\n{}. {} (step {}): {}\n", ++place, step.stepId, step.number, step.title);
        for (std::size_t i = 0; i < step.lines.size(); ++i) writeEffect(out, step.lines[i], step.effects[i]);
        if (!step.byHand.empty()) {
            out += fmt::format("    BY HAND, take back: {}\n", step.byHand);
            out += fmt::format("    when that is done: {}\n", takenBackOption(step.stepId));
        }
        if (!step.drift.empty()) out += fmt::format("    not as the run left it: {}\n", step.drift);
        if (step.approval.needed) {
            out += step.approval.typeTheName.empty()
                       ? std::string("    approval needed: --yes\n")
                       : fmt::format("    approval needed: --approve {}={}\n", step.stepId,
                                     quoteTemplateWord(step.approval.typeTheName));
        }
    }
    if (!plan.downTo.empty()) out += fmt::format("\n{} and the steps before it stay\n", plan.downTo);
    out += fmt::format("\n{} to take back", countText(place, "step"));
    const int looks = static_cast<int>(plan.steps.size()) - place;
    if (looks > 0) out += fmt::format(", {} that changed nothing", looks);
    out += fmt::format("; without a terminal: {}\n", join(approvalOptions(plan), " "));
    return shownText(out);
}

std::vector<std::string> approvalOptions(const UndoPlan& plan) {
    std::vector<std::string> options;
    const bool yes = std::any_of(plan.steps.begin(), plan.steps.end(), [](const UndoPlanStep& step) {
        return step.approval.needed && step.approval.typeTheName.empty();
    });
    if (yes) options.emplace_back("--yes");
    for (const UndoPlanStep& step : plan.steps) {
        if (step.approval.typeTheName.empty()) continue;
        options.push_back("--approve " + quoteTemplateWord(step.stepId + "=" + step.approval.typeTheName));
    }
    const bool commands =
        std::any_of(plan.steps.begin(), plan.steps.end(), [](const UndoPlanStep& step) { return !step.lines.empty(); });
    for (const UndoPlanStep& step : plan.steps) {
        if (!commands && !step.byHand.empty()) options.push_back(takenBackOption(step.stepId));
    }
    if (options.empty()) options.push_back("--yes");
    return options;
}

std::string takenBackOption(const std::string& stepId) {
    return "--resolve " + stepId + "=done";
}

}  // namespace tributary::runbooks
