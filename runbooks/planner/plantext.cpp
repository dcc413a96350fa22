// Rendering of plans.
#include "runbooks/planner/plantext.h"

#include <fmt/format.h>

#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/planner/plancommands.h"

namespace tributary::runbooks {
namespace {

using Json = nlohmann::ordered_json;

std::string counted(int n, const char* one, const char* many) {
    return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string bytesText(std::uint64_t bytes) {
    if (bytes < 1'000) return fmt::format("{} B", bytes);
    if (bytes < 1'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
    if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
    return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

std::string secondsText(std::int64_t seconds) {
    if (seconds < 120) return fmt::format("about {} s", seconds);
    if (seconds < 7'200) return fmt::format("about {} min", (seconds + 59) / 60);
    return fmt::format("about {} h", (seconds + 3'599) / 3'600);
}

template <typename Cost>
std::string copiedText(const Cost& cost) {
    if (!cost.rows) return "how many rows are copied is not known";
    std::string out = detail::countedRows(*cost.rows);
    if (cost.bytes) out += fmt::format(" ({})", bytesText(*cost.bytes));
    out += *cost.rows == 1 ? " is copied" : " are copied";
    return cost.seconds ? out + ", " + secondsText(*cost.seconds) : out;
}

char markOf(StepEffect effect) {
    switch (effect) {
        case StepEffect::Adds: return '+';
        case StepEffect::Alters: return '~';
        case StepEffect::Copies: return '>';
        case StepEffect::Removes: return '-';
        default: return '?';
    }
}

std::string stepText(const Step& step, const PlannedStep& info, std::size_t number) {
    std::string out = fmt::format("{} {}. {}  [{}]\n", markOf(info.effect), number, step.title, step.id);
    if (!step.why.empty()) out += fmt::format("     {}\n", step.why);
    for (const CommandLine& line : step.commands) out += fmt::format("     $ {}\n", line.text);
    if (info.effect == StepEffect::Copies) out += fmt::format("     Cost: {}.\n", copiedText(info.cost));
    if (!info.lost.empty()) out += fmt::format("     LOST FOR EVER: {}.\n", info.lost);
    if (!info.irreversible.empty()) {
        out += fmt::format("     {}: {}.\n", step.irreversible.empty() ? "Undo" : "No undo", info.irreversible);
    }
    if (!step.approval.typeTheName.empty()) {
        out += fmt::format("     Approval: the name {} has to be typed.\n", step.approval.typeTheName);
    } else if (step.approval.needed) {
        out += "     Approval: yes.\n";
    }
    return out;
}

std::string differenceText(const Difference& difference) {
    return fmt::format("{} {} {}", difference.what(), difference.where(), difference.detail);
}

template <typename T>
Json orNull(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json lossJson(const DataLoss& loss) {
    return {{"rows", orNull(loss.rows)},
            {"only_here", orNull(loss.onlyHere)},
            {"keys", loss.keys},
            {"problem", loss.problem}};
}

Json stepJson(const Step& step, const PlannedStep& info) {
    Json json{{"id", info.id},
              {"effect", stepEffectName(info.effect)},
              {"element", placeOf(info.element)},
              {"title", step.title},
              {"why", step.why},
              {"commands", Json::array()},
              {"undo", Json::array()},
              {"closes", info.closes}};
    for (const CommandLine& line : step.commands) json["commands"].push_back(line.text);
    for (const CommandLine& line : step.undo) json["undo"].push_back(line.text);
    if (info.effect == StepEffect::Copies) {
        json["cost"] = Json{{"rows", orNull(info.cost.rows)},
                            {"bytes", orNull(info.cost.bytes)},
                            {"seconds", orNull(info.cost.seconds)}};
    } else {
        json["cost"] = nullptr;
    }
    json["lost"] = info.lost.empty() ? Json() : Json(info.lost);
    json["loss"] = info.loss ? lossJson(*info.loss) : Json();
    json["irreversible"] = info.irreversible.empty() ? Json() : Json(info.irreversible);
    json["approval"] = Json{
        {"needed", step.approval.needed}, {"text", step.approval.text}, {"type_the_name", step.approval.typeTheName}};
    return json;
}

}  // namespace

std::string totalsText(const Plan& plan) {
    const PlanTotals& totals = plan.totals;
    std::string out = counted(totals.changes, "step changes something", "steps change something");
    if (totals.looks > 0) out += fmt::format(", {} only {}", totals.looks, totals.looks == 1 ? "looks" : "look");
    out += '.';
    if (totals.copies > 0) out += " " + copiedText(totals) + ".";
    if (totals.losses == 0) return out + " Nothing is lost.";
    out += fmt::format(" {} something for ever", counted(totals.losses, "step takes", "steps take"));
    if (!totals.rowsOnlyHere) return out + "; how many rows exist nowhere else is not known.";
    if (*totals.rowsOnlyHere == 0) return out + ".";
    return out + fmt::format(": {} exist{} nowhere else.",
                             detail::countedRows(static_cast<std::uint64_t>(*totals.rowsOnlyHere)),
                             *totals.rowsOnlyHere == 1 ? "s" : "");
}

std::string planText(const Plan& plan) {
    if (plan.agrees()) return "What runs is what is drawn: there is nothing to do.\n";
    std::string out;
    if (!plan.steps.empty()) out = totalsText(plan) + "\n";
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        out += "\n" + stepText(plan.runbook.steps[i], plan.steps[i], i + 1);
    }
    if (plan.left.empty()) return out;
    out += plan.steps.empty() ? "No step of a plan closes what differs:\n" : "\nNo step closes:\n";
    for (const LeftOver& each : plan.left) {
        out += fmt::format("  {}\n    {}", differenceText(plan.differences[each.difference]), each.reason);
        out += each.command.empty() ? "\n" : fmt::format("\n    try: {}\n", each.command);
    }
    return out;
}

Json differenceJson(const Difference& difference) {
    return {{"kind", differenceKindName(difference.kind)},
            {"what", difference.what()},
            {"where", difference.where()},
            {"attribute", difference.attribute},
            {"drawn", orNull(difference.drawn)},
            {"observed", orNull(difference.observed)},
            {"detail", difference.detail},
            {"data", dataStakeName(difference.stake)},
            {"runs", difference.runs}};
}

std::vector<std::string> approvalOptions(const Plan& plan) {
    std::vector<std::string> out;
    bool yes = false;
    for (const Step& step : plan.runbook.steps) {
        if (!step.approval.needed) continue;
        if (step.approval.typeTheName.empty()) {
            yes = true;
        } else {
            out.push_back("--approve " + quoteTemplateWord(step.id + '=' + step.approval.typeTheName));
        }
    }
    if (yes) out.insert(out.begin(), "--yes");
    return out;
}

Json planJson(const Plan& plan) {
    const PlanTotals& totals = plan.totals;
    Json json{{"agrees", plan.agrees()},
              {"totals",
               {{"changes", totals.changes},
                {"looks", totals.looks},
                {"copies", totals.copies},
                {"rows", orNull(totals.rows)},
                {"bytes", orNull(totals.bytes)},
                {"seconds", orNull(totals.seconds)},
                {"losses", totals.losses},
                {"rows_only_here", orNull(totals.rowsOnlyHere)}}},
              {"steps", Json::array()},
              {"left", Json::array()},
              {"approve_with", approvalOptions(plan)},
              {"differences", Json::array()}};
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        json["steps"].push_back(stepJson(plan.runbook.steps[i], plan.steps[i]));
    }
    for (const LeftOver& each : plan.left) {
        json["left"].push_back({{"difference", each.difference}, {"reason", each.reason}, {"command", each.command}});
    }
    for (const Difference& each : plan.differences) json["differences"].push_back(differenceJson(each));
    return json;
}

}  // namespace tributary::runbooks
