// Rules about who dials whom, and which groups clusters may form.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/voltdb/rules/rulesets.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary::voltdb {

namespace {

std::vector<std::string> clusterNames(const RuleContext& context) {
    std::vector<std::string> out;
    for (const Cluster* each : voltClusters(context)) out.push_back(each->name);
    return out;
}

void connectionUnknown(const RuleContext& context, FindingSink& sink) {
    const std::vector<std::string> known = clusterNames(context);
    for (const Connection& each : context.topology.connections) {
        for (const char* end : {"at", "from"}) {
            const bool at = std::string_view(end) == "at";
            const std::string& name = at ? each.at : each.from;
            if (voltCluster(context, name) != nullptr) continue;
            const std::string near = nearest(name, known);
            const bool helps = !near.empty() && near != (at ? each.from : each.at);
            sink.add({edgeText(each), each.pos, fmt::format("{} is no drawn cluster of voltdb", name),
                      helps ? fmt::format("did you mean {}?", near) : "name two clusters that are drawn",
                      helps ? setAttribute(idOf(each), end, near) : nullptr});
        }
    }
}

void connectionTwice(const RuleContext& context, FindingSink& sink) {
    for (const Connection& each : context.topology.connections) {
        if (each.at == each.from) {
            sink.add(Severity::Error, {edgeText(each), each.pos, "a cluster does not fetch from itself",
                                       "remove the connection", removeElement(idOf(each))});
        } else if (context.topology.connection(each.at, each.from) != &each) {
            sink.add({edgeText(each), each.pos, "this connection is already drawn", "remove one of the two connections",
                      removeElement(idOf(each))});
        }
    }
}

void sourceUnknown(const RuleContext& context, FindingSink& sink) {
    for (const Connection& each : context.topology.connections) {
        const Cluster* from = voltCluster(context, each.from);
        if (from == nullptr) continue;
        for (const std::string& host : each.source) {
            if (from->member(host) != nullptr) continue;
            sink.add({edgeText(each), each.pos, fmt::format("{} is no host of {}", host, each.from),
                      "name hosts of the producer, or leave source out to dial them all",
                      setAttribute(idOf(each), "source", std::nullopt)});
        }
    }
}

struct Ends {
    const Connection* edge;
    const Cluster* at;
    const Cluster* from;
};

/// Connections between two drawn clusters.
std::vector<Ends> drawnEnds(const RuleContext& context) {
    std::vector<Ends> out;
    for (const Connection& each : context.topology.connections) {
        const Cluster* at = voltCluster(context, each.at);
        const Cluster* from = voltCluster(context, each.from);
        if (at != nullptr && from != nullptr && at != from) out.push_back({&each, at, from});
    }
    return out;
}

void rolesMixed(const RuleContext& context, FindingSink& sink) {
    for (const auto& [edge, at, from] : drawnEnds(context)) {
        const std::string here = roleOf(*at);
        const std::string there = roleOf(*from);
        if (here == "none" || there == "none" || (here == "xdcr") == (there == "xdcr")) continue;
        sink.add({edgeText(*edge), edge->pos,
                  fmt::format("{} has role {} and {} has role {}: active and passive replication are not mixed in one "
                              "group (Incompatible DR modes between two clusters)",
                              at->name, here, from->name, there),
                  "draw role: xdcr at both, or master and replica; remove the connection otherwise",
                  removeElement(idOf(*edge))});
    }
}

void masterDials(const RuleContext& context, FindingSink& sink) {
    for (const auto& [edge, at, from] : drawnEnds(context)) {
        if (roleOf(*at) != "master" || roleOf(*from) == "xdcr") continue;
        sink.add({edgeText(*edge), edge->pos,
                  fmt::format("{} is a master and fetches from nobody: only a replica has a connection", at->name),
                  fmt::format("remove the connection, or draw role: replica at {}", at->name),
                  removeElement(idOf(*edge))});
    }
}

void replicaChain(const RuleContext& context, FindingSink& sink) {
    for (const auto& [edge, at, from] : drawnEnds(context)) {
        if (roleOf(*at) != "replica" || roleOf(*from) != "replica") continue;
        sink.add({edgeText(*edge), edge->pos,
                  fmt::format("{} fetches from {}, which is a replica itself: changes go from a master to its replica "
                              "and no further",
                              at->name, from->name),
                  "let it fetch from the master, or draw role: xdcr at all", removeElement(idOf(*edge))});
    }
}

void passiveShape(const RuleContext& context, FindingSink& sink) {
    std::map<const Cluster*, const Cluster*> masterOf;
    std::map<const Cluster*, const Cluster*> replicaOf;
    for (const auto& [edge, at, from] : drawnEnds(context)) {
        if (roleOf(*at) != "replica" || roleOf(*from) != "master") continue;
        const auto [master, first] = masterOf.emplace(at, from);
        const auto [replica, only] = replicaOf.emplace(from, at);
        if (!first && master->second != from) {
            sink.add(
                {edgeText(*edge), edge->pos,
                 fmt::format("{} is a replica of {} already: a replica has one master", at->name, master->second->name),
                 "remove the connection, or draw role: xdcr at all", removeElement(idOf(*edge))});
        } else if (!only && replica->second != at) {
            sink.add(Severity::Warning,
                     {edgeText(*edge), edge->pos,
                      fmt::format("{} has {} as its replica already: passive replication is documented between two "
                                  "databases",
                                  from->name, replica->second->name),
                      "draw role: xdcr at all three, and keep two of them from writing"});
        }
    }
}

/// The one cluster that this one may fetch from; nullptr when there are none or several.
const Cluster* onlyProducer(const RuleContext& context, const Cluster& cluster) {
    const std::string wanted = roleOf(cluster) == "xdcr" ? "xdcr" : "master";
    const Cluster* out = nullptr;
    for (const Cluster* each : voltClusters(context)) {
        if (each == &cluster || roleOf(*each) != wanted) continue;
        if (out != nullptr && wanted == "master") return nullptr;
        if (out == nullptr) out = each;  // any member of an active group leads to the others
    }
    return out;
}

void connectionMissing(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : voltClusters(context)) {
        const std::string role = roleOf(*cluster);
        const auto& edges = context.topology.connections;
        const bool dials =
            std::any_of(edges.begin(), edges.end(), [&](const Connection& each) { return each.at == cluster->name; });
        if ((role != "replica" && role != "xdcr") || dials) continue;
        const Cluster* producer = onlyProducer(context, *cluster);
        Connection edge;
        edge.at = cluster->name;
        edge.from = producer == nullptr ? "CLUSTER" : producer->name;
        sink.add({whereOf(*cluster), cluster->pos,
                  role == "replica"
                      ? fmt::format("{} is a replica and dials nobody: its role needs a connection to the master",
                                    cluster->name)
                      : fmt::format("{} has role xdcr and dials nobody: each such cluster points at one other at least",
                                    cluster->name),
                  fmt::format("add under connections: {{at: {}, from: {}}}", edge.at, edge.from),
                  producer == nullptr ? nullptr : addConnection(edge)});
    }
}

