// What the clusters answered as an observation that drawings are compared with.
#include <algorithm>
#include <map>

#include "app/adapters/observedtable.h"
#include "app/instances/boxinfo.h"
#include "app/observe/statusmodel.h"
#include "core/systems/naming.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

using LinkKey = std::pair<std::string_view, std::string_view>;
using Links = std::map<LinkKey, const LinkRow*>;

void addLink(ObservedReplica& replica, const LinkRow& link) {
    replica.state = link.state;
    replica.error = link.error;
    replica.operationsPending = link.operationsPending;
    replica.bytesPending = link.bytesPending;
    replica.ofStreams = link.ofStreams;
}

/// A record of which only the link is known.
ObservedReplica replicaOf(const LinkRow& link) {
    ObservedReplica out;
    out.to = link.to;
    out.paused = link.paused;
    out.synchronous = link.synchronous;
    out.columns = columnList(link.columns);
    addLink(out, link);
    return out;
}

ObservedDataset datasetOf(const TableRow& table, const std::vector<UpstreamRow>& upstreams, const Links& links) {
    ObservedDataset out;
    if (table.described) {
        out = *table.described;
    } else {
        out.path = table.path;
        for (const std::string& family : table.families) out.families.emplace_back().name = family;
        out.upstreams.emplace();
        for (const UpstreamRow& row : upstreams) {
            if (row.at == table.path) out.upstreams->push_back({row.from, {}});
        }
    }
    out.unavailable = table.unavailable;
    if (out.unavailable.empty()) out.rows = table.rows;
    if (!out.replicas) out.replicas.emplace();
    for (auto at = links.lower_bound({table.path, {}}); at != links.end() && at->first.first == table.path; ++at) {
        const LinkRow& link = *at->second;
        const auto known = std::find_if(out.replicas->begin(), out.replicas->end(),
                                        [&](const ObservedReplica& each) { return each.to == link.to; });
        if (known != out.replicas->end()) {
            addLink(*known, link);
        } else if (link.state != "?") {
            out.replicas->push_back(replicaOf(link));
        }
    }
    return out;
}

void addMembers(ObservedCluster& out, const ClusterRow& row, const std::vector<LinkRow>& links) {
    for (const MemberLook& member : row.members) {
        ObservedMember& seen = out.members.emplace_back();
        seen.name = member.name;
        seen.state = member.state;
        seen.drawn = member.drawn;
        seen.readOnly = member.readOnly;
        if (!member.reason.empty()) seen.told.emplace_back("reason", member.reason);
        if (member.pid != 0) seen.told.emplace_back("process", std::to_string(member.pid));
        if (!member.answered()) continue;
        if (member.id != 0) seen.told.emplace_back("id", std::to_string(member.id));
        seen.told.emplace_back("uuid", member.uuid);
        seen.told.emplace_back("vclock", clockText(member.clock));
    }
    for (const LinkRow& link : links) {
        // Between clusters it is a connection of the consumer, and no peer.
        const bool isWithin = endpointOf(link.to).cluster == row.name && endpointOf(link.from).cluster == row.name;
        if (!link.ofMembers || !isWithin) continue;
        ObservedPeer& seen = out.peers.emplace_back();
        seen.at = link.to;
        seen.from = link.from;
        seen.state = link.state;
        seen.error = link.error;
        const auto figure = [&](const char* name, const std::optional<std::int64_t>& ms) {
            seen.told.emplace_back(name, ms ? humanDuration(*ms) : std::string("?"));
        };
        figure("lag", link.lagMs);
        figure("idle", link.idleMs);
        seen.told.emplace_back("rows behind", link.operationsPending ? std::to_string(*link.operationsPending) : "?");
        if (!link.error.empty()) seen.told.emplace_back("message", link.error);
        if (!link.sourceNote.empty()) seen.told.emplace_back("source says", link.sourceNote);
    }
}

ObservedCluster clusterOfRow(const ClusterRow& row, const Links& links) {
    ObservedCluster out;
    out.name = row.name;
    out.state = row.state;
    out.reason = row.reason;
    out.pid = row.pid;
    out.answered = row.answered;
    out.gatewayRecords = row.gatewayRecords;
    out.users = row.users;
    out.groups = row.groups;
    if (!row.answered) return out;
    if (row.ofMembers) {
        if (!row.role.empty()) out.role = row.role;
        out.gateways.emplace();
        for (const TableRow& table : row.tables) out.datasets.push_back(datasetOf(table, {}, {}));
        return out;
    }
    out.gateways.emplace();
    for (const GatewayRow& gateway : row.gateways)
        out.gateways->push_back({gateway.name, gateway.endpoint, gateway.running});
    for (const TableRow& table : row.tables) out.datasets.push_back(datasetOf(table, row.upstreams, links));
    return out;
}

}  // namespace

Observation observationOf(const WorkspaceStatus& status) {
    Links links;
    for (const LinkRow& link : status.links) links.emplace(LinkKey{link.from, link.to}, &link);
    Observation out;
    out.atMs = status.atMs;
    for (const ClusterRow& row : status.clusters) {
        ObservedCluster cluster = clusterOfRow(row, links);
        if (row.ofMembers) addMembers(cluster, row, status.links);
        out.clusters.push_back(std::move(cluster));
    }
    for (const NetworkRow& row : status.networks) {
        if (row.state == kNetworkNotCarried) continue;  // no plan could make it so
        ObservedNetwork& network = out.networks.emplace_back();
        network.from = row.from;
        network.to = row.to;
        network.leftOut = row.state == "left-out";
        if (!row.inForce) continue;
        network.latencyUs = row.inForce->delayMs * 1000;
        network.bandwidthBytesPerSecond = row.inForce->bytesPerSecond;
    }
    return out;
}

std::vector<Difference> differencesOf(const Topology& topology, const WorkspaceStatus& status) {
    return differencesOf(topology, observationOf(status));
}

}  // namespace tributary::app
