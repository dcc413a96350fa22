// Pausing, copying, resuming, authorising, editing.
#include "runbooks/planner/planlinkparts.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace tributary::runbooks::detail {
namespace {

std::string resumeWhy(const Link& link) {
    if (link.there == nullptr || !link.there->operationsPending) return "What was written meanwhile is sent now.";
    if (*link.there->operationsPending == 0) return "Nothing waits for it.";
    return fmt::format("{} operations wait for it.",
                       groupedDigits(static_cast<std::uint64_t>(*link.there->operationsPending)));
}

}  // namespace

void LinkSteps::guardTable(const std::string& path) {
    const ObservedDataset* there = work.seen.dataset(path);
    if (there != nullptr && !there->uuid.empty()) work.guard(check("dataset-is", {path, there->uuid}));
}

void LinkSteps::copy(const Link& link, const std::string& columns, const std::string& why) {
    const Replica& drawn = *link.drawn;
    const std::string only = columns.empty() ? optionsOf(drawn).columns : columns;
    Draft& draft = work.step(Phase::Copy, "copy", linkSlug(drawn.from, drawn.to), ReplicaId{drawn.from, drawn.to},
                             StepEffect::Copies, fmt::format("Copy {} to {}", drawn.from, drawn.to), why);
    const auto difference = link.missing ? link.missing : link.stale;
    if (difference) draft.info.closes = {*difference};
    Step& step = draft.step;
    step.targets = {drawn.to};
    step.requirements = {check("replica-listed", {drawn.from, drawn.to}), check("readable", {drawn.from})};
    const bool stream = work.isStream(drawn.from);
    const Dataset* source = work.drawn.dataset(drawn.from);
    const bool json = source != nullptr && source->kind == DatasetKind::JsonTable;
    step.commands = {
        {stream ? copyStreamLine(drawn.from, drawn.to) : copyLine(drawn.from, drawn.to, only, json), {}, {}}};
    step.repeatable = true;
    step.timeoutMs = kArriveMs;
    step.verify = {{VerifyClause::Kind::Becomes, check("readable", {drawn.to})}};
    if (!stream) step.verify.push_back({VerifyClause::Kind::Becomes, check("not-in-bulkload", {drawn.to})});
    step.nothingToUndo = true;
    draft.info.cost = contents.cost(drawn.from, drawn.to);
    step.expect = stream ? "Messages keep their offsets, so that copying twice changes nothing."
                         : "Rows keep their timestamps, so that copying twice changes nothing.";
}

void LinkSteps::resume(const Link& link, const std::optional<std::size_t>& difference) {
    const Replica& drawn = *link.drawn;
    Draft& draft = work.step(Phase::Resume, "resume", linkSlug(drawn.from, drawn.to), ReplicaId{drawn.from, drawn.to},
                             StepEffect::Alters, fmt::format("Resume {} to {}", drawn.from, drawn.to), resumeWhy(link));
    if (difference) draft.info.closes = {*difference};
    Step& step = draft.step;
    step.targets = {drawn.from};
    step.doneWhen = {check("link-healthy", {drawn.from, drawn.to})};
    step.commands = {{work.lineAt(drawn.from, "replica resume").with("replica", drawn.to), {}, {}}};
    step.retry = {3, {FailureClass::Transient, FailureClass::Unreachable}, 2'000};
    step.verify = {becomes(step.doneWhen.front(), kRunMs, kQuickMs)};
    step.undo = {{work.lineAt(drawn.from, "replica pause").with("replica", drawn.to), {}, {}}};
}

void LinkSteps::pause(Phase phase, const ReplicaId& id, const std::string& why,
                      const std::optional<std::size_t>& difference) {
    const auto& [from, to] = id;
    Draft& draft = work.step(phase, "pause", linkSlug(from, to), ReplicaId{from, to}, StepEffect::Alters,
                             fmt::format("Pause {} to {}", from, to), why);
    if (difference) draft.info.closes = {*difference};
    Step& step = draft.step;
    step.targets = {from};
    step.doneWhen = {check("replica-paused", {from, to})};
    step.commands = {{work.lineAt(from, "replica pause").with("replica", to), {}, {}}};
    step.verify = {{VerifyClause::Kind::Becomes, step.doneWhen.front()}};
    step.undo = {{work.lineAt(from, "replica resume").with("replica", to), {}, {}}};
    work.guard(check("replica-listed", {from, to}));
}

void LinkSteps::authorize(const std::string& at, const std::string& from, std::size_t difference, bool both) {
    Draft& draft = work.step(Phase::Register, "authorize", linkSlug(from, at), UpstreamId{at, from}, StepEffect::Adds,
                             fmt::format("Let {} accept {}", at, from),
                             "Replication depends on a two-way agreement. Without this record nothing flows.");
    draft.info.closes = {difference};
    Step& step = draft.step;
    step.targets = {at};
    step.doneWhen = {check("upstream-listed", {at, from})};
    step.commands = {{work.lineAt(at, "upstream add").with("upstream", from), {}, {}}};
    step.verify = {
        {VerifyClause::Kind::Becomes, both ? check("upstream-and-replica", {from, at}) : step.doneWhen.front()}};
    step.undo = {{work.lineAt(at, "upstream remove").with("upstream", from), {}, {}}};
}

void LinkSteps::edit(Step& step, const ReplicaId& id, const std::vector<LinkOption>& options, std::string_view noun) {
    const auto& [from, to] = id;
    Line line(fmt::format("maprcli {} replica edit", noun));
    Line back(fmt::format("maprcli {} replica edit", noun));
    line.with("path", from).with("replica", to);
    back.with("path", from).with("replica", to);
    step.targets = {from};
    for (const LinkOption& each : options) {
        line.with(each.name, each.wanted);
        back.with(each.name, each.now);
        step.doneWhen.push_back(check("replica-has", {from, to, each.name, each.wanted}));
        step.requirements.push_back(check("replica-has", {from, to, each.name, each.now}));
    }
    step.commands = {{line, {}, {}}};
    for (const Check& each : step.doneWhen) step.verify.push_back({VerifyClause::Kind::Becomes, each});
    step.undo = {{back, {}, {}}};
}

}  // namespace tributary::runbooks::detail
