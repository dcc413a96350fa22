// Samples and selection.
#include "app/terminal/watchmodel.h"

#include <algorithm>

namespace tributary::app {

void WatchModel::observe(WorkspaceStatus status, Millis nowMs) {
    status_ = std::move(status);
    observedMs_ = nowMs;
    if (firstMs_ == 0) firstMs_ = nowMs;
    const auto unsignedFigure = [](const std::optional<std::int64_t>& value) -> std::optional<std::uint64_t> {
        if (!value || *value < 0) return {};
        return static_cast<std::uint64_t>(*value);
    };
    for (const LinkRow& link : status_.links) {
        LagSample sample;
        sample.linkId = keyOf(link);
        sample.atMs = nowMs;
        sample.lagMs = link.lagMs;
        sample.bytesPending = unsignedFigure(link.bytesPending);
        sample.operationsPending = unsignedFigure(link.operationsPending);
        sample.state = link.state;
        series_[sample.linkId].add(sample);
        if (link.lagMs || link.bytesPending || link.operationsPending) knownMs_[sample.linkId] = nowMs;
    }
    const LinkRow* now = selected();
    selectedKey_ = now == nullptr ? std::string() : keyOf(*now);
}

std::optional<Millis> WatchModel::knownMs(const LinkRow& link) const {
    const auto at = knownMs_.find(keyOf(link));
    return at == knownMs_.end() ? std::optional<Millis>() : at->second;
}

const LagSeries* WatchModel::series(const LinkRow& link) const {
    const auto at = series_.find(keyOf(link));
    return at == series_.end() ? nullptr : &at->second;
}

const LinkRow* WatchModel::selected() const {
    for (const LinkRow& link : status_.links) {
        if (keyOf(link) == selectedKey_) return &link;
    }
    return status_.links.empty() ? nullptr : &status_.links.front();
}

void WatchModel::select(int step) {
    const LinkRow* now = selected();
    if (now == nullptr) return;
    const auto count = static_cast<int>(status_.links.size());
    const int index = static_cast<int>(now - status_.links.data());
    selectedKey_ = keyOf(status_.links[static_cast<std::size_t>(std::clamp(index + step, 0, count - 1))]);
}

std::optional<WatchRun> progressOf(const runbooks::RunState& state) {
    using runbooks::StepPhase;
    if (state.finished) return {};
    WatchRun run{state.runbookId, {}, "between steps", 0, static_cast<int>(state.steps.size())};
    for (const runbooks::StepState& step : state.steps) {
        if (runbooks::isSettled(step.phase)) {
            ++run.settled;
        } else if (step.phase != StepPhase::Pending) {
            run.step = step.id;
            run.state = std::string(runbooks::stepPhaseName(step.phase));
        }
    }
    return run;
}

}  // namespace tributary::app
