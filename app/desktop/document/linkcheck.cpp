// Judging a link before it is drawn.
#include "app/desktop/document/linkcheck.h"

#include <algorithm>
#include <set>

#include "core/systems/catalogue.h"
#include "core/systems/naming.h"

namespace tributary::desktop {

namespace {

/// Both datasets, what they are linked with, and the clusters and networks of all these.
Topology neighbourhood(const Topology& all, const std::string& from, const std::string& to) {
    Topology out;
    std::set<std::string> paths{from, to};
    const auto touches = [&](const std::string& path) { return path == from || path == to; };
    for (const Replica& edge : all.replicas) {
        if (!touches(edge.from) && !touches(edge.to)) continue;
        out.replicas.push_back(edge);
        paths.insert({edge.from, edge.to});
    }
    for (const Upstream& edge : all.upstreams) {
        if (!touches(edge.at) && !touches(edge.from)) continue;
        out.upstreams.push_back(edge);
        paths.insert({edge.at, edge.from});
    }
    std::set<std::string> clusters;
    for (const std::string& path : paths) clusters.insert(clusterOf(path));
    for (const Dataset& each : all.datasets) {
        if (paths.contains(each.path)) out.datasets.push_back(each);
    }
    for (const Cluster& each : all.clusters) {
        if (clusters.contains(each.name)) out.clusters.push_back(each);
    }
    for (const Wan& each : all.wan) {
        if (clusters.contains(each.a) && clusters.contains(each.b)) out.wan.push_back(each);
    }
    return out;
}

EditPtr linkEdit(const std::string& from, const std::string& to, LinkHalves halves) {
    Replica replica;
    replica.from = from;
    replica.to = to;
    Upstream upstream;
    upstream.at = to;
    upstream.from = from;
    if (halves == LinkHalves::Replica) return addReplica(replica);
    if (halves == LinkHalves::Upstream) return addUpstream(upstream);
    return groupEdit({}, {addReplica(replica), addUpstream(upstream)});
}

/// The other half can be drawn next; it is no reason to refuse this one.
bool isOtherHalf(const Finding& finding) {
    return finding.rule == "maprdb.upstream-missing" || finding.rule == "maprdb.replica-missing" ||
           finding.rule == "maprdb.reverse-half-drawn";
}

/// What no later edit of something else can make right; other errors (no gateway yet, a permission) are drawn and
/// listed.
bool isHard(const Finding& finding) {
    static const std::set<std::string> kHard{
        "maprdb.self-edge",      "maprdb.kind-mismatch",     "maprdb.edge-across-systems", "maprdb.replica-limit",
        "maprdb.upstream-limit", "maprdb.replica-duplicate", "maprdb.upstream-duplicate"};
    return kHard.contains(finding.rule);
}

bool foundIn(const std::vector<Finding>& findings, const Finding& finding) {
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& each) {
        return each.rule == finding.rule && each.where == finding.where && each.reason == finding.reason;
    });
}

}  // namespace

LinkJudgement judgeLink(const Topology& topology, const std::string& from, const std::string& to, LinkHalves halves) {
    LinkJudgement out;
    Topology near = neighbourhood(topology, from, to);
    const std::vector<Finding> before = checkTopology(near);
    const Result<EditPtr> applied = linkEdit(from, to, halves)->apply(near);
    if (!applied) {
        out.verdict = LinkVerdict::Refused;
        out.text = applied.error().what;
        return out;
    }
    const Finding* worst = nullptr;
    for (Finding& each : checkTopology(near)) {
        if (each.severity == Severity::Info || isOtherHalf(each) || foundIn(before, each)) continue;
        out.findings.push_back(std::move(each));
    }
    const auto badness = [](const Finding& each) { return std::pair(!isHard(each), each.severity); };
    for (const Finding& each : out.findings) {
        if (worst == nullptr || badness(each) < badness(*worst)) worst = &each;
    }
    if (worst == nullptr) return out;
    out.verdict = isHard(*worst) ? LinkVerdict::Refused : LinkVerdict::Warned;
    out.text = worst->reason + " [" + worst->rule + "]\nfix: " + worst->fix;
    return out;
}

}  // namespace tributary::desktop
