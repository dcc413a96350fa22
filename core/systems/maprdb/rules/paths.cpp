// Rules about paths and what edges name.
#include <fmt/format.h>

#include "core/base/text.h"
#include "core/systems/maprdb/naming.h"
#include "core/systems/maprdb/rules/rulesets.h"
#include "core/systems/registry.h"

namespace tributary::maprdb {

namespace {

/// Every path that ought to be global and is not, with the place it stands at; edges' ends only once per edge.
template <typename Visit>
void eachOddPath(const Context& context, Visit visit) {
    const Topology& topology = context.topology;
    for (const Dataset& dataset : topology.datasets) {
        const bool judged = systemOfKind(dataset.kind).name == "maprdb" && !context.isForeign(dataset.path);
        if (!judged || context.isGlobal(dataset.path)) continue;
        visit(dataset.path, dataset.path, dataset.pos,
              [&](const std::string& to) { return renameDataset(topology, dataset.path, to); });
    }
    for (const Replica& edge : topology.replicas) {
        for (const char* end : {"from", "to"}) {
            const std::string& path = std::string_view(end) == "from" ? edge.from : edge.to;
            if (context.isGlobal(path) || context.isForeign(path)) continue;
            visit(path, edgeText(edge), edge.pos,
                  [&](const std::string& to) { return setAttribute(idOf(edge), end, to); });
        }
    }
    for (const Upstream& edge : topology.upstreams) {
        for (const char* end : {"at", "from"}) {
            const std::string& path = std::string_view(end) == "at" ? edge.at : edge.from;
            if (context.isGlobal(path) || context.isForeign(path)) continue;
            visit(path, edgeText(edge), edge.pos,
                  [&](const std::string& to) { return setAttribute(idOf(edge), end, to); });
        }
    }
}

void pathNotGlobal(const Context& context, FindingSink& sink) {
    eachOddPath(context, [&](const std::string& path, const std::string& where, SourcePos pos, const auto& move) {
        const Result<DatasetPath> parsed = parseDatasetPath(path);
        if (parsed) return;
        const std::string& repaired = parsed.error().fix;
        const bool certain = parseDatasetPath(repaired).ok();
        sink.add({where, pos, parsed.error().what, certain ? "write " + repaired : repaired,
                  certain ? move(repaired) : nullptr});
    });
}

void edgeDatasetMissing(const Context& context, FindingSink& sink) {
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

void selfEdge(const Context& context, FindingSink& sink) {
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

}  // namespace

void addPathRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.path-not-global", Severity::Error, "a path is not /mapr/<cluster>/<path>",
                     "maprdb.md 1.1, 5.1; seed 000 step 1.6", judged(pathNotGlobal)});
    rules.push_back({"maprdb.edge-dataset-missing", Severity::Error, "an edge names a dataset that is not drawn",
                     "maprdb.md 1.4", judged(edgeDatasetMissing)});
    rules.push_back({"maprdb.self-edge", Severity::Error, "an edge leads from a dataset to itself", "maprdb.md 2.1",
                     judged(selfEdge)});
}

}  // namespace tributary::maprdb
