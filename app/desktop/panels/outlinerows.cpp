// The drawing as a tree.
#include "app/desktop/panels/outlinerows.h"

#include <unordered_map>

#include "core/systems/naming.h"
#include "core/topology/measures.h"
#include "core/topology/topologyindex.h"

namespace tributary::desktop {

namespace {

// Nobody walks it: its order reaches no output.
using BranchesOf = std::unordered_map<std::string, std::vector<OutlineBranch>>;

BranchesOf linksBySource(const Topology& topology) {
    const TopologyIndex index(topology);
    BranchesOf out;
    const auto add = [&](const std::string& from, const std::string& target, OutlineState state) {
        // The replica mostly has its source's name: then its cluster says it all.
        const std::string name = shortName(datasetRef(target));
        const std::string to = name == shortName(datasetRef(from)) ? clusterOf(target) : clusterOf(target) + "/" + name;
        const std::string_view icon = state == OutlineState::Whole ? "link" : "link-broken";
        out[from].push_back({{linkRef(from, target), icon, to, {}, state}, {}});
    };
    for (const Replica& each : topology.replicas) {
        if (index.replica(each.from, each.to) != &each) continue;
        const bool whole = index.upstream(each.to, each.from) != nullptr;
        add(each.from, each.to, whole ? OutlineState::Whole : OutlineState::UpstreamMissing);
    }
    for (const Upstream& each : topology.upstreams) {
        if (index.replica(each.from, each.at) != nullptr || index.upstream(each.at, each.from) != &each) continue;
        add(each.from, each.at, OutlineState::ReplicaMissing);
    }
    return out;
}

BranchesOf datasetsByCluster(const Topology& topology) {
    BranchesOf links = linksBySource(topology);
    BranchesOf out;
    for (const Dataset& each : topology.datasets) {
        const ItemRef ref = datasetRef(each.path);
        const OutlineState state = each.exists ? OutlineState::Exists : OutlineState::ToBeMade;
        OutlineBranch branch{{ref, datasetKindName(each.kind), shortName(ref), {}, state}, {}};
        if (const auto found = links.find(each.path); found != links.end()) branch.children = std::move(found->second);
        out[clusterOf(each.path)].push_back(std::move(branch));
    }
    return out;
}

}  // namespace

std::vector<OutlineBranch> outlineOf(const Topology& topology) {
    BranchesOf datasets = datasetsByCluster(topology);
    std::vector<OutlineBranch> out;
    for (const Cluster& cluster : topology.clusters) {
        OutlineBranch branch{{clusterRef(cluster.name), "cluster", cluster.name, cluster.system}, {}};
        if (const auto found = datasets.find(cluster.name); found != datasets.end()) {
            branch.children = std::move(found->second);
        }
        for (const Gateway& each : cluster.gateways) {
            branch.children.push_back({{gatewayRef(cluster.name, each.name), "gateway", each.name, each.address}, {}});
        }
        out.push_back(std::move(branch));
    }
    for (const Wan& each : topology.wan) {
        const ItemRef ref = wanRef(each.a, each.b);
        out.push_back({{ref, "wan", shortName(ref), formatDuration(each.latencyUs)}, {}});
    }
    return out;
}

OutlineBranch undrawnBranch(const ItemRef& ref) {
    const std::string_view icon = ref.kind == ItemRef::Kind::Cluster ? "cluster"
                                  : ref.kind == ItemRef::Kind::Link  ? "link"
                                                                     : datasetKindName(DatasetKind::BinaryTable);
    const std::string name = ref.kind == ItemRef::Kind::Link ? ref.a + " \u2192 " + ref.b : ref.a;
    return {{ref, icon, name, {}, OutlineState::NotDrawn}, {}};
}

}  // namespace tributary::desktop
