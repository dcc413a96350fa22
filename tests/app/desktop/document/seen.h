// Clusters as a look would find them: the example as it is drawn, and more.
#pragma once

#include "core/topology/adopt.h"
#include "drawings.h"

namespace tributary::test {

/// A cluster that is up and has answered.
inline ObservedCluster seenCluster(const std::string& name) {
    ObservedCluster out;
    out.name = name;
    out.state = "up";
    out.answered = true;
    return out;
}

inline ObservedDataset seenTable(const std::string& path) {
    ObservedDataset out;
    out.path = path;
    out.kind = DatasetKind::BinaryTable;
    out.families.emplace_back().name = "profile";
    out.replicas.emplace();
    out.upstreams.emplace();
    return out;
}

/// Registers a link, both records, between tables that are there.
inline void link(ObservedDataset& from, ObservedDataset& to, bool paused = false) {
    ObservedReplica& replica = from.replicas->emplace_back();
    replica.to = to.path;
    replica.paused = paused;
    replica.synchronous = replica.throttle = replica.networkEncryption = false;
    replica.networkCompression = "lz4";
    replica.columns.emplace();
    replica.state = paused ? "paused" : "replicating";
    to.upstreams->push_back({from.path, {}});
}

/// Two drawn clusters with a table each, linked one way; a table "old" that nobody drew, fed by the first; a cluster
/// "berlin" that nobody drew, with a table that feeds the second.
inline Observation seenMore() {
    Observation out;
    ObservedCluster sf = seenCluster("sanfrancisco");
    ObservedCluster ny = seenCluster("newyork");
    ObservedCluster berlin = seenCluster("berlin");
    ObservedDataset source = seenTable(kSf);
    ObservedDataset replica = seenTable(kNy);
    ObservedDataset old = seenTable("/mapr/newyork/old");
    ObservedDataset away = seenTable("/mapr/berlin/customers");
    link(source, replica);
    link(source, old, true);
    link(away, replica);
    sf.datasets = {source};
    ny.datasets = {replica, old};
    berlin.datasets = {away};
    out.clusters = {sf, ny, berlin};
    return out;
}

/// The two drawn clusters of that, with their link whole.
inline Topology drawnLess() {
    Topology out;
    for (const char* name : {"sanfrancisco", "newyork"}) out.clusters.emplace_back().name = name;
    for (const std::string& path : {kSf, kNy}) {
        Dataset& made = out.datasets.emplace_back();
        made.path = path;
        made.exists = path == kSf;
        made.families.emplace_back().name = "profile";
    }
    Replica& edge = out.replicas.emplace_back();
    edge.from = kSf;
    edge.to = kNy;
    out.upstreams.push_back({kNy, kSf, {}});
    return out;
}

}  // namespace tributary::test
