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

bool isOfMembers(const WorkspaceStatus& status, const std::string& name) {
    const ClusterRow* row = status.cluster(name);
    return row != nullptr && row->ofMembers;
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
    for (const Wan& line : topology.wan) {
        if (!isOfMembers(status, line.a) && !isOfMembers(status, line.b)) continue;
        engine::EgressRule rule;
        rule.delayMs = line.latencyUs / 1000;
        rule.bytesPerSecond = line.bandwidthBytesPerSecond;
        if (!rule.harmless()) out.push_back({line.a, line.b, rule, {}, kNetworkNotCarried});
    }
    return out;
}

}  // namespace tributary::app
