// What a rule is given, and what becomes of what it finds.
#include "core/rules/rule.h"

#include <algorithm>

#include "core/systems/naming.h"

namespace tributary {

std::string_view severityName(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Warning: return "warning";
        case Severity::Info: return "info";
    }
    return "error";
}

std::size_t countOf(const std::vector<Finding>& findings, Severity severity) {
    return static_cast<std::size_t>(std::count_if(
        findings.begin(), findings.end(), [&](const Finding& finding) { return finding.severity == severity; }));
}

RuleContext::RuleContext(const Topology& drawing, const CheckOptions& chosen)
    : topology(drawing), options(chosen), index(drawing) {}

const Cluster* RuleContext::clusterOf(std::string_view end) const {
    return index.cluster(endpointOf(end).cluster);
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