void roleNone(const RuleContext& context, FindingSink& sink) {
    for (const auto& [edge, at, from] : drawnEnds(context)) {
        for (const Cluster* end : {at, from}) {
            if (roleOf(*end) != "none") continue;
            sink.add({edgeText(*edge), edge->pos,
                      fmt::format("{} has role none, with which it replicates with nobody", end->name),
                      "remove the connection, or draw another role", removeElement(idOf(*edge))});
        }
    }
}

void preferredTwice(const RuleContext& context, FindingSink& sink) {
    std::map<std::string, const Connection*> seen;
    for (const Connection& each : context.topology.connections) {
        if (!each.preferred) continue;
        const auto [known, fresh] = seen.emplace(each.at, &each);
        if (fresh) continue;
        sink.add(
            {edgeText(each), each.pos,
             fmt::format("{} prefers {} already: one cluster is asked for the snapshot", each.at, known->second->from),
             "draw preferred: true at one of them", setAttribute(idOf(each), "preferred", std::nullopt)});
    }
}

/// Replica and upstream edges are MapR-DB's, peers Tarantool's.
void edgeOfOtherSystem(const RuleContext& context, FindingSink& sink) {
    const auto inside = [&](const std::string& end) {
        const Cluster* cluster = context.clusterOf(end);
        return cluster != nullptr && cluster->system == "voltdb";
    };
    const auto report = [&](const std::string& where, SourcePos pos, EditPtr edit) {
        sink.add({where, pos, "clusters of voltdb replicate over connections: they have no other edges",
                  "remove the edge, and draw {at: CONSUMER, from: PRODUCER} under connections", std::move(edit)});
    };
    for (const Replica& edge : context.topology.replicas) {
        if (inside(edge.from) && inside(edge.to)) report(edgeText(edge), edge.pos, removeElement(idOf(edge)));
    }
    for (const Upstream& edge : context.topology.upstreams) {
        if (inside(edge.from) && inside(edge.at)) report(edgeText(edge), edge.pos, removeElement(idOf(edge)));
    }
}

}  // namespace

void addConnectionRules(std::vector<Rule>& rules) {
    rules.push_back({"voltdb.connection-unknown", Severity::Error, "a connection names a cluster that is not drawn",
                     "voltdb.md 1.2 (P16)", connectionUnknown});
    rules.push_back({"voltdb.connection-twice", Severity::Warning,
                     "the same connection twice; error where it leads to its own cluster", "voltdb.md 1.2 (P18)",
                     connectionTwice});
    rules.push_back({"voltdb.source-unknown", Severity::Error, "a source that is no host of the producer",
                     "voltdb.md 1.2 (P16)", sourceUnknown});
    rules.push_back({"voltdb.roles-mixed", Severity::Error, "active and passive replication in one group",
                     "voltdb.md 1.2 (P20); seed 004", rolesMixed});
    rules.push_back(
        {"voltdb.master-dials", Severity::Error, "a master with a connection", "voltdb.md 1.2 (P17)", masterDials});
    rules.push_back(
        {"voltdb.replica-chain", Severity::Error, "a replica of a replica", "voltdb.md 1.1 (P1), 3.5", replicaChain});
    rules.push_back({"voltdb.passive-shape", Severity::Error,
                     "a replica of two masters; warning for two replicas of one master", "voltdb.md 1.1 (P1)",
                     passiveShape});
    rules.push_back({"voltdb.connection-missing", Severity::Error, "a replica or active cluster that dials nobody",
                     "voltdb.md 1.2 (P16, P18)", connectionMissing});
    rules.push_back({"voltdb.role-none", Severity::Error, "a connection at a cluster that replicates with nobody",
                     "voltdb.md 2.1", roleNone});
    rules.push_back({"voltdb.preferred-twice", Severity::Error, "two preferred sources of one consumer",
                     "voltdb.md 2.1", preferredTwice});
    rules.push_back({"voltdb.edge-of-maprdb", Severity::Error, "a replica or upstream edge between clusters of voltdb",
                     "voltdb.md 1.2", edgeOfOtherSystem});
}

}  // namespace tributary::voltdb
