// Values of parameters against the drawing.
#include "app/adapters/drawnvalues.h"

#include <fmt/format.h>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/systems/naming.h"

namespace tributary::app {
namespace {

using runbooks::ParameterType;

/// The cluster that a value names; empty when it names none.
std::string namedCluster(const runbooks::Runbook& runbook, ParameterType type, const std::string& value) {
    if (type == ParameterType::Cluster) return value;
    const bool isPath = type == ParameterType::Dataset || type == ParameterType::Path;
    return isPath && runbook.system == "maprdb" ? clusterOf(value) : std::string();
}

}  // namespace

Status checkDrawnValues(const runbooks::Runbook& runbook, const runbooks::ParameterValues& values,
                        const Topology& topology) {
    for (const runbooks::Parameter& parameter : runbook.parameters) {
        const auto at = values.find(parameter.name);
        if (at == values.end()) continue;
        const std::string cluster = namedCluster(runbook, parameter.type, at->second);
        if (cluster.empty() || topology.cluster(cluster) != nullptr) continue;
        std::vector<std::string> drawn;
        for (const Cluster& each : topology.clusters) drawn.push_back(each.name);
        const std::string near = nearest(cluster, drawn);
        const bool inPath = cluster != at->second;
        return Error{ErrorCode::InvalidInput,
                     inPath ? fmt::format("`{}` lies in cluster {}, which is not drawn", shownLine(at->second),
                                          shownLine(cluster))
                            : fmt::format("cluster `{}` is not drawn", shownLine(cluster)),
                     "parameter " + parameter.name,
                     drawn.empty()  ? "draw the cluster in topology.yaml; no cluster is drawn"
                     : near.empty() ? fmt::format("drawn: {}", join(drawn, ", "))
                                    : fmt::format("did you mean {}? drawn: {}", near, join(drawn, ", "))};
    }
    return okStatus();
}

}  // namespace tributary::app
