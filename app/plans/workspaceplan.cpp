// Looking, planning, looking at losses.
#include "app/plans/workspaceplan.h"

#include <fmt/format.h>

#include "app/adapters/engineport.h"
#include "app/daemon/drawnnetwork.h"
#include "app/observe/clocks.h"
#include "app/systems/dialects.h"
#include "core/topology/adopt.h"
#include "runbooks/model/checks.h"

namespace tributary::app {
namespace {

runbooks::DataLoss lossOf(const runbooks::LineEffect& effect) {
    runbooks::DataLoss out;
    if (effect.rows >= 0) out.rows = effect.rows;
    if (effect.onlyHere >= 0) out.onlyHere = effect.onlyHere;
    out.keys = effect.keys;
    out.problem = effect.problem;
    return out;
}

}  // namespace

Result<runbooks::Plan> planFor(const Topology& drawing, const Observation& observation,
                               const runbooks::PlanOptions& options, runbooks::SystemPort& port) {
    Result<runbooks::Plan> first = runbooks::makePlan(drawing, observation, options);
    if (!first || first->deletions.empty()) return first;
    runbooks::PlanOptions measured = options;
    for (const runbooks::Deletion& each : first->deletions) {
        measured.losses[each.key()] = lossOf(port.effectOf(each.line, {each.related, each.before}));
    }
    // The comparison took its time; what was seen is as old as before.
    return runbooks::makePlan(drawing, observation, measured);
}

Result<WorkspacePlan> planWorkspace(Session& session, const PlanRequest& request) {
    WorkspacePlan out;
    out.observation = observationOf(collectStatus(session));
    runbooks::PlanOptions options;
    options.nowMs = wallNowMs();
    options.remove = request.remove;
    options.dialects = dialects();
    for (const std::string& text : request.only) {
        auto element = runbooks::parseElement(text, session.topology(), out.observation);
        if (!element) return element.error();
        options.only.push_back(std::move(element).value());
    }
    EnginePort port(session.directory(), session.user(), wallNowMs);
    auto plan = planFor(session.topology(), out.observation, options, port);
    if (!plan) return plan.error();
    out.plan = std::move(plan).value();
    return out;
}

BrokenGuards askGuards(const runbooks::Runbook& plan, runbooks::SystemPort& port) {
    BrokenGuards out;
    for (const runbooks::Check& check : plan.requirements) {
        const runbooks::CheckOutcome answer = port.check(check.name, check.arguments);
        if (answer.verdict == runbooks::CheckVerdict::True) continue;
        const bool told = answer.verdict == runbooks::CheckVerdict::False;
        (told ? out.changed : out.unknown)
            .push_back(fmt::format("{}: {}; seen now: {}", told ? "no longer so" : "not known",
                                   runbooks::phraseCheck(check), answer.evidence));
    }
    return out;
}

Result<std::vector<std::string>> putNetworkInForce(Session& session) {
    std::vector<std::string> changed;
    for (const std::string& name : session.directory().clusters()) {
        if (!session.directory().isUp(name)) continue;
        auto door = session.directory().door(name);
        if (!door) return door.error();
        const auto now = networkAtDoor(**door);
        if (!now) return now.error();
        const engine::ClusterNetwork wanted = drawnNetwork(session.topology(), name, WanUse::AsDrawn);
        if (now->leftOut || now->rules == wanted.rules) continue;
        if (Status sent = sendNetwork(**door, wanted); !sent) return sent.error();
        changed.push_back(name);
    }
    return changed;
}

Result<Adoption> adopt(const Topology& drawing, const Observation& observation,
                       const std::vector<std::string>& elements) {
    Adoption out;
    out.drawing = drawing;
    for (const std::string& text : elements) {
        const auto element = runbooks::parseElement(text, out.drawing, observation);
        if (!element) return element.error();
        const auto edit = adoptEdit(*element, out.drawing, observation);
        if (!edit) return edit.error();
        if (auto done = (*edit)->apply(out.drawing); !done) return done.error();
        out.titles.push_back((*edit)->title());
    }
    return out;
}

}  // namespace tributary::app
