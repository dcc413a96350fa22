// The shared state of a planner.
#include "runbooks/planner/planwork.h"

#include <iterator>

#include "core/base/text.h"

namespace tributary::runbooks::detail {

PlanWork::PlanWork(const Topology& topology, const Observation& observation, const PlanOptions& given)
    : drawing(topology), drawn(topology), seen(observation), options(given) {}

Draft& PlanWork::step(Phase phase, const std::string& verb, const std::string& about, const ElementId& element,
                      StepEffect effect, std::string title, std::string why) {
    const std::string base = about.empty() ? verb : verb + '-' + about;
    std::string id = base;
    for (int i = 2; !ids_.insert(id).second; ++i) id = base + '-' + std::to_string(i);
    Draft& draft = phases_[static_cast<std::size_t>(phase)].emplace_back();
    draft.step.id = id;
    draft.step.title = std::move(title);
    draft.step.why = std::move(why);
    draft.info.id = id;
    draft.info.element = element;
    draft.info.effect = effect;
    return draft;
}

void PlanWork::guard(Check what) {
    if (guarded_.insert(what.text()).second) guards_.push_back(std::move(what));
}

void PlanWork::leave(std::size_t difference, std::string reason, std::string command) {
    left.push_back({difference, std::move(reason), std::move(command)});
}

void PlanWork::close(std::vector<Difference> which) {
    differences_ = std::move(which);
    for (std::size_t i = 0; i < differences_.size(); ++i) {
        byElement_[elementText(differences_[i].element)].push_back(i);
    }
}

std::vector<std::size_t> PlanWork::of(const ElementId& element) const {
    const auto at = byElement_.find(elementText(element));
    return at == byElement_.end() ? std::vector<std::size_t>() : at->second;
}

std::optional<std::size_t> PlanWork::of(const ElementId& element, const std::string& attribute) const {
    for (const std::size_t at : of(element)) {
        if (differences_[at].attribute == attribute) return at;
    }
    return std::nullopt;
}

const ObservedDataset* PlanWork::table(const std::string& path) const {
    if (const auto at = made.find(path); at != made.end()) return &at->second;
    return seen.dataset(path);
}

std::string_view PlanWork::noun(const std::string& path) const {
    const ObservedDataset* there = table(path);
    const Dataset* wanted = drawn.dataset(path);
    const bool stream = there != nullptr && there->kind ? there->kind == DatasetKind::Stream
                                                        : wanted != nullptr && wanted->kind == DatasetKind::Stream;
    return stream ? "stream" : "table";
}

Line PlanWork::lineAt(const std::string& path, std::string_view words) const {
    return Line(fmt::format("maprcli {} {}", noun(path), words)).with("path", path);
}

std::vector<Draft> PlanWork::take() {
    std::vector<Draft> out;
    for (std::vector<Draft>& phase : phases_) {
        out.insert(out.end(), std::make_move_iterator(phase.begin()), std::make_move_iterator(phase.end()));
        phase.clear();
    }
    return out;
}

std::string slug(const std::string& text) {
    std::string out;
    for (const char c : toLower(text.starts_with("/mapr/") ? text.substr(6) : text)) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (kept) {
            out += c;
        } else if (!out.empty() && out.back() != '-') {
            out += '-';
        }
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out;
}

std::string linkSlug(const std::string& from, const std::string& to) {
    return slug(from) + "-to-" + slug(to);
}

}  // namespace tributary::runbooks::detail
