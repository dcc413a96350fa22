// Elements by the name that a person types.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/planner/plan.h"

namespace tributary::runbooks {
namespace {

/// All that is drawn or runs, as placeOf() spells it.
class Names {
public:
    Names(const Topology& drawing, const Observation& observation) {
        for (const Cluster& each : drawing.clusters) add(ClusterId{each.name});
        for (const Dataset& each : drawing.datasets) add(DatasetId{each.path});
        for (const Replica& each : drawing.replicas) add(idOf(each));
        for (const Upstream& each : drawing.upstreams) add(idOf(each));
        for (const Wan& each : drawing.wan) {
            add(WanId{each.a, each.b});
            add(WanId{each.b, each.a});
        }
        for (const ObservedCluster& cluster : observation.clusters) {
            add(ClusterId{cluster.name});
            for (const ObservedDataset& dataset : cluster.datasets) {
                add(DatasetId{dataset.path});
                for (const auto& each : dataset.replicas.value_or(std::vector<ObservedReplica>{}))
                    add(ReplicaId{dataset.path, each.to});
                for (const auto& each : dataset.upstreams.value_or(std::vector<ObservedUpstream>{}))
                    add(UpstreamId{dataset.path, each.from});
            }
        }
        for (const ObservedNetwork& each : observation.networks) add(WanId{each.from, each.to});
    }

    [[nodiscard]] std::optional<ElementId> find(const std::string& place) const {
        for (std::size_t i = 0; i < places_.size(); ++i) {
            if (places_[i] == place) return elements_[i];
        }
        return std::nullopt;
    }
    [[nodiscard]] std::string near(const std::string& place) const { return nearest(place, places_); }

private:
    void add(ElementId id) {
        places_.push_back(placeOf(id));
        elements_.push_back(std::move(id));
    }
    std::vector<std::string> places_;
    std::vector<ElementId> elements_;
};

/// "a->b" as "a -> b"; a kind in front ("replica a -> b", as status prints it) falls away.
std::string canonical(const std::string& text) {
    std::string out(trim(text));
    for (const char* word : {"cluster ", "dataset ", "replica ", "upstream ", "wan ", "link "}) {
        if (out.starts_with(word)) out = std::string(trim(std::string_view(out).substr(std::string_view(word).size())));
    }
    for (const char* arrow : {"->", "<-"}) {
        const std::size_t at = out.find(arrow);
        if (at == std::string::npos) continue;
        return fmt::format("{} {} {}", trim(std::string_view(out).substr(0, at)), arrow,
                           trim(std::string_view(out).substr(at + 2)));
    }
    return out;
}

}  // namespace

Result<ElementId> parseElement(const std::string& text, const Topology& drawing, const Observation& observation) {
    const Names names(drawing, observation);
    const std::string place = canonical(text);
    if (const auto found = names.find(place)) return *found;
    const std::string near = names.near(place);
    return Error{ErrorCode::NotFound,
                 fmt::format("'{}' is neither drawn nor runs", text),
                 {},
                 near.empty() ? "a cluster, a path, \"FROM -> TO\" or \"AT <- FROM\", as tributary status names them"
                              : fmt::format("did you mean '{}'?", near)};
}

}  // namespace tributary::runbooks
