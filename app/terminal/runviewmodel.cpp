// Events into the model of a run.
#include <fmt/format.h>

#include "app/terminal/runview.h"

namespace tributary::app {
namespace {

using runbooks::EventType;
using runbooks::LinkObservation;
using runbooks::StepPhase;

LagSample sampleOf(const LinkObservation& link, const std::string& id, Millis atMs) {
    LagSample sample;
    sample.linkId = id;
    sample.atMs = atMs;
    sample.state = link.state;
    if (link.lagMs >= 0) sample.lagMs = link.lagMs;
    if (link.bytesPending >= 0) sample.bytesPending = static_cast<std::uint64_t>(link.bytesPending);
    if (link.operationsPending >= 0) sample.operationsPending = static_cast<std::uint64_t>(link.operationsPending);
    return sample;
}

std::string linkId(const LinkObservation& link) {
    return link.from + " -> " + link.to;
}

}  // namespace

RunViewModel::RunViewModel(const runbooks::Runbook& runbook, std::string runId, const runbooks::RunState* state)
    : title_(runbook.title), runId_(std::move(runId)) {
    for (const runbooks::Step& step : runbook.steps) {
        StepLine line;
        line.id = step.id;
        line.title = step.title;
        const runbooks::StepState* earlier = state == nullptr ? nullptr : state->find(step.id);
        if (earlier != nullptr) {
            line.phase = earlier->phase;
            line.reason = earlier->reason;
            line.durationMs = earlier->tookMs();
            line.personMs = earlier->personMs;
        }
        steps_.push_back(std::move(line));
    }
}

StepLine* RunViewModel::find(const std::string& id) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (steps_[i].id != id) continue;
        current_ = i;
        return &steps_[i];
    }
    return nullptr;
}

std::string RunViewModel::stepUnderWay() const {
    if (current_ >= steps_.size() || steps_[current_].phase != StepPhase::Started) return {};
    return steps_[current_].title;
}

void RunViewModel::apply(const runbooks::RunEvent& event) {
    if (startedAtMs_ == 0) startedAtMs_ = event.atMs;
    if (event.type == EventType::LagSample) {
        observe(event.links, event.atMs);
        return;
    }
    if (event.stepId.empty() || event.type == EventType::RunFinished) return;
    if (StepLine* step = find(event.stepId); step != nullptr) applyStep(*step, event);
}

void RunViewModel::applyStep(StepLine& step, const runbooks::RunEvent& event) {
    switch (event.type) {
        case EventType::UndoStarted:
        case EventType::StepStarted:
            step.undoing = event.type == EventType::UndoStarted;
            step.phase = StepPhase::Started;
            step.attempt = event.attempt;
            step.startedAtMs = event.atMs;
            step.durationMs = -1;
            step.reason.clear();
            step.fix.clear();
            break;
        case EventType::CommandStarted:
            step.command = event.text;
            step.waitingFor.clear();
            break;
        case EventType::CommandFinished:
            step.command.clear();
            progress_.clear();
            break;
        case EventType::CheckSeen: step.waitingFor = event.verdict == "true" ? std::string() : event.phrase; break;
        case EventType::Retrying: step.reason = event.reason; break;
        case EventType::UndoFinished:
        case EventType::StepFinished:
            step.undoing = false;
            step.phase = runbooks::phaseAfter(event);
            step.durationMs = event.durationMs >= 0  ? event.durationMs
                              : step.startedAtMs > 0 ? event.atMs - step.startedAtMs
                                                     : -1;
            step.personMs = event.personMs;
            step.command.clear();
            step.waitingFor.clear();
            step.reason = event.reason;
            step.fix = event.fix;
            break;
        default: break;
    }
}

void RunViewModel::observe(const std::vector<LinkObservation>& links, Millis atMs) {
    for (auto& [id, line] : links_) line.seen = false;
    for (const LinkObservation& link : links) {
        LinkLine& line = links_[linkId(link)];
        line.last = link;
        line.seen = true;
        line.series.add(sampleOf(link, linkId(link), atMs));
    }
}

}  // namespace tributary::app
