// The drawn network beside the one in force.
#include "app/observe/statusmodel.h"

namespace tributary::app {
namespace {

engine::EgressRule ruleTo(const engine::ClusterNetwork& network, const std::string& peer) {
    const auto at = network.rules.find(peer);
    return at == network.rules.end() ? engine::EgressRule{} : at->second;
}

NetworkRow rowOf(const ClusterRow& cluster, const std::string& to, const engine::EgressRule& drawn) {
    NetworkRow row{cluster.name, to, drawn, {}, "unknown"};
    if (!cluster.network) return row;
    row.inForce = ruleTo(*cluster.network, to);
    row.state = *row.inForce == drawn ? "as-drawn" : cluster.network->leftOut ? "left-out" : "differs";
    return row;
}

}  // namespace

std::vector<NetworkRow> networksOf(const Topology& topology, const WorkspaceStatus& status) {
    std::vector<NetworkRow> out;
    for (const ClusterRow& cluster : status.clusters) {
        if (cluster.state == "down" || cluster.ofMembers) continue;
        const engine::ClusterNetwork drawn = drawnNetwork(topology, cluster.name, WanUse::AsDrawn);
        for (const auto& [to, rule] : drawn.rules) out.push_back(rowOf(cluster, to, rule));
        if (!cluster.network) continue;
        for (const auto& [to, rule] : cluster.network->rules) {
            if (drawn.rules.count(to) == 0) out.push_back(rowOf(cluster, to, {}));
        }
    }
    return out;
}

}  // namespace tributary::app
