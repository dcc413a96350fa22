// Lookups in the drawing and the words it knows.
#include "core/topology/topology.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/topology/datasetpath.h"

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

const Wan* Topology::wanBetween(std::string_view a, std::string_view b) const {
    return firstOf(wan, [&](const Wan& each) { return (each.a == a && each.b == b) || (each.a == b && each.b == a); });
}

const Cluster* Topology::clusterOfPath(std::string_view path) const {
    const std::string name = clusterOf(path);
    return name.empty() ? nullptr : cluster(name);
}

bool Topology::empty() const {
    return clusters.empty() && datasets.empty() && replicas.empty() && upstreams.empty() && wan.empty();
}

Topology withoutPositions(Topology topology) {
    for (Cluster& cluster : topology.clusters) {
        cluster.pos = {};
        for (Gateway& gateway : cluster.gateways) gateway.pos = {};
    }
    for (Dataset& dataset : topology.datasets) {
        dataset.pos = {};
        forgetPositions(dataset.perms);
        for (Family& family : dataset.families) {
            family.pos = {};
            forgetPositions(family.perms);
        }
    }
    for (Replica& replica : topology.replicas) replica.pos = {};
    for (Upstream& upstream : topology.upstreams) upstream.pos = {};
    for (Wan& wan : topology.wan) wan.pos = {};
    return topology;
}

std::string_view datasetKindName(DatasetKind kind) {
    switch (kind) {
        case DatasetKind::BinaryTable: return "binary-table";
        case DatasetKind::JsonTable: return "json-table";
        case DatasetKind::Stream: return "stream";
    }
    return "unknown";
}

Result<DatasetKind> parseDatasetKind(std::string_view text) {
    for (const DatasetKind kind : {DatasetKind::BinaryTable, DatasetKind::JsonTable, DatasetKind::Stream}) {
        if (text == datasetKindName(kind)) return kind;
    }
    const std::string near = nearest(text, datasetKindNames());
    return Error{ErrorCode::InvalidInput,
                 fmt::format("'{}' is not a kind of dataset", text),
                 {},
                 near.empty() ? fmt::format("one of: {}", join(datasetKindNames(), ", "))
                              : fmt::format("did you mean '{}'?", near)};
}

const std::vector<std::string>& systemNames() {
    static const std::vector<std::string> kNames{"maprdb", "tarantool", "voltdb"};
    return kNames;
}

const std::vector<std::string>& datasetKindNames() {
    static const std::vector<std::string> kNames{"binary-table", "json-table", "stream"};
    return kNames;
}

const std::vector<std::string>& compressionNames() {
    static const std::vector<std::string> kNames{"off", "lzf", "lz4", "zlib"};
    return kNames;
}

const std::vector<std::string>& permissionNames(DatasetKind kind) {
    static const std::vector<std::string> kTable{
        "readperm",        "replperm",           "bulkloadperm",           "adminaccessperm",
        "packperm",        "splitmergeperm",     "createrenamefamilyperm", "deletefamilyperm",
        "indexperm",       "defaultversionperm", "defaultcompressionperm", "defaultmemoryperm",
        "defaultreadperm", "defaultwriteperm",   "defaulttraverseperm",    "defaultappendperm"};
    static const std::vector<std::string> kStream{"produceperm", "consumeperm", "topicperm", "copyperm", "adminperm"};
    return kind == DatasetKind::Stream ? kStream : kTable;
}

Status checkPermissionNames(const Permissions& perms) {
    if (!perms.contains("readperm") || !perms.contains("defaultreadperm")) return okStatus();
    return Error{ErrorCode::InvalidInput,
                 "readperm of a table is short for defaultreadperm, and both are drawn",
                 {},
                 "keep defaultreadperm, or give a family its own readperm"};
}

const std::vector<std::string>& familyPermissionNames() {
    static const std::vector<std::string> kNames{"readperm",    "writeperm",       "appendperm", "traverseperm",
                                                 "versionperm", "compressionperm", "memoryperm"};
    return kNames;
}

}  // namespace tributary
