// Choosing what to close, refusing what cannot be told, and putting the parts together.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "runbooks/model/load.h"
#include "runbooks/planner/plan.h"
#include "runbooks/planner/plantext.h"
#include "runbooks/planner/planwork.h"
#include "runbooks/planner/runbookwriter.h"

namespace tributary::runbooks {
namespace {

using Kind = DifferenceKind;

/// The paths, or for clusters and networks the names, that an element is about.
std::vector<std::string> endsOf(const ElementId& element) {
    struct Ends {
        std::vector<std::string> operator()(const ClusterId& id) const { return {id.name}; }
        std::vector<std::string> operator()(const DatasetId& id) const { return {id.path}; }
        std::vector<std::string> operator()(const ReplicaId& id) const { return {id.from, id.to}; }
        std::vector<std::string> operator()(const UpstreamId& id) const { return {id.from, id.at}; }
        std::vector<std::string> operator()(const PeerId& id) const { return {id.from, id.at}; }
        std::vector<std::string> operator()(const ConnectionId& id) const { return {id.from, id.at}; }
        std::vector<std::string> operator()(const WanId& id) const { return {id.a, id.b}; }
        std::vector<std::string> operator()(const RegionId&) const { return {}; }
    };
    return std::visit(Ends{}, element);
}

bool isLink(const ElementId& element) {
    return std::holds_alternative<ReplicaId>(element) || std::holds_alternative<UpstreamId>(element);
}

/// Which elements were asked for.
class Selection {
public:
    Selection(const std::vector<ElementId>& only, const std::vector<Difference>& all) : only_(only) {
        for (const ElementId& each : only) {
            if (const auto* id = std::get_if<ClusterId>(&each)) clusters_.push_back(id->name);
            if (isLink(each)) links_.push_back(endsOf(each));
        }
        // A link needs its tables.
        for (const Difference& each : all) {
            if (each.kind != Kind::Missing || !isLink(each.element) || !holds(each.element)) continue;
            for (const std::string& path : endsOf(each.element)) needed_.push_back(path);
        }
    }
    [[nodiscard]] bool holds(const ElementId& element) const {
        if (only_.empty() || std::find(only_.begin(), only_.end(), element) != only_.end()) return true;
        const std::vector<std::string> ends = endsOf(element);
        if (isLink(element) && std::find(links_.begin(), links_.end(), ends) != links_.end()) return true;
        return std::any_of(ends.begin(), ends.end(), [&](const std::string& end) { return inCluster(end); });
    }
    /// Also what a chosen one needs.
    [[nodiscard]] bool takes(const Difference& difference) const {
        if (holds(difference.element)) return true;
        const auto* id = std::get_if<DatasetId>(&difference.element);
        const bool whole = id != nullptr && difference.kind == Kind::Missing && difference.attribute.empty();
        return whole && std::find(needed_.begin(), needed_.end(), id->path) != needed_.end();
    }
    /// Whether an answer about this element matters.
    [[nodiscard]] bool concerns(const ElementId& unknown) const {
        if (only_.empty()) return true;
        for (const ElementId& each : only_) {
            for (const std::string& end : endsOf(each)) {
                for (const std::string& other : endsOf(unknown)) {
                    if (end == other || clusterOf(end) == other || end == clusterOf(other)) return true;
                }
            }
        }
        return false;
    }

private:
    [[nodiscard]] bool inCluster(const std::string& end) const {
        const std::string cluster = end.starts_with('/') ? clusterOf(end) : end;
        return std::find(clusters_.begin(), clusters_.end(), cluster) != clusters_.end();
    }
    const std::vector<ElementId>& only_;
    std::vector<std::string> clusters_;
    std::vector<std::vector<std::string>> links_;
    std::vector<std::string> needed_;
};

Status fresh(const Observation& observation, const PlanOptions& options) {
    const Millis ageMs = options.nowMs - observation.atMs;
    if (observation.atMs > 0 && ageMs <= options.staleAfterMs) return okStatus();
    return Error{ErrorCode::Unavailable,
                 observation.atMs == 0
                     ? std::string("nobody has looked at what runs")
                     : fmt::format("what runs was looked at {} s ago: it may be otherwise by now", ageMs / 1000),
                 {},
                 "look again: tributary plan"};
}

/// What could not be observed and would have to be: guessing it could delete what is wanted, or make it twice.
Status known(const std::vector<Difference>& all, const Selection& selection) {
    std::vector<std::string> reasons;
    bool down = true;
    for (const Difference& each : all) {
        const bool part = std::holds_alternative<ClusterId>(each.element) && !each.attribute.empty();
        if (each.kind != Kind::Unknown || part || std::holds_alternative<WanId>(each.element)) continue;
        if (!selection.concerns(each.element)) continue;
        reasons.push_back(fmt::format("{} {} {}", each.what(), each.where(), each.detail));
        down = down && each.observed == "down";
    }
    if (reasons.empty()) return okStatus();
    if (reasons.size() > 3) {
        const std::string more = fmt::format("and {} more", reasons.size() - 3);
        reasons.resize(3);
        reasons.push_back(more);
    }
    return Error{ErrorCode::Unavailable,
                 "no plan without knowing what runs: " + join(reasons, "; "),
                 {},
                 down ? "tributary up" : "tributary status"};
}

Status countable(const PlanOptions& options, const std::vector<Deletion>& deletions) {
    for (const Deletion& each : deletions) {
        const auto at = options.losses.find(each.key());
        if (at == options.losses.end() || at->second.onlyHere) continue;
        return Error{
            ErrorCode::Unavailable,
            fmt::format("how many rows of {} exist nowhere else cannot be told: {}", each.key(), at->second.problem),
            {},
            "tributary status; or plan without removals: tributary plan --no-remove"};
    }
    return okStatus();
}

/// What earlier lines delete or make anew is no copy of anything.
void orderDeletions(Plan& plan) {
    std::vector<std::string> before;
    for (const Step& step : plan.runbook.steps) {
        for (const CommandLine& line : step.commands) {
            for (Deletion& each : plan.deletions) {
                if (each.line == line.text) each.before = before;
            }
            const bool counts = line.text.starts_with("maprcli table delete") ||
                                line.text.starts_with("maprcli table cf delete") ||
                                line.text.starts_with("maprcli table create");
            if (counts && !plan.deletions.empty()) before.push_back(line.text);
        }
    }
}

template <typename T>
void addTo(std::optional<T>& sum, const std::optional<T>& more) {
    sum = sum && more ? std::optional<T>(*sum + *more) : std::nullopt;
}

void sum(Plan& plan) {
    PlanTotals& totals = plan.totals;
    totals.rows = totals.bytes = 0;
    totals.seconds = 0;
    for (const PlannedStep& step : plan.steps) {
        ++(step.effect == StepEffect::Looks ? totals.looks : totals.changes);
        if (step.effect == StepEffect::Copies) {
            ++totals.copies;
            addTo(totals.rows, step.cost.rows);
            addTo(totals.bytes, step.cost.bytes);
            addTo(totals.seconds, step.cost.seconds);
        }
        totals.losses += step.lost.empty() ? 0 : 1;
        if (step.loss) addTo(totals.rowsOnlyHere, step.loss->onlyHere);
    }
}

Result<Runbook> written(std::vector<Step> steps, const std::vector<Check>& guards, const Plan& plan,
                        const Dialects& dialects) {
    Runbook book;
    book.id = "make-drawing-real";
    book.title = "Make the drawing real";
    book.why = "What is drawn and what runs differ. " + totalsText(plan);
    book.system = "maprdb";
    book.requirements = guards;
    book.steps = std::move(steps);
    const std::string text = runbookText(
        book,
        "Made by `tributary plan` from what was drawn and what ran. It holds for that state only: `requires` below "
        "is what\nmust still be so, and what changed is named before anything is done.");
    if (text.find("{{") != std::string::npos) {
        return Error{ErrorCode::Unsupported, "a name that holds {{ cannot stand in a runbook", {}, "rename it first"};
    }
    return parseRunbook(text, "plan.yaml", dialects);
}

}  // namespace

std::string_view stepEffectName(StepEffect effect) {
    switch (effect) {
        case StepEffect::Adds: return "adds";
        case StepEffect::Alters: return "alters";
        case StepEffect::Copies: return "copies";
        case StepEffect::Removes: return "removes";
        default: return "looks";
    }
}

const PlannedStep* Plan::find(const std::string& stepId) const {
    const auto at =
        std::find_if(steps.begin(), steps.end(), [&](const PlannedStep& each) { return each.id == stepId; });
    return at == steps.end() ? nullptr : &*at;
}

Result<Plan> makePlan(const Topology& drawing, const Observation& observation, const PlanOptions& options) {
    if (Status looked = fresh(observation, options); !looked) return looked.error();
    std::vector<Difference> all = differencesOf(drawing, observation);
    const Selection selection(options.only, all);
    if (Status told = known(all, selection); !told) return told.error();
    std::vector<Difference> chosen;
    for (Difference& each : all) {
        const bool stays = !options.remove && each.kind == Kind::Extra;
        if (!stays && selection.takes(each)) chosen.push_back(std::move(each));
    }
    detail::PlanWork work(drawing, observation, options);
    work.close(std::move(chosen));
    detail::planClusters(work);
    detail::planTables(work);
    detail::planLinks(work);
    detail::planDrops(work);
    if (Status counted = countable(options, work.deletions); !counted) return counted.error();
    Plan plan;
    std::vector<Step> steps;
    for (detail::Draft& draft : work.take()) {
        steps.push_back(std::move(draft.step));
        plan.steps.push_back(std::move(draft.info));
    }
    plan.left = std::move(work.left);
    plan.deletions = std::move(work.deletions);
    plan.differences = work.takeDifferences();
    std::sort(plan.left.begin(), plan.left.end(),
              [](const LeftOver& a, const LeftOver& b) { return a.difference < b.difference; });
    sum(plan);
    if (plan.steps.empty()) return plan;
    Result<Runbook> book = written(std::move(steps), work.guards(), plan, options.dialects);
    if (!book) return book.error();
    plan.runbook = std::move(book).value();
    orderDeletions(plan);
    return plan;
}

}  // namespace tributary::runbooks
