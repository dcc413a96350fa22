// Clusters of systems whose members are drawn, and what joins them.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/desktop/document/drawingeditor.h"

namespace tributary::desktop {

namespace {

constexpr int kFirstPort = 3301;  ///< the one of Tarantool's own examples

/// The first port from 3301 on that no drawn member listens at.
std::string unusedAddress(const Topology& topology) {
    std::set<std::string> taken;
    for (const Cluster& cluster : topology.clusters) {
        for (const Member& member : cluster.members) taken.insert(member.listen);
    }
    int port = kFirstPort;
    while (taken.contains(fmt::format("127.0.0.1:{}", port))) ++port;
    return fmt::format("127.0.0.1:{}", port);
}

template <typename Taken>
std::string numbered(const std::string& stem, Taken taken) {
    for (int i = 1;; ++i) {
        std::string name = fmt::format("{}{:03}", stem, i);
        if (!taken(name)) return name;
    }
}

Cluster replicaSet(const Topology& topology) {
    Cluster out;
    out.system = "tarantool";
    out.name = numbered("replicaset", [&](const std::string& name) { return topology.cluster(name) != nullptr; });
    Member first;
    first.name = "instance001";
    first.mode = "rw";
    first.listen = unusedAddress(topology);
    out.members = {first};
    Account replicator;
    replicator.name = "replicator";
    replicator.roles = {"replication"};
    out.accounts = {replicator};
    return out;
}

/// The first one is the master, the others are its replicas until their roles are changed.
Cluster database(const Topology& topology) {
    Cluster out;
    out.system = "voltdb";
    std::set<std::int64_t> ids;
    bool isFirst = true;
    for (const Cluster& each : topology.clusters) {
        if (each.system != "voltdb") continue;
        isFirst = false;
        ids.insert(each.id.value_or(0));
    }
    std::int64_t id = 1;
    while (ids.contains(id)) ++id;
    out.id = id;
    out.role = isFirst ? "master" : "replica";
    out.name = numbered("database", [&](const std::string& name) { return topology.cluster(name) != nullptr; });
    Member host;
    host.name = out.name + "-host1";
    out.members = {host};
    out.commandLog = "synchronous";
    out.sitesPerHost = 4;
    return out;
}

}  // namespace

ItemRef DrawingEditor::addClusterOf(const std::string& system, std::optional<std::pair<double, double>> at) {
    const Topology& topology = document_.topology();
    Cluster cluster = system == "tarantool" ? replicaSet(topology)
                      : system == "voltdb"  ? database(topology)
                                            : Cluster{};
    if (cluster.name.empty()) return addCluster(at);
    const ItemRef ref = clusterRef(cluster.name);
    LayoutSidecar layout = document_.layout();
    if (at) layout[ref] = {at->first, at->second};
    const QString title = tr("Add cluster %1").arg(QString::fromStdString(cluster.name));
    if (!done(document_.apply(tributary::addCluster(std::move(cluster)), title, layout))) return {};
    selection_.reveal(ref);
    return ref;
}

ItemRef DrawingEditor::addMember(const std::string& clusterName) {
    const Topology& topology = document_.topology();
    const Cluster* found = topology.cluster(clusterName);
    if (found == nullptr || found->system != "tarantool") {
        emit failed(
            {ErrorCode::InvalidInput, "an instance belongs to a replica set", {}, "select a replica set first"});
        return {};
    }
    Cluster with = *found;
    Member member;
    member.name = numbered("instance", [&](const std::string& name) { return found->member(name) != nullptr; });
    member.mode = "ro";  // a second writer is a decision of its own
    member.listen = unusedAddress(topology);
    const ItemRef ref = memberRef(clusterName, member.name);
    with.members.push_back(std::move(member));
    if (!done(document_.apply(replaceCluster(clusterName, std::move(with)),
                              tr("Add instance to %1").arg(QString::fromStdString(clusterName))))) {
        return {};
    }
    selection_.reveal(ref);
    return ref;
}

bool DrawingEditor::addConnection(const std::string& at, const std::string& from, bool both) {
    const Topology& topology = document_.topology();
    std::vector<EditPtr> edits;
    for (const auto& [consumer, producer] : {std::pair(at, from), std::pair(from, at)}) {
        if (consumer == from && !both) break;
        if (topology.connection(consumer, producer) != nullptr) continue;
        Connection edge;
        edge.at = consumer;
        edge.from = producer;
        edits.push_back(tributary::addConnection(std::move(edge)));
    }
    if (edits.empty()) {
        return done(Error{ErrorCode::AlreadyExists, "the connection is already drawn", {}, "select it to change it"});
    }
    return applyGroup(tr("Connect %1 to %2").arg(QString::fromStdString(at), QString::fromStdString(from)),
                      std::move(edits));
}

}  // namespace tributary::desktop
