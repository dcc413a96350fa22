// Comparing what a run left with what is there.
#include "runbooks/runner/drift.h"

#include <algorithm>
#include <iterator>

#include "runbooks/runner/session.h"

namespace tributary::runbooks::detail {
namespace {

constexpr std::size_t kDriftFactsMax = 12;  ///< more than that nobody reads

std::vector<std::string> sorted(std::vector<std::string> facts) {
    std::sort(facts.begin(), facts.end());
    return facts;
}

}  // namespace

std::vector<std::string> changedFacts(const RunState& state, SystemPort& port) {
    if (state.description.empty()) return {};
    const std::vector<std::string> then = sorted(state.description);
    const std::vector<std::string> now = sorted(port.describe());
    if (now.empty()) return {};
    std::vector<std::string> gone;
    std::vector<std::string> fresh;
    std::set_difference(then.begin(), then.end(), now.begin(), now.end(), std::back_inserter(gone));
    std::set_difference(now.begin(), now.end(), then.begin(), then.end(), std::back_inserter(fresh));
    std::vector<std::string> out;
    out.reserve(gone.size() + fresh.size());
    for (const std::string& fact : gone) out.push_back("gone: " + fact);
    for (const std::string& fact : fresh) out.push_back("new: " + fact);
    if (out.size() > kDriftFactsMax) {
        const std::string more = "and " + std::to_string(out.size() - kDriftFactsMax) + " more";
        out.resize(kDriftFactsMax);
        out.push_back(more);
    }
    return out;
}

std::string lostEffect(const Step& step, SystemPort& port) {
    for (const Check& check : step.doneWhen) {
        const CheckOutcome outcome = port.check(check.name, check.arguments);
        if (outcome.verdict != CheckVerdict::True) return culpritText(check, outcome);
    }
    return {};
}

std::vector<std::string> lostSteps(const Runbook& rendered, const RunState& state, SystemPort& port) {
    std::vector<std::string> out;
    for (const Step& step : rendered.steps) {
        const StepState* known = state.find(step.id);
        const bool held =
            known != nullptr && (known->phase == StepPhase::Done || known->phase == StepPhase::AlreadyDone);
        if (!held) continue;
        const std::string lost = lostEffect(step, port);
        if (!lost.empty()) out.push_back("step " + step.id + ": " + lost);
    }
    return out;
}

}  // namespace tributary::runbooks::detail
