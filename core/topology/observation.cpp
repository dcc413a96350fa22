// Lookups in what was observed.
#include "core/topology/observation.h"

#include "core/systems/naming.h"

namespace tributary {
namespace {

template <typename List, typename Is>
auto* find(List& list, Is is) {
    for (auto& each : list) {
        if (is(each)) return &each;
    }
    return static_cast<decltype(&*list.begin())>(nullptr);
}

}  // namespace

const ObservedFamily* ObservedDataset::family(std::string_view name) const {
    return find(families, [&](const ObservedFamily& each) { return each.name == name; });
}

const ObservedReplica* ObservedDataset::replica(std::string_view to) const {
    if (!replicas) return nullptr;
    return find(*replicas, [&](const ObservedReplica& each) { return each.to == to; });
}

const ObservedUpstream* ObservedDataset::upstream(std::string_view from) const {
    if (!upstreams) return nullptr;
    return find(*upstreams, [&](const ObservedUpstream& each) { return each.from == from; });
}

const ObservedCluster* Observation::cluster(std::string_view name) const {
    return find(clusters, [&](const ObservedCluster& each) { return each.name == name; });
}

ObservationIndex::ObservationIndex(const Observation& observation) : observation_(observation) {
    for (const ObservedCluster& cluster : observation.clusters) {
        clusters_.emplace(cluster.name, &cluster);
        for (const ObservedDataset& dataset : cluster.datasets) datasets_.emplace(dataset.path, &dataset);
    }
}

const ObservedCluster* ObservationIndex::cluster(std::string_view name) const {
    const auto at = clusters_.find(name);
    return at == clusters_.end() ? nullptr : at->second;
}

const ObservedDataset* ObservationIndex::dataset(std::string_view path) const {
    const auto at = datasets_.find(path);
    return at == datasets_.end() ? nullptr : at->second;
}

const ObservedReplica* ObservationIndex::replica(std::string_view from, std::string_view to) const {
    const ObservedDataset* source = dataset(from);
    return source == nullptr ? nullptr : source->replica(to);
}

const ObservedUpstream* ObservationIndex::upstream(std::string_view at, std::string_view from) const {
    const ObservedDataset* replica = dataset(at);
    return replica == nullptr ? nullptr : replica->upstream(from);
}

const ObservedCluster* ObservationIndex::answeredFor(std::string_view path) const {
    const ObservedCluster* seen = cluster(clusterOf(path));
    return seen != nullptr && seen->answered ? seen : nullptr;
}

}  // namespace tributary
