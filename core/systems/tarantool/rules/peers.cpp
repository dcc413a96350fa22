// Rules about who follows whom. A replica set without drawn peers is a full mesh.
#include <fmt/format.h>

#include <map>
#include <set>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/tarantool/rules/rulesets.h"
#include "core/systems/tarantool/vocabulary.h"

namespace tributary::tarantool {

namespace {

std::string edgeText(const Peer& peer) {
    return peer.at + " <- " + peer.from;
}

/// The drawn member that an end names, or nullptr.
const Member* memberOf(const RuleContext& context, const std::string& end) {
    const Cluster* cluster = context.clusterOf(end);
    return cluster != nullptr && cluster->system == "tarantool" ? cluster->member(endpointOf(end).member) : nullptr;
}

std::vector<std::string> allMembers(const RuleContext& context) {
    std::vector<std::string> out;
    for (const Cluster* cluster : replicaSets(context)) {
        for (const Member& each : cluster->members) out.push_back(joinedMember(cluster->name, each.name));
    }
    return out;
}

void peerUnknown(const RuleContext& context, FindingSink& sink) {
    const std::vector<std::string> known = allMembers(context);
    for (const Peer& peer : context.topology.peers) {
        for (const char* end : {"at", "from"}) {
            const std::string& name = std::string_view(end) == "at" ? peer.at : peer.from;
            if (memberOf(context, name) != nullptr) continue;
            const std::string near = nearest(name, known);
            sink.add({edgeText(peer), peer.pos, fmt::format("{} is no instance of a drawn replica set", name),
                      near.empty() ? "name CLUSTER/INSTANCE as both are drawn" : fmt::format("did you mean {}?", near),
                      near.empty() || near == (std::string_view(end) == "at" ? peer.from : peer.at)
                          ? nullptr
                          : setAttribute(idOf(peer), end, near)});
        }
    }
}

void peerMisplaced(const RuleContext& context, FindingSink& sink) {
    for (const Peer& peer : context.topology.peers) {
        if (memberOf(context, peer.at) == nullptr || memberOf(context, peer.from) == nullptr) continue;
        const std::string at = endpointOf(peer.at).cluster;
        const std::string from = endpointOf(peer.from).cluster;
        if (peer.at == peer.from) {
            sink.add({edgeText(peer), peer.pos, "an instance does not follow itself", "remove the edge",
                      removeElement(idOf(peer))});
        } else if (at != from) {
            sink.add({edgeText(peer), peer.pos,
                      fmt::format("{} and {} are two replica sets: instances follow each other within one", at, from),
                      "remove the edge, or draw both instances in one cluster", removeElement(idOf(peer))});
        }
    }
}

void peerTwice(const RuleContext& context, FindingSink& sink) {
    for (const Peer& peer : context.topology.peers) {
        if (context.topology.peer(peer.at, peer.from) == &peer) continue;
        sink.add({edgeText(peer), peer.pos, "this peer edge is already drawn", "remove one of the two edges",
                  removeElement(idOf(peer))});
    }
}

/// Drawn edges of one replica set, by the member that follows; empty when none is drawn.
std::map<std::string, std::set<std::string>> followed(const RuleContext& context, const Cluster& cluster) {
    std::map<std::string, std::set<std::string>> out;
    for (const Peer& peer : context.topology.peers) {
        const Endpoint at = endpointOf(peer.at);
        const Endpoint from = endpointOf(peer.from);
        if (at.cluster != cluster.name || from.cluster != cluster.name || at.member == from.member) continue;
        out[at.member].insert(from.member);
    }
    return out;
}

/// Members whose rows reach `at`, over any number of edges.
std::set<std::string> reaching(const std::map<std::string, std::set<std::string>>& edges, const std::string& at) {
    std::set<std::string> seen{at};
    std::vector<std::string> open{at};
    while (!open.empty()) {
        const auto next = edges.find(open.back());
        open.pop_back();
        if (next == edges.end()) continue;
        for (const std::string& each : next->second) {
            if (seen.insert(each).second) open.push_back(each);
        }
    }
    return seen;
}

void meshIncomplete(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const auto edges = followed(context, *cluster);
        if (edges.empty()) continue;
        for (const Member& at : cluster->members) {
            const auto direct = edges.find(at.name);
            const std::set<std::string> reached = reaching(edges, at.name);
            for (const Member& from : cluster->members) {
                if (at.name == from.name || from.anonymous) continue;
                if (direct != edges.end() && direct->second.contains(from.name)) continue;
                const bool never = !reached.contains(from.name) && mayWrite(*cluster, from);
                Peer missing;
                missing.at = joinedMember(cluster->name, at.name);
                missing.from = joinedMember(cluster->name, from.name);
                sink.add(
                    never ? Severity::Error : Severity::Warning,
                    {whereOf(*cluster), placeOf(*cluster, at),
                     never ? fmt::format("{} follows {} neither directly nor over others: it never gets what is "
                                         "written there",
                                         at.name, from.name)
                           : fmt::format("{} does not follow {}: the mesh is incomplete, and when an instance between "
                                         "them is down they part",
                                         at.name, from.name),
                     fmt::format("add under peers: {{at: {}, from: {}}}", missing.at, missing.from), addPeer(missing)});
            }
        }
    }
}

/// Replica and upstream edges are MapR-DB's.
void edgeOfOtherSystem(const RuleContext& context, FindingSink& sink) {
    const auto inside = [&](const std::string& end) {
        const Cluster* cluster = context.clusterOf(end);
        return cluster != nullptr && cluster->system == "tarantool";
    };
    const auto report = [&](const std::string& where, SourcePos pos, EditPtr edit) {
        sink.add({where, pos, "instances of a replica set follow each other: it has no replica and no upstream edges",
                  "remove the edge; where not everybody follows everybody, draw it under peers", std::move(edit)});
    };
    for (const Replica& edge : context.topology.replicas) {
        if (inside(edge.from) && inside(edge.to)) {
            report(tributary::edgeText(edge), edge.pos, removeElement(idOf(edge)));
        }
    }
    for (const Upstream& edge : context.topology.upstreams) {
        if (inside(edge.at) && inside(edge.from)) {
            report(tributary::edgeText(edge), edge.pos, removeElement(idOf(edge)));
        }
    }
}

}  // namespace

void addPeerRules(std::vector<Rule>& rules) {
    rules.push_back({"tarantool.peer-unknown", Severity::Error, "a peer edge names an instance that is not drawn",
                     "tarantool.md 2.2", peerUnknown});
    rules.push_back({"tarantool.peer-misplaced", Severity::Error,
                     "a peer edge that leads to itself or to another replica set", "tarantool.md 2.2", peerMisplaced});
    rules.push_back(
        {"tarantool.peer-twice", Severity::Warning, "the same peer edge twice", "tarantool.md 8", peerTwice});
    rules.push_back({"tarantool.mesh-incomplete", Severity::Warning,
                     "drawn peers that leave an instance without another one's rows", "tarantool.md 2.2, 4.1",
                     meshIncomplete});
    rules.push_back({"tarantool.edge-of-maprdb", Severity::Error, "a replica or upstream edge between replica sets",
                     "tarantool.md 2.2", edgeOfOtherSystem});
}

}  // namespace tributary::tarantool
