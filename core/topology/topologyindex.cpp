// Filling and asking the index.
#include "core/topology/topologyindex.h"

#include <algorithm>
#include <functional>

namespace tributary {

namespace {

std::pair<std::string_view, std::string_view> ordered(std::string_view a, std::string_view b) {
    return std::minmax(a, b);
}

template <typename Elements, typename Map, typename Key>
auto elementAt(const Elements& elements, const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &elements[found->second];
}

}  // namespace

std::size_t TopologyIndex::EndsHash::operator()(const Ends& ends) const {
    const std::hash<std::string_view> hash;
    return hash(ends.first) * 31 + hash(ends.second);
}

TopologyIndex::TopologyIndex(const Topology& topology) : topology_(topology) {
    clusters_.reserve(topology.clusters.size());
    datasets_.reserve(topology.datasets.size());
    replicas_.reserve(topology.replicas.size());
    upstreams_.reserve(topology.upstreams.size());
    // emplace() keeps what is there: the first match wins.
    for (std::size_t i = 0; i < topology.clusters.size(); ++i) clusters_.emplace(topology.clusters[i].name, i);
    for (std::size_t i = 0; i < topology.datasets.size(); ++i) datasets_.emplace(topology.datasets[i].path, i);
    for (std::size_t i = 0; i < topology.replicas.size(); ++i) {
        replicas_.emplace(Ends(topology.replicas[i].from, topology.replicas[i].to), i);
    }
    for (std::size_t i = 0; i < topology.upstreams.size(); ++i) {
        upstreams_.emplace(Ends(topology.upstreams[i].at, topology.upstreams[i].from), i);
    }
    for (std::size_t i = 0; i < topology.wan.size(); ++i) {
        wan_.emplace(ordered(topology.wan[i].a, topology.wan[i].b), i);
    }
}

const Cluster* TopologyIndex::cluster(std::string_view name) const {
    return elementAt(topology_.clusters, clusters_, name);
}

const Dataset* TopologyIndex::dataset(std::string_view path) const {
    return elementAt(topology_.datasets, datasets_, path);
}

const Replica* TopologyIndex::replica(std::string_view from, std::string_view to) const {
    return elementAt(topology_.replicas, replicas_, Ends(from, to));
}

const Upstream* TopologyIndex::upstream(std::string_view at, std::string_view from) const {
    return elementAt(topology_.upstreams, upstreams_, Ends(at, from));
}

const Wan* TopologyIndex::wanBetween(std::string_view a, std::string_view b) const {
    return elementAt(topology_.wan, wan_, ordered(a, b));
}

std::optional<std::size_t> TopologyIndex::datasetAt(std::string_view path) const {
    const auto found = datasets_.find(path);
    return found == datasets_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace tributary
