// Events and looks, kept by their times.
#include "app/desktop/live/runtape.h"

#include <algorithm>

#include "app/desktop/live/livetext.h"

namespace tributary::desktop {
namespace {

using runbooks::EventType;

constexpr Millis kFirstThinMs = 500;

std::size_t weightOf(const LiveSnapshot& snapshot) {
    std::size_t weight = 1 + snapshot.status.links.size();
    for (const app::ClusterRow& cluster : snapshot.status.clusters) {
        weight += 1 + cluster.tables.size() + cluster.members.size();
    }
    return weight;
}

bool isStart(EventType type) {
    return type == EventType::StepStarted || type == EventType::UndoStarted;
}
bool isEnd(EventType type) {
    return type == EventType::StepFinished || type == EventType::UndoFinished;
}

}  // namespace

void RunTape::begin(const std::string& runId, const runbooks::Runbook& rendered, const runbooks::RunState& state) {
    if (runId != runId_) {
        *this = RunTape();
        runId_ = runId;
        title_ = toQt(rendered.title);
        runbook_ = rendered;
        before_ = std::make_shared<const runbooks::RunState>(state);
    }
    isOpen_ = true;
    wantsLast_ = false;
}

void RunTape::take(const runbooks::RunEvent& event) {
    if (!isOpen_ || event.type == EventType::LagSample || event.atMs <= 0) return;
    if (fromMs_ == 0) fromMs_ = event.atMs;
    toMs_ = std::max(toMs_, event.atMs);
    if (events_.size() < kEventsMax) events_.push_back(event);
    if (isStart(event.type)) {
        spans_.push_back({toQt(event.stepId), toQt(event.title), event.atMs, 0, runbooks::StepPhase::Started,
                          event.type == EventType::UndoStarted});
        return;
    }
    if (!isEnd(event.type)) return;
    const QString id = toQt(event.stepId);
    const auto open = std::find_if(spans_.rbegin(), spans_.rend(),
                                   [&](const TapeSpan& span) { return span.id == id && span.toMs == 0; });
    // A step that held already has an end and no beginning.
    TapeSpan& span = open != spans_.rend() ? *open : spans_.emplace_back();
    if (open == spans_.rend()) {
        span.id = id;
        span.title = toQt(event.title);
        span.fromMs = event.atMs;
    }
    span.toMs = std::max(event.atMs, span.fromMs + 1);
    span.phase = runbooks::phaseAfter(event);
}

void RunTape::look(const LiveSnapshot& snapshot) {
    if (!wantsLook() || snapshot.atMs <= 0) return;
    if (!isOpen_) wantsLast_ = false;
    const bool isLast = !isOpen_;
    if (!isLast && !looks_.empty() && snapshot.atMs - looks_.back()->atMs < lookEveryMs_) return;
    looks_.push_back(std::make_shared<const LiveSnapshot>(snapshot));
    weight_ += weightOf(snapshot);
    if (fromMs_ > 0) toMs_ = std::max(toMs_, snapshot.atMs);
    if (looks_.size() > kLooksMax || weight_ > kWeightMax) thin();
}

void RunTape::thin() {
    // Every second one goes, the newest never.
    std::vector<std::shared_ptr<const LiveSnapshot>> kept;
    kept.reserve(looks_.size() / 2 + 1);
    weight_ = 0;
    for (std::size_t i = 0; i < looks_.size(); ++i) {
        if (i % 2 == 1 && i + 1 != looks_.size()) continue;
        weight_ += weightOf(*looks_[i]);
        kept.push_back(std::move(looks_[i]));
    }
    looks_ = std::move(kept);
    lookEveryMs_ = std::max(kFirstThinMs, lookEveryMs_ * 2);
}

void RunTape::end() {
    if (!isOpen_) return;
    isOpen_ = false;
    wantsLast_ = true;
}

std::shared_ptr<const LiveSnapshot> RunTape::lookAt(Millis atMs) const {
    const auto after =
        std::upper_bound(looks_.begin(), looks_.end(), atMs,
                         [](Millis at, const std::shared_ptr<const LiveSnapshot>& each) { return at < each->atMs; });
    return after == looks_.begin() ? nullptr : *std::prev(after);
}

const TapeSpan* RunTape::spanAt(Millis atMs) const {
    const TapeSpan* found = nullptr;
    for (const TapeSpan& span : spans_) {
        if (span.fromMs <= atMs && (span.toMs == 0 || atMs < span.toMs)) found = &span;
    }
    return found;
}

QStringList RunTape::pathsAt(Millis atMs) const {
    const TapeSpan* span = spanAt(atMs);
    if (span == nullptr) return {};
    RunSteps steps;
    steps.show(runbook_, nullptr);
    const RunStepRow* row = steps.find(span->id);
    return row == nullptr ? QStringList() : row->paths;
}

Millis RunTape::neighbour(Millis atMs, bool forward) const {
    Millis best = forward ? toMs_ : fromMs_;
    for (const TapeSpan& span : spans_) {
        for (const Millis edge : {span.fromMs, span.toMs}) {
            if (edge == 0) continue;
            if (forward && edge > atMs) best = std::min(best, edge);
            if (!forward && edge < atMs) best = std::max(best, edge);
        }
    }
    return best;
}

void RunTape::show(RunSteps& steps, Millis atMs) const {
    steps.show(runbook_, before_.get());
    for (const runbooks::RunEvent& event : events_) {
        if (event.atMs > atMs) break;
        steps.apply(event);
    }
}

}  // namespace tributary::desktop
