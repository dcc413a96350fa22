// Rules about every drawing, whichever systems are in it: clusters, kinds, networks, edges between systems.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/registry.h"
#include "core/systems/rulesets.h"

namespace tributary::rulesets {

namespace {

std::vector<std::string> clusterNames(const Topology& topology) {
    std::vector<std::string> names;
    for (const Cluster& cluster : topology.clusters) names.push_back(cluster.name);
    return names;
}

void clusterUnknown(const RuleContext& context, FindingSink& sink) {
    const Topology& topology = context.topology;
    const std::vector<std::string> names = clusterNames(topology);
    const auto report = [&](const std::string& name, std::string_view system, const std::string& where, SourcePos pos) {
        const std::string near = nearest(name, names);
        Cluster added;
        added.name = name;
        added.system = system;
        const std::string sketch =
            system == "maprdb" ? "{system: maprdb, gateways: [...]}" : fmt::format("{{system: {}, ...}}", system);
        sink.add({where, pos, fmt::format("cluster '{}' is not drawn", name),
                  near.empty() ? fmt::format("add under clusters: {}: {}", name, sketch)
                               : fmt::format("did you mean '{}'? Otherwise add '{}' under clusters", near, name),
                  near.empty() ? addCluster(added) : nullptr});
    };
    // Edges are not asked: their datasets are, and an edge to a dataset that is not drawn has its own rule.
    for (const Dataset& dataset : topology.datasets) {
        const std::string cluster = clusterOf(dataset.path);
        const std::string_view system = systemOfKind(dataset.kind).name;
        // A name of another system's form has a finding of its own.
        if (cluster.empty() || !formFits(system, dataset.path) || context.index.cluster(cluster) != nullptr) continue;
        report(cluster, system, dataset.path, dataset.pos);
    }
    for (const Wan& wan : topology.wan) {
        for (const std::string& end : {wan.a, wan.b}) {
            if (context.index.cluster(end) == nullptr) report(end, "maprdb", elementText(idOf(wan)), wan.pos);
        }
    }
}

void edgeAcrossSystems(const RuleContext& context, FindingSink& sink) {
    for (const Replica& edge : context.topology.replicas) {
        const Cluster* from = context.clusterOf(edge.from);
        const Cluster* to = context.clusterOf(edge.to);
        if (from == nullptr || to == nullptr || from->system == to->system) continue;
        sink.add({edgeText(edge), edge.pos,
                  fmt::format("{} runs {} and {} runs {}: replication works within one system", from->name,
                              from->system, to->name, to->system),
                  "remove the edge, or draw both clusters with one system", removeElement(idOf(edge))});
    }
}

/// Several hosts are drawn, judged and exported before they can be run.
void hostsNotBuilt(const RuleContext& context, FindingSink& sink) {
    for (const Cluster& cluster : context.topology.clusters) {
        const bool isSingle = cluster.members.size() < 2 && cluster.kfactor.value_or(0) == 0;
        if (cluster.system != "voltdb" || isSingle) continue;
        sink.add(
            {"cluster " + cluster.name, cluster.pos,
             fmt::format("cluster {} has {} hosts and K-safety {}: this version runs clusters of one host, without "
                         "K-safety",
                         cluster.name, cluster.members.size(), cluster.kfactor.value_or(0)),
             "nothing to do for export --to config; to rehearse it here: one member, and kfactor: 0", nullptr});
    }
}

void kindOfOtherSystem(const RuleContext& context, FindingSink& sink) {
    for (const Dataset& dataset : context.topology.datasets) {
        const Cluster* cluster = context.clusterOf(dataset.path);
        const std::string_view system = systemOfKind(dataset.kind).name;
        if (cluster == nullptr || cluster->system == system) continue;
        const System* there = findSystem(cluster->system);
        std::vector<std::string> kinds;
        if (there != nullptr) {
            for (const KindSpec& each : there->kinds) kinds.emplace_back(each.name);
        }
        sink.add({dataset.path, dataset.pos,
                  fmt::format("a {} is a dataset of {}, and cluster {} runs {}", datasetKindName(dataset.kind), system,
                              cluster->name, cluster->system),
                  kinds.empty() ? std::string("draw it in another cluster")
                                : fmt::format("draw it in another cluster, or with kind: {}", join(kinds, " or "))});
    }
}

void wanInvalid(const RuleContext& context, FindingSink& sink) {
    const std::vector<Wan>& lines = context.topology.wan;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Wan& line = lines[i];
        if (line.a == line.b) {
            sink.add({elementText(idOf(line)), line.pos, "a wan line joins a cluster with itself",
                      "name two clusters, or remove the line", removeElement(idOf(line))});
        } else if (context.index.wanBetween(line.a, line.b) != &line) {
            sink.add(
                {elementText(idOf(line)), line.pos,
                 fmt::format("the network between {} and {} is drawn twice; the first line counts", line.a, line.b),
                 "remove one of the two lines"});
        }
    }
}

/// A region is a way of looking: what is wrong with it stops nobody, but the picture would not be what was meant.
void regionInvalid(const RuleContext& context, FindingSink& sink) {
    const std::vector<std::string> names = clusterNames(context.topology);
    for (const Region& region : context.topology.regions) {
        const std::string where = elementText(idOf(region));
        std::set<std::string> seen;
        if (region.clusters.empty()) {
            sink.add({where, region.pos, fmt::format("region {} holds no cluster", region.name),
                      "name a cluster, or remove the region", removeElement(idOf(region))});
        }
        for (const std::string& name : region.clusters) {
            Region without = region;
            std::erase(without.clusters, name);
            const EditPtr fix =
                without.clusters.empty() ? removeElement(idOf(region)) : replaceRegion(region.name, std::move(without));
            const Region* first = context.topology.regionOf(name);
            if (!seen.insert(name).second) {
                sink.add({where, region.pos, fmt::format("region {} names cluster '{}' twice", region.name, name),
                          "name it once"});
            } else if (context.index.cluster(name) == nullptr) {
                const std::string near = nearest(name, names);
                sink.add({where, region.pos, fmt::format("cluster '{}' of region {} is not drawn", name, region.name),
                          near.empty() ? std::string("draw it under clusters, or take it out of the region")
                                       : fmt::format("did you mean '{}'?", near),
                          near.empty() ? fix : nullptr});
            } else if (first != &region) {
                sink.add({where, region.pos,
                          fmt::format("cluster {} is in region {} already; the first one counts", name, first->name),
                          fmt::format("take it out of {} or {}", first->name, region.name)});
            }
        }
    }
}

}  // namespace

void addDrawingRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.cluster-unknown", Severity::Error, "a path or wan line names a cluster that is not drawn",
                     "maprdb.md 2.2", clusterUnknown});
    rules.push_back({"maprdb.edge-across-systems", Severity::Error, "an edge joins clusters of different systems",
                     "maprdb.md 1.4", edgeAcrossSystems});
    rules.push_back({"engine.hosts-not-built", Severity::Info,
                     "a cluster of several hosts, or with K-safety, which up does not run", "voltdb.md 1.1 (P3)",
                     hostsNotBuilt});
    rules.push_back({"drawing.kind-of-other-system", Severity::Error,
                     "a dataset of a kind that its cluster does not have", "systems 7", kindOfOtherSystem});
    rules.push_back({"maprdb.wan-invalid", Severity::Warning,
                     "a wan line is drawn twice or joins a cluster with itself", "architecture 7", wanInvalid});
    rules.push_back({"drawing.region-invalid", Severity::Warning,
                     "a region names a cluster that is not drawn, or that is in a region already", "product 4",
                     regionInvalid});
}

}  // namespace tributary::rulesets
