// Asking for a plan.
#include "app/desktop/live/plancontrol.h"

#include <algorithm>

namespace tributary::desktop {

std::string windowPlace(const ElementId& element) {
    if (const auto* half = std::get_if<UpstreamId>(&element)) return half->from + " -> " + half->at;
    return placeOf(element);
}

PlanControl::PlanControl(QObject& relay, const WorkspaceAccess& access, QObject* parent)
    : QObject(parent), lane_(relay, access) {}

std::vector<std::string> PlanControl::places() const {
    std::vector<std::string> out;
    if (!plan_) return out;
    for (const runbooks::PlannedStep& step : plan_->steps) {
        if (step.effect == runbooks::StepEffect::Looks) continue;
        std::string place = windowPlace(step.element);
        if (std::find(out.begin(), out.end(), place) == out.end()) out.push_back(std::move(place));
    }
    return out;
}

void PlanControl::make(const std::vector<std::string>& only) {
    if (phase_ == PlanPhase::Looking && only == only_) return;
    only_ = only;
    const std::uint64_t question = ++asked_;
    lane_.ask<app::WorkspacePlan>(
        this,
        [only](app::Session& session) {
            return app::planWorkspace(session, {only, true});
        },
        [this, question](Result<app::WorkspacePlan> made) {
            if (question != asked_) return;  // discarded meanwhile
            if (made) {
                plan_ = std::move(made->plan);
            } else {
                refusal_ = made.error();
            }
            set(made ? PlanPhase::Ready : PlanPhase::Refused);
        });
    plan_.reset();
    set(PlanPhase::Looking);
}

void PlanControl::discard() {
    ++asked_;
    plan_.reset();
    only_.clear();
    set(PlanPhase::None);
}

void PlanControl::set(PlanPhase phase) {
    phase_ = phase;
    emit changed();
}

}  // namespace tributary::desktop
