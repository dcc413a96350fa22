// Rules about gateways.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/systems/maprdb/rules/rulesets.h"

namespace tributary::maprdb {

namespace {

/// Clusters that some edge from another dataset leads into, in drawing order.
std::vector<const Cluster*> destinations(const Context& context) {
    std::set<const Cluster*> wanted;
    for (const Context::Edge& edge : context.edges()) {
        wanted.insert(context.clusterOfPath(edge.target->path));
    }
    std::vector<const Cluster*> out;
    for (const Cluster& cluster : context.topology.clusters) {
        if (wanted.contains(&cluster)) out.push_back(&cluster);
    }
    return out;
}

std::string clusterWhere(const Cluster& cluster) {
    return "cluster " + cluster.name;
}

EditPtr withGateway(const Cluster& cluster, std::size_t count) {
    Cluster widened = cluster;
    for (std::size_t number = 1; widened.gateways.size() < count; ++number) {
        Gateway gateway;
        gateway.name = fmt::format("gw-{}-{}", cluster.name, number);
        const bool taken = std::any_of(widened.gateways.begin(), widened.gateways.end(),
                                       [&](const Gateway& each) { return each.name == gateway.name; });
        if (!taken) widened.gateways.push_back(std::move(gateway));
    }
    return replaceCluster(cluster.name, std::move(widened));
}

void missing(const Context& context, FindingSink& sink) {
    for (const Cluster* cluster : destinations(context)) {
        if (!cluster->gateways.empty()) continue;
        sink.add({clusterWhere(*cluster), cluster->pos,
                  fmt::format("datasets of {} receive replicated writes, but the cluster has no gateway: nothing "
                              "arrives (ErrAllGatewaysUnreachable)",
                              cluster->name),
                  fmt::format("add to the cluster: gateways: [gw-{0}-1, gw-{0}-2]", cluster->name),
                  withGateway(*cluster, context.options.thresholds.gatewaysForFailover)});
    }
}

void single(const Context& context, FindingSink& sink) {
    const std::size_t wanted = context.options.thresholds.gatewaysForFailover;
    for (const Cluster* cluster : destinations(context)) {
        if (cluster->gateways.empty() || cluster->gateways.size() >= wanted) continue;
        sink.add({clusterWhere(*cluster), cluster->pos,
                  fmt::format("{} has {} gateway: when it is down replication into the cluster stops and lag grows",
                              cluster->name, cluster->gateways.size()),
                  fmt::format("draw {} gateways; each should carry the whole load alone", wanted),
                  withGateway(*cluster, wanted)});
    }
}

void surplus(const Context& context, FindingSink& sink) {
    const std::size_t useful = context.options.thresholds.gatewaysUseful;
    for (const Cluster& cluster : context.topology.clusters) {
        if (cluster.system != "maprdb" || cluster.gateways.size() <= useful) continue;
        sink.add({clusterWhere(cluster), cluster.pos,
                  fmt::format("{} has {} gateways: more than {} add availability, not throughput", cluster.name,
                              cluster.gateways.size(), useful),
                  fmt::format("keep {}, unless more than one may be down at a time", useful)});
    }
}

void shared(const Context& context, FindingSink& sink) {
    std::map<std::string, const Cluster*> names;
    std::map<std::string, const Cluster*> addresses;
    for (const Cluster& cluster : context.topology.clusters) {
        if (cluster.system != "maprdb") continue;
        for (const Gateway& gateway : cluster.gateways) {
            const SourcePos pos = gateway.pos.known() ? gateway.pos : cluster.pos;
            const auto [name, freshName] = names.emplace(gateway.name, &cluster);
            const bool freshAddress = gateway.address.empty() || addresses.emplace(gateway.address, &cluster).second;
            if (freshName && freshAddress) continue;
            const Cluster& first = freshName ? *addresses.at(gateway.address) : *name->second;
            sink.add(
                {clusterWhere(cluster), pos,
                 fmt::format("gateway {} of {} is already a gateway of {}: a gateway serves the one cluster it was "
                             "configured for",
                             freshName ? gateway.address : gateway.name, cluster.name, first.name),
                 "name a gateway of its own"});
        }
    }
}

}  // namespace

void addGatewayRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.gateway-missing", Severity::Error, "a destination cluster without gateways",
                     "maprdb.md 1.7, 2.2, 3; seed 000, preparations", judged(missing)});
    rules.push_back({"maprdb.gateway-single", Severity::Warning, "a destination cluster with one gateway",
                     "maprdb.md 1.7", judged(single)});
    rules.push_back(
        {"maprdb.gateway-surplus", Severity::Info,
         fmt::format("more than {} gateways: they add availability, not throughput", Thresholds{}.gatewaysUseful),
         "maprdb.md 1.7", judged(surplus)});
    rules.push_back(
        {"maprdb.gateway-shared", Severity::Error, "one gateway drawn twice", "maprdb.md 1.7, 3", judged(shared)});
}

}  // namespace tributary::maprdb
