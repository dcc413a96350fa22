// What rules derive from the drawing.
#include "core/rules/rule.h"

#include "core/topology/datasetpath.h"

namespace tributary {

namespace {

/// Follows the edges from every dataset; the drawing is small (at most 64 edges per dataset).
std::set<std::string> reachedFrom(const std::string& start, const std::map<std::string, std::set<std::string>>& next) {
    std::set<std::string> seen;
    std::vector<std::string> open{start};
    while (!open.empty()) {
        const std::string at = std::move(open.back());
        open.pop_back();
        const auto found = next.find(at);
        if (found == next.end()) continue;
        for (const std::string& to : found->second) {
            if (seen.insert(to).second) open.push_back(to);
        }
    }
    return seen;
}

/// The path itself, or what it was certainly meant to be.
std::string repaired(std::string_view path) {
    const Result<DatasetPath> parsed = parseDatasetPath(path);
    if (!parsed && parseDatasetPath(parsed.error().fix)) return parsed.error().fix;
    return std::string(path);
}

}  // namespace

std::string_view severityName(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Warning: return "warning";
        case Severity::Info: return "info";
    }
    return "error";
}

RuleContext::RuleContext(const Topology& drawing, const CheckOptions& chosen) : topology(drawing), options(chosen) {
    std::map<std::string, std::set<std::string>> next;
    for (const Upstream& upstream : topology.upstreams) {
        upstreams_.emplace(repaired(upstream.at), repaired(upstream.from));
    }
    for (const Replica& replica : topology.replicas) {
        replicas_.emplace(repaired(replica.from), repaired(replica.to));
        const Dataset* source = topology.dataset(replica.from);
        const Dataset* target = topology.dataset(replica.to);
        const bool usable = source != nullptr && target != nullptr && source != target;
        if (!usable || !isMaprDb(replica.from) || !isMaprDb(replica.to)) continue;
        edges_.push_back({&replica, source, target});
        next[replica.from].insert(replica.to);
    }
    for (const Dataset& dataset : topology.datasets) reach_[dataset.path] = reachedFrom(dataset.path, next);
}

bool RuleContext::isMaprDb(std::string_view path) const {
    const Cluster* cluster = topology.clusterOfPath(path);
    return cluster == nullptr || cluster->system == "maprdb";
}

bool RuleContext::hasReplica(std::string_view from, std::string_view to) const {
    return replicas_.contains({repaired(from), repaired(to)});
}

bool RuleContext::hasUpstream(std::string_view at, std::string_view from) const {
    return upstreams_.contains({repaired(at), repaired(from)});
}

bool RuleContext::reaches(std::string_view from, std::string_view to) const {
    const auto found = reach_.find(from);
    return found != reach_.end() && found->second.contains(std::string(to));
}

bool RuleContext::inOneLoop(std::string_view left, std::string_view right) const {
    return reaches(left, right) && reaches(right, left);
}

bool RuleContext::isMaster(std::string_view path) const {
    return reaches(path, path);
}

bool RuleContext::mayExist(std::string_view path) const {
    const Dataset* dataset = topology.dataset(path);
    if (dataset != nullptr && dataset->exists) return true;
    for (const Dataset& other : topology.datasets) {
        if (other.exists && reaches(other.path, path)) return true;
    }
    return false;
}

void FindingSink::add(Found found) {
    add(rule_.severity, std::move(found));
}

void FindingSink::add(Severity severity, Found found) {
    out_.push_back({rule_.id, severity, std::move(found.where), found.pos, std::move(found.reason),
                    std::move(found.fix), std::move(found.edit)});
}

std::string edgeText(const Replica& replica) {
    return replica.from + " -> " + replica.to;
}
std::string edgeText(const Upstream& upstream) {
    return upstream.at + " <- " + upstream.from;
}

}  // namespace tributary
