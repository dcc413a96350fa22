// Rules about the two-way agreement: both halves, limits, duplicates, who creates what.
#include <fmt/format.h>

#include <set>
#include <utility>

#include "core/systems/maprdb/rules/rulesets.h"
#include "core/systems/registry.h"

namespace tributary::maprdb {

namespace {

EditPtr agreeingUpstream(const Replica& edge) {
    Upstream half;
    half.at = edge.to;
    half.from = edge.from;
    return addUpstream(half);
}

EditPtr agreeingReplica(const Upstream& edge) {
    Replica half;
    half.from = edge.from;
    half.to = edge.at;
    return addReplica(half);
}

void upstreamMissing(const Context& context, FindingSink& sink) {
    for (const Replica& edge : context.topology.replicas) {
        if (edge.from == edge.to || !context.isMaprDb(edge.to)) continue;
        if (context.hasUpstream(edge.to, edge.from)) continue;
        sink.add(
            {edgeText(edge), edge.pos,
             fmt::format("{} sends to {}, which does not accept it: the upstream half of the agreement is missing, "
                         "nothing flows and changes pile up at the source",
                         edge.from, edge.to),
             fmt::format("add under upstreams: {{at: {}, from: {}}}", edge.to, edge.from), agreeingUpstream(edge)});
    }
}

void replicaMissing(const Context& context, FindingSink& sink) {
    for (const Upstream& edge : context.topology.upstreams) {
        if (edge.from == edge.at || !context.isMaprDb(edge.from)) continue;
        if (context.hasReplica(edge.from, edge.at)) continue;
        sink.add({edgeText(edge), edge.pos,
                  fmt::format("{} accepts from {}, which does not send to it: the replica half of the agreement is "
                              "missing (removing a replica leaves the upstream record behind)",
                              edge.at, edge.from),
                  fmt::format("add under replicas: {{from: {}, to: {}}}, or remove the upstream", edge.from, edge.at),
                  agreeingReplica(edge)});
    }
}

void reverseHalfDrawn(const Context& context, FindingSink& sink) {
    std::set<std::pair<std::string, std::string>> seen;
    for (const Replica& edge : context.topology.replicas) {
        if (edge.from == edge.to || !context.isMaprDb(edge.to)) continue;
        if (!context.hasUpstream(edge.to, edge.from)) continue;
        const bool replica = context.hasReplica(edge.to, edge.from);
        const bool upstream = context.hasUpstream(edge.from, edge.to);
        if (replica == upstream || !seen.insert({edge.from, edge.to}).second) continue;
        const Replica reverse = [&] {
            Replica out;
            out.from = edge.to;
            out.to = edge.from;
            return out;
        }();
        sink.add({edgeText(edge), edge.pos,
                  fmt::format("multi-master is half drawn: the other direction has its {} record but no {} record",
                              replica ? "replica" : "upstream", replica ? "upstream" : "replica"),
                  replica ? fmt::format("add under upstreams: {{at: {}, from: {}}}", reverse.to, reverse.from)
                          : fmt::format("add under replicas: {{from: {}, to: {}}}", reverse.from, reverse.to),
                  replica ? agreeingUpstream(reverse) : addReplica(reverse)});
    }
}

void replicaLimit(const Context& context, FindingSink& sink) {
    std::map<std::string, std::set<std::string>> targets;
    const std::size_t max = context.options.thresholds.edgesMax;
    for (const Replica& edge : context.topology.replicas) {
        if (!context.isMaprDb(edge.from)) continue;
        std::set<std::string>& of = targets[edge.from];
        if (!of.insert(edge.to).second || of.size() <= max) continue;
        sink.add({edgeText(edge), edge.pos,
                  fmt::format("{} has {} replicas here, {} are the limit", edge.from, of.size(), max),
                  "remove the edge, or send to it from one of the replicas", removeElement(idOf(edge))});
    }
}

void upstreamLimit(const Context& context, FindingSink& sink) {
    std::map<std::string, std::set<std::string>> sources;
    const std::size_t max = context.options.thresholds.edgesMax;
    for (const Upstream& edge : context.topology.upstreams) {
        if (!context.isMaprDb(edge.at)) continue;
        std::set<std::string>& of = sources[edge.at];
        if (!of.insert(edge.from).second || of.size() <= max) continue;
        sink.add({edgeText(edge), edge.pos,
                  fmt::format("{} has {} upstreams here, {} are the limit", edge.at, of.size(), max),
                  "remove the edge, or gather the sources in a table between", removeElement(idOf(edge))});
    }
}

void replicaDuplicate(const Context& context, FindingSink& sink) {
    for (const Replica& edge : context.topology.replicas) {
        const Replica* first = context.index.replica(edge.from, edge.to);
        if (first == &edge) continue;
        sink.add({edgeText(edge), edge.pos,
                  fmt::format("this replica edge is already drawn{}; registering a replica twice fails",
                              first->pos.known() ? fmt::format(" at line {}", first->pos.line) : ""),
                  "remove one of the two edges; to change its options edit the first"});
    }
}

void upstreamDuplicate(const Context& context, FindingSink& sink) {
    for (const Upstream& edge : context.topology.upstreams) {
        if (context.index.upstream(edge.at, edge.from) == &edge) continue;
        sink.add({edgeText(edge), edge.pos, "this upstream edge is already drawn; registering an upstream twice fails",
                  "remove one of the two edges", removeElement(idOf(edge))});
    }
}

void sourceNeverCreated(const Context& context, FindingSink& sink) {
    std::set<std::string> seen;
    for (const Context::Edge& edge : context.edges()) {
        const Dataset& source = *edge.source;
        if (context.mayExist(source.path) || !seen.insert(source.path).second) continue;
        sink.add({source.path, source.pos,
                  fmt::format("{} sends to a replica, but does not exist and is no replica of a dataset that does: "
                              "nothing creates it",
                              source.path),
                  "mark it 'exists: true', or draw the edge that it comes from",
                  setAttribute(idOf(source), "exists", "true")});
    }
}

void manyToOne(const Context& context, FindingSink& sink) {
    std::map<std::string, std::set<std::string>> sources;
    for (const Context::Edge& edge : context.edges()) {
        if (!context.inOneLoop(edge.source->path, edge.target->path)) {
            sources[edge.target->path].insert(edge.source->path);
        }
    }
    for (const auto& [path, from] : sources) {
        if (from.size() < 2) continue;
        sink.add({path, context.index.dataset(path)->pos,
                  fmt::format("{} datasets feed {}: rows with equal keys overwrite each other, the newest wins",
                              from.size(), path),
                  "make sure that the sources' keys differ, or replicate each to a dataset of its own"});
    }
}

}  // namespace

void addAgreementRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.upstream-missing", Severity::Error, "a replica edge without its upstream half",
                     "maprdb.md 2.1; seed 000 step 1.4", judged(upstreamMissing)});
    rules.push_back({"maprdb.replica-missing", Severity::Warning, "an upstream edge without its replica half",
                     "maprdb.md 2.1, 3", judged(replicaMissing)});
    rules.push_back({"maprdb.reverse-half-drawn", Severity::Warning, "one direction is whole, the other has one half",
                     "maprdb.md 2.6, 2.7; seed 000 step 2", judged(reverseHalfDrawn)});
    rules.push_back({"maprdb.replica-limit", Severity::Error, "more replicas of one source than the system allows",
                     "maprdb.md 2.1", judged(replicaLimit)});
    rules.push_back({"maprdb.upstream-limit", Severity::Error, "more upstreams of one replica than the system allows",
                     "maprdb.md 1.5, 2.1", judged(upstreamLimit)});
    rules.push_back({"maprdb.replica-duplicate", Severity::Error, "the same replica edge twice", "maprdb.md 1.4",
                     judged(replicaDuplicate)});
    rules.push_back({"maprdb.upstream-duplicate", Severity::Warning, "the same upstream edge twice", "maprdb.md 1.5",
                     judged(upstreamDuplicate)});
    rules.push_back({"maprdb.source-never-created", Severity::Error,
                     "a source that does not exist and nobody creates; info where its kind is only drawn",
                     "maprdb.md 1.4, 3", judged(sourceNeverCreated)});
    rules.push_back({"maprdb.many-to-one", Severity::Warning, "several sources outside a loop feed one dataset",
                     "maprdb.md 2.6", judged(manyToOne)});
}

}  // namespace tributary::maprdb
