// All rules of VoltDB, and what several of them need.
#include <algorithm>

#include "core/systems/naming.h"
#include "core/systems/rulesets.h"
#include "core/systems/voltdb/rules/rulesets.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary {

void rulesets::addVoltDbRules(std::vector<Rule>& rules) {
    voltdb::addClusterRules(rules);
    voltdb::addConnectionRules(rules);
    voltdb::addDurabilityRules(rules);
    voltdb::addTableRules(rules);
    voltdb::addSchemaRules(rules);
}

namespace voltdb {

std::vector<const Cluster*> voltClusters(const RuleContext& context) {
    std::vector<const Cluster*> out;
    for (const Cluster& each : context.topology.clusters) {
        if (each.system == "voltdb") out.push_back(&each);
    }
    return out;
}

const Cluster* voltCluster(const RuleContext& context, std::string_view name) {
    const Cluster* found = context.index.cluster(name);
    return found != nullptr && found->system == "voltdb" ? found : nullptr;
}

std::string whereOf(const Cluster& cluster) {
    return "cluster " + cluster.name;
}

std::string edgeText(const Connection& connection) {
    return connection.at + " <- " + connection.from;
}

Groups::Groups(const RuleContext& context) {
    std::map<const Cluster*, std::vector<const Cluster*>> near;
    for (const Connection& each : context.topology.connections) {
        const Cluster* at = voltCluster(context, each.at);
        const Cluster* from = voltCluster(context, each.from);
        if (at == nullptr || from == nullptr) continue;
        near[at].push_back(from);
        near[from].push_back(at);
    }
    for (const Cluster* cluster : voltClusters(context)) {
        if (placeOf_.contains(cluster)) continue;
        const std::size_t place = all_.size();
        std::vector<const Cluster*> open{cluster};
        placeOf_[cluster] = place;
        while (!open.empty()) {
            const Cluster* next = open.back();
            open.pop_back();
            for (const Cluster* other : near[next]) {
                if (placeOf_.emplace(other, place).second) open.push_back(other);
            }
        }
        all_.emplace_back();
    }
    for (const Cluster* cluster : voltClusters(context)) all_[placeOf_.at(cluster)].push_back(cluster);
}

const std::vector<const Cluster*>& Groups::of(const Cluster& cluster) const {
    return all_.at(placeOf_.at(&cluster));
}

std::vector<Flow> flowsOf(const RuleContext& context) {
    std::vector<Flow> out;
    for (const std::vector<const Cluster*>& group : context.derived<Groups>().all()) {
        for (const Cluster* to : group) {
            for (const Cluster* from : group) {
                if (to == from) continue;
                const bool mesh = roleOf(*to) == "xdcr" && roleOf(*from) == "xdcr";
                const bool passive = roleOf(*to) == "replica" && roleOf(*from) == "master" &&
                                     context.topology.connection(to->name, from->name) != nullptr;
                if (mesh || passive) out.push_back({from, to});
            }
        }
    }
    return out;
}

std::map<std::string, const Dataset*> tablesOf(const RuleContext& context, const Cluster& cluster) {
    std::map<std::string, const Dataset*> out;
    for (const Dataset& each : context.topology.datasets) {
        if (each.kind != DatasetKind::DrTable) continue;
        const Endpoint end = endpointOf(each.path);
        if (end.cluster == cluster.name && end.isDataset()) out.emplace(end.dataset, &each);
    }
    return out;
}

}  // namespace voltdb

}  // namespace tributary
