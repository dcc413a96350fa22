// The drawing as a tree.
#include "app/desktop/panels/outlinerows.h"

#include <algorithm>
#include <unordered_map>

#include "core/systems/naming.h"
#include "core/topology/measures.h"
#include "core/topology/topologyindex.h"

namespace tributary::desktop {

namespace {

// Nobody walks it: its order reaches no output.
using BranchesOf = std::unordered_map<std::string, std::vector<OutlineBranch>>;

/// The replica mostly has its source's name: then its cluster says it all.
std::string linkName(const std::string& from, const std::string& target) {
    const std::string name = shortName(datasetRef(target));
    return name == shortName(datasetRef(from)) ? clusterOf(target) : clusterOf(target) + "/" + name;
}

BranchesOf linksBySource(const Topology& topology) {
    const TopologyIndex index(topology);
    BranchesOf out;
    const auto add = [&](const std::string& from, const std::string& target, OutlineState state) {
        const std::string_view icon = state == OutlineState::Whole ? "link" : "link-broken";
        out[from].push_back({{linkRef(from, target), icon, linkName(from, target), {}, state}, {}});
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

/// Members, each with those that follow it.
void addMembers(OutlineBranch& branch, const Cluster& cluster, const std::vector<ItemRef>& links) {
    for (const Member& each : cluster.members) {
        OutlineBranch member{{memberRef(cluster.name, each.name), "instance", each.name, each.listen}, {}};
        const std::string end = joinedMember(cluster.name, each.name);
        for (const ItemRef& link : links) {
            if (link.a != end) continue;
            member.children.push_back({{link, "link", endpointOf(link.b).member, {}, OutlineState::Whole}, {}});
        }
        branch.children.push_back(std::move(member));
    }
}

/// Where a cluster's row is: at the top, or in its region.
OutlineBranch* clusterRow(std::vector<OutlineBranch>& out, const ItemRef& ref);

OutlineBranch* childOf(std::vector<OutlineBranch>& branches, const ItemRef& ref) {
    const auto found = std::find_if(branches.begin(), branches.end(),
                                    [&](const OutlineBranch& each) { return each.facts.ref == ref; });
    return found == branches.end() ? nullptr : &*found;
}

OutlineBranch* clusterRow(std::vector<OutlineBranch>& out, const ItemRef& ref) {
    if (OutlineBranch* found = childOf(out, ref)) return found;
    for (OutlineBranch& each : out) {
        if (each.facts.ref.kind != ItemRef::Kind::Region) continue;
        if (OutlineBranch* found = childOf(each.children, ref)) return found;
    }
    return nullptr;
}

/// The region's row, made where its first cluster comes.
std::vector<OutlineBranch>& homeOf(std::vector<OutlineBranch>& out, const Topology& topology, const Cluster& cluster) {
    const Region* region = topology.regionOf(cluster.name);
    if (region == nullptr) return out;
    OutlineBranch* row = childOf(out, regionRef(region->name));
    if (row == nullptr) {
        out.push_back({{regionRef(region->name), "region", region->name, "region"}, {}});
        row = &out.back();
    }
    return row->children;
}

void addUndrawn(std::vector<OutlineBranch>& out, const Ghost& ghost) {
    const ItemRef& ref = ghost.ref;
    const bool link = ref.kind == ItemRef::Kind::Link;
    std::vector<OutlineBranch>* home = &out;
    if (ref.kind != ItemRef::Kind::Cluster) {
        if (OutlineBranch* cluster = clusterRow(out, clusterRef(clusterOf(ref.a)))) {
            OutlineBranch* source = link ? childOf(cluster->children, datasetRef(ref.a)) : nullptr;
            home = source != nullptr ? &source->children : &cluster->children;
        }
    }
    const std::string_view icon = ref.kind == ItemRef::Kind::Cluster ? "cluster"
                                  : link                             ? "link"
                                         : datasetKindName(ghost.kind.value_or(DatasetKind::BinaryTable));
    const std::string name = link ? "\u2192 " + linkName(ref.a, ref.b) : shortName(ref);
    home->push_back({{ref, icon, name, ghost.words, OutlineState::NotDrawn}, {}});
}

}  // namespace

std::vector<OutlineBranch> outlineOf(const Topology& topology, const std::vector<Ghost>& undrawn) {
    BranchesOf datasets = datasetsByCluster(topology);
    const std::vector<ItemRef> links = memberLinks(topology);
    std::vector<OutlineBranch> out;
    for (const Cluster& cluster : topology.clusters) {
        OutlineBranch branch{{clusterRef(cluster.name), "cluster", cluster.name, cluster.system}, {}};
        if (const auto found = datasets.find(cluster.name); found != datasets.end()) {
            branch.children = std::move(found->second);
        }
        addMembers(branch, cluster, links);
        for (const Gateway& each : cluster.gateways) {
            branch.children.push_back({{gatewayRef(cluster.name, each.name), "gateway", each.name, each.address}, {}});
        }
        homeOf(out, topology, cluster).push_back(std::move(branch));
    }
    for (const Wan& each : topology.wan) {
        const ItemRef ref = wanRef(each.a, each.b);
        out.push_back({{ref, "wan", shortName(ref), formatDuration(each.latencyUs)}, {}});
    }
    // Clusters before datasets before links: each finds where it belongs.
    for (const auto kind : {ItemRef::Kind::Cluster, ItemRef::Kind::Dataset, ItemRef::Kind::Link}) {
        for (const Ghost& each : undrawn) {
            if (each.ref.kind == kind) addUndrawn(out, each);
        }
    }
    return out;
}

}  // namespace tributary::desktop
