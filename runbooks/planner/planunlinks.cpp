// Links that are registered and not drawn.
#include <fmt/format.h>

#include "core/base/text.h"
#include "runbooks/planner/planlinkparts.h"

namespace tributary::runbooks::detail {
namespace {

void removeReplica(LinkSteps& steps, const ReplicaId& id, std::size_t at) {
    const ObservedReplica* there = steps.work.seen.replica(id.from, id.to);
    if (there == nullptr) return;
    if (!there->paused.value_or(false)) steps.pause(Phase::Unlink, id, "It runs and is not drawn.", at);
    const std::string waits = !there->operationsPending ? "what waits for it is not known, and"
                              : *there->operationsPending == 0
                                  ? "nothing waits for it; what is written from now on"
                                  : fmt::format("{} operations that wait for it, and what is written from now on,",
                                                groupedDigits(static_cast<std::uint64_t>(*there->operationsPending)));
    Draft& draft = steps.work.step(Phase::Unlink, "remove", linkSlug(id.from, id.to), id, StepEffect::Removes,
                                   fmt::format("{} sends nothing to {} any more", id.from, id.to),
                                   "It is registered and not drawn.");
    draft.info.closes = {at};
    draft.info.irreversible =
        "an undo registers it again; what is written between is not sent any more (a copy brings it)";
    Step& step = draft.step;
    step.targets = {id.from};
    step.doneWhen = {check("replica-absent", {id.from, id.to})};
    step.approval = {true, fmt::format("{} to {}: {} is not sent any more.", id.from, id.to, waits), {}};
    step.commands = {{steps.work.lineAt(id.from, "replica remove").with("replica", id.to), {}, {}}};
    step.verify = {{VerifyClause::Kind::Becomes, step.doneWhen.front()}};
    step.undo = {{replicaAddLine(id.from, id.to, optionsOf(*there), true, steps.work.noun(id.from)), {}, {}}};
    steps.work.guard(check("replica-listed", {id.from, id.to}));
}

void removeUpstream(LinkSteps& steps, const UpstreamId& id, std::size_t at) {
    Draft& draft = steps.work.step(Phase::Unlink, "disown", linkSlug(id.from, id.at), id, StepEffect::Removes,
                                   fmt::format("{} accepts nothing from {} any more", id.at, id.from),
                                   "It is registered and not drawn; it would accept a replica that somebody registers "
                                   "later.");
    draft.info.closes = {at};
    Step& step = draft.step;
    step.targets = {id.at};
    step.doneWhen = {check("upstream-absent", {id.at, id.from})};
    step.commands = {{steps.work.lineAt(id.at, "upstream remove").with("upstream", id.from), {}, {}}};
    step.verify = {{VerifyClause::Kind::Becomes, step.doneWhen.front()}};
    step.undo = {{steps.work.lineAt(id.at, "upstream add").with("upstream", id.from), {}, {}}};
    steps.work.guard(check("upstream-listed", {id.at, id.from}));
}

}  // namespace

void removeLinks(LinkSteps& steps) {
    for (std::size_t at = 0; at < steps.work.differences().size(); ++at) {
        const Difference& difference = steps.work.differences()[at];
        if (difference.kind != DifferenceKind::Extra) continue;
        if (const auto* id = std::get_if<ReplicaId>(&difference.element)) removeReplica(steps, *id, at);
        if (const auto* id = std::get_if<UpstreamId>(&difference.element)) removeUpstream(steps, *id, at);
    }
}

}  // namespace tributary::runbooks::detail
