// Rules about paths, clusters and what edges name.
#include <fmt/format.h>

#include "core/base/text.h"
#include "core/rules/rulesets.h"
#include "core/topology/datasetpath.h"
#include "core/topology/systems.h"

namespace tributary::rulesets {

namespace {

/// Every path that is not global, with the place it stands at; edges' ends only once per edge.
template <typename Visit>
void eachOddPath(const RuleContext& context, Visit visit) {
    const Topology& topology = context.topology;
    for (const Dataset& dataset : topology.datasets) {
        if (context.isGlobal(dataset.path)) continue;
        visit(dataset.path, dataset.path, dataset.pos,
              [&](const std::string& to) { return renameDataset(topology, dataset.path, to); });
    }
    for (const Replica& edge : topology.replicas) {
        for (const char* end : {"from", "to"}) {
            const std::string& path = std::string_view(end) == "from" ? edge.from : edge.to;
            if (context.isGlobal(path)) continue;
            visit(path, edgeText(edge), edge.pos,
                  [&](const std::string& to) { return setAttribute(idOf(edge), end, to); });
        }
    }
    for (const Upstream& edge : topology.upstreams) {
        for (const char* end : {"at", "from"}) {
            const std::string& path = std::string_view(end) == "at" ? edge.at : edge.from;
            if (context.isGlobal(path)) continue;
            visit(path, edgeText(edge), edge.pos,
                  [&](const std::string& to) { return setAttribute(idOf(edge), end, to); });
        }
    }
}

void pathNotGlobal(const RuleContext& context, FindingSink& sink) {
    eachOddPath(context, [&](const std::string& path, const std::string& where, SourcePos pos, const auto& move) {
        const Result<DatasetPath> parsed = parseDatasetPath(path);
        if (parsed) return;
        const std::string& repaired = parsed.error().fix;
        const bool certain = parseDatasetPath(repaired).ok();
        sink.add({where, pos, parsed.error().what, certain ? "write " + repaired : repaired,
                  certain ? move(repaired) : nullptr});
    });
}

std::vector<std::string> clusterNames(const Topology& topology) {
    std::vector<std::string> names;
    for (const Cluster& cluster : topology.clusters) names.push_back(cluster.name);
    return names;
}

void clusterUnknown(const RuleContext& context, FindingSink& sink) {
    const Topology& topology = context.topology;
    const std::vector<std::string> names = clusterNames(topology);
    const auto report = [&](const std::string& name, const std::string& where, SourcePos pos) {
        const std::string near = nearest(name, names);
        Cluster added;
        added.name = name;
        sink.add({where, pos, fmt::format("cluster '{}' is not drawn", name),
                  near.empty() ? fmt::format("add under clusters: {}: {{system: maprdb, gateways: [...]}}", name)
                               : fmt::format("did you mean '{}'? Otherwise add '{}' under clusters", near, name),
                  near.empty() ? addCluster(added) : nullptr});
    };
    // Edges are not asked: their datasets are, and an edge to a dataset that is not drawn has its own rule.
    for (const Dataset& dataset : topology.datasets) {
        if (!context.isGlobal(dataset.path) || context.clusterOfPath(dataset.path) != nullptr) continue;
        report(clusterOf(dataset.path), dataset.path, dataset.pos);
    }
    for (const Wan& wan : topology.wan) {
        for (const std::string& end : {wan.a, wan.b}) {
            if (context.index.cluster(end) == nullptr) report(end, elementText(idOf(wan)), wan.pos);
        }
    }
}

void edgeDatasetMissing(const RuleContext& context, FindingSink& sink) {
    const Topology& topology = context.topology;
    std::vector<std::string> paths;
    for (const Dataset& dataset : topology.datasets) paths.push_back(dataset.path);
    std::map<std::string, std::string> nearestPaths;  // the path of one missing dataset stands at several edges
    const auto look = [&](const std::string& path, const std::string& peer, const std::string& where, SourcePos pos,
                          const auto& redirect) {
        if (!context.isGlobal(path) || context.index.dataset(path) != nullptr) return;
        const Dataset* other = context.index.dataset(peer);
        const auto known = nearestPaths.find(path);
        const std::string& near = known != nearestPaths.end()
                                      ? known->second
                                      : nearestPaths.emplace(path, nearest(path, paths)).first->second;
        // Names of the two ends of one edge are often alike: suggesting the peer would draw a self edge. A mistyped
        // path still has its cluster or its name right.
        const Result<DatasetPath> guess = parseDatasetPath(near);
        const Result<DatasetPath> asked = parseDatasetPath(path);
        if (guess && near != peer && (guess->cluster == asked->cluster || guess->name == asked->name)) {
            sink.add({where, pos, fmt::format("dataset {} is not drawn", path), fmt::format("did you mean {}?", near),
                      redirect(near)});
            return;
        }
        Dataset added;
        added.path = path;
        if (other != nullptr) {
            added.kind = other->kind;
            added.families = other->families;
        }
        sink.add({where, pos, fmt::format("dataset {} is not drawn", path),
                  fmt::format("add under datasets: {}: {{kind: {}}}", path, datasetKindName(added.kind)),
                  addDataset(added)});
    };
    for (const Replica& edge : topology.replicas) {
        const auto to = [&](const char* end) {
            return [&edge, end](const std::string& path) { return setAttribute(idOf(edge), end, path); };
        };
        look(edge.from, edge.to, edgeText(edge), edge.pos, to("from"));
        look(edge.to, edge.from, edgeText(edge), edge.pos, to("to"));
    }
    for (const Upstream& edge : topology.upstreams) {
        const auto to = [&](const char* end) {
            return [&edge, end](const std::string& path) { return setAttribute(idOf(edge), end, path); };
        };
        look(edge.at, edge.from, edgeText(edge), edge.pos, to("at"));
        look(edge.from, edge.at, edgeText(edge), edge.pos, to("from"));
    }
}

void selfEdge(const RuleContext& context, FindingSink& sink) {
    const auto report = [&](const std::string& path, const std::string& where, SourcePos pos, EditPtr edit) {
        sink.add({where, pos, fmt::format("{} would replicate to itself", path), "remove the edge, or name the replica",
                  std::move(edit)});
    };
    for (const Replica& edge : context.topology.replicas) {
        if (edge.from == edge.to) report(edge.from, edgeText(edge), edge.pos, removeElement(idOf(edge)));
    }
    for (const Upstream& edge : context.topology.upstreams) {
        if (edge.at == edge.from) report(edge.at, edgeText(edge), edge.pos, removeElement(idOf(edge)));
    }
}

void edgeAcrossSystems(const RuleContext& context, FindingSink& sink) {
    for (const Replica& edge : context.topology.replicas) {
        const Cluster* from = context.clusterOfPath(edge.from);
        const Cluster* to = context.clusterOfPath(edge.to);
        if (from == nullptr || to == nullptr || from->system == to->system) continue;
        sink.add({edgeText(edge), edge.pos,
                  fmt::format("{} runs {} and {} runs {}: replication works within one system", from->name,
                              from->system, to->name, to->system),
                  "remove the edge, or draw both clusters with one system", removeElement(idOf(edge))});
    }
}

void systemNotBuilt(const RuleContext& context, FindingSink& sink) {
    for (const Cluster& cluster : context.topology.clusters) {
        if (isBuiltSystem(cluster.system)) continue;
        sink.add({"cluster " + cluster.name, cluster.pos,
                  fmt::format("cluster {} is drawn as {}, which this version cannot run", cluster.name, cluster.system),
                  fmt::format("draw system: {}, or leave the cluster out", join(builtSystemNames(), " or ")), nullptr});
    }
}

void kindNotBuilt(const RuleContext& context, FindingSink& sink) {
    for (const Dataset& dataset : context.topology.datasets) {
        const Cluster* cluster = context.clusterOfPath(dataset.path);
        if (cluster != nullptr && !isBuiltSystem(cluster->system)) continue;  // that is all there is to say
        const Status built = requireBuiltKind(dataset);
        if (built) continue;
        sink.add({dataset.path, dataset.pos, built.error().what, built.error().fix,
                  setAttribute(idOf(dataset), "exists", "false")});
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

}  // namespace

void addNamingRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.path-not-global", Severity::Error, "a path is not /mapr/<cluster>/<path>",
                     "maprdb.md 1.1, 5.1; seed 000 step 1.6", pathNotGlobal});
    rules.push_back({"maprdb.cluster-unknown", Severity::Error, "a path or wan line names a cluster that is not drawn",
                     "maprdb.md 2.2", clusterUnknown});
    rules.push_back({"maprdb.edge-dataset-missing", Severity::Error, "an edge names a dataset that is not drawn",
                     "maprdb.md 1.4", edgeDatasetMissing});
    rules.push_back(
        {"maprdb.self-edge", Severity::Error, "an edge leads from a dataset to itself", "maprdb.md 2.1", selfEdge});
    rules.push_back({"maprdb.edge-across-systems", Severity::Error, "an edge joins clusters of different systems",
                     "maprdb.md 1.4", edgeAcrossSystems});
    rules.push_back({"engine.system-not-built", Severity::Error, "a cluster of a system that this version does not run",
                     "architecture 4", systemNotBuilt});
    rules.push_back({"engine.kind-not-built", Severity::Error,
                     "a dataset that is to exist, of a kind that this version does not realise", "architecture 4",
                     kindNotBuilt});
    rules.push_back({"maprdb.wan-invalid", Severity::Warning,
                     "a wan line is drawn twice or joins a cluster with itself", "architecture 7", wanInvalid});
}

}  // namespace tributary::rulesets
