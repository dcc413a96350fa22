// Lookups in the drawing.
#include "core/topology/topology.h"

#include <algorithm>

#include "core/systems/naming.h"

namespace tributary {

namespace {

template <typename T, typename Match>
const T* firstOf(const std::vector<T>& all, Match match) {
    const auto found = std::find_if(all.begin(), all.end(), match);
    return found == all.end() ? nullptr : &*found;
}

void forgetPositions(Permissions& perms) {
    for (auto& [name, permission] : perms) permission.pos = {};
}

}  // namespace

const Member* Cluster::member(std::string_view memberName) const {
    return firstOf(members, [&](const Member& each) { return each.name == memberName; });
}

const Account* Cluster::account(std::string_view accountName) const {
    return firstOf(accounts, [&](const Account& each) { return each.name == accountName; });
}

const Cluster* Topology::cluster(std::string_view name) const {
    return firstOf(clusters, [&](const Cluster& each) { return each.name == name; });
}

const Dataset* Topology::dataset(std::string_view path) const {
    return firstOf(datasets, [&](const Dataset& each) { return each.path == path; });
}

const Replica* Topology::replica(std::string_view from, std::string_view to) const {
    return firstOf(replicas, [&](const Replica& each) { return each.from == from && each.to == to; });
}

const Upstream* Topology::upstream(std::string_view at, std::string_view from) const {
    return firstOf(upstreams, [&](const Upstream& each) { return each.at == at && each.from == from; });
}

const Peer* Topology::peer(std::string_view at, std::string_view from) const {
    return firstOf(peers, [&](const Peer& each) { return each.at == at && each.from == from; });
}

const Connection* Topology::connection(std::string_view at, std::string_view from) const {
    return firstOf(connections, [&](const Connection& each) { return each.at == at && each.from == from; });
}

const Wan* Topology::wanBetween(std::string_view a, std::string_view b) const {
    return firstOf(wan, [&](const Wan& each) { return (each.a == a && each.b == b) || (each.a == b && each.b == a); });
}

const Region* Topology::region(std::string_view name) const {
    return firstOf(regions, [&](const Region& each) { return each.name == name; });
}

const Region* Topology::regionOf(std::string_view cluster) const {
    return firstOf(regions, [&](const Region& each) {
        return std::find(each.clusters.begin(), each.clusters.end(), cluster) != each.clusters.end();
    });
}

const Cluster* Topology::clusterOfPath(std::string_view path) const {
    const std::string name = clusterOf(path);
    return name.empty() ? nullptr : cluster(name);
}

bool Topology::empty() const {
    return clusters.empty() && datasets.empty() && replicas.empty() && upstreams.empty() && peers.empty() &&
           connections.empty() && wan.empty() && regions.empty();
}

Topology withoutPositions(Topology topology) {
    for (Cluster& cluster : topology.clusters) {
        cluster.pos = {};
        for (Gateway& gateway : cluster.gateways) gateway.pos = {};
        for (Member& member : cluster.members) member.pos = {};
        for (Account& account : cluster.accounts) account.pos = {};
    }
    for (Dataset& dataset : topology.datasets) {
        dataset.pos = {};
        forgetPositions(dataset.perms);
        for (FieldFormat& each : dataset.format) each.pos = {};
        for (Family& family : dataset.families) {
            family.pos = {};
            forgetPositions(family.perms);
        }
    }
    for (Replica& replica : topology.replicas) replica.pos = {};
    for (Upstream& upstream : topology.upstreams) upstream.pos = {};
    for (Peer& peer : topology.peers) peer.pos = {};
    for (Connection& connection : topology.connections) connection.pos = {};
    for (Wan& wan : topology.wan) wan.pos = {};
    for (Region& region : topology.regions) region.pos = {};
    return topology;
}

}  // namespace tributary
