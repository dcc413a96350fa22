// Values of parameters against the drawing.
#include "app/adapters/drawnvalues.h"
#include "app/systems/dialects.h"

#include <fmt/format.h>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/systems/naming.h"
#include "runbooks/model/checks.h"

namespace tributary::app {
namespace {

using runbooks::ParameterType;

/// The cluster that a value names; empty when it names none.
std::string namedCluster(const runbooks::Runbook& runbook, ParameterType type, const std::string& value) {
    if (type == ParameterType::Cluster) return value;
    const bool isPath = type == ParameterType::Dataset || type == ParameterType::Path;
    return isPath && runbook.system == "maprdb" ? clusterOf(value) : std::string();
}

Error notDrawn(const std::string& cluster, const std::string& value, std::string where, const Topology& topology) {
    std::vector<std::string> drawn;
    for (const Cluster& each : topology.clusters) drawn.push_back(each.name);
    const std::string near = nearest(cluster, drawn);
    const bool inPath = cluster != value;
    return {ErrorCode::InvalidInput,
            inPath ? fmt::format("`{}` lies in cluster {}, which is not drawn", shownLine(value), shownLine(cluster))
                   : fmt::format("cluster `{}` is not drawn", shownLine(cluster)),
            std::move(where),
            drawn.empty()  ? "draw the cluster in topology.yaml; no cluster is drawn"
            : near.empty() ? fmt::format("drawn: {}", join(drawn, ", "))
                           : fmt::format("did you mean {}? drawn: {}", near, join(drawn, ", "))};
}

Status checkDrawn(const runbooks::Check& check, const std::string& where, const Topology& topology) {
    const runbooks::CheckSpec* spec = dialects().findCheck(check.name);
    for (std::size_t i = 0; spec != nullptr && i < check.arguments.size() && i < spec->arguments.size(); ++i) {
        const std::string& value = check.arguments[i];
        if (value.find("{{") != std::string::npos) continue;
        const bool named = spec->arguments[i].ends_with("CLUSTER");
        const std::string cluster = named ? value : value.starts_with("/mapr/") ? clusterOf(value) : std::string();
        if (cluster.empty() || topology.cluster(cluster) != nullptr) continue;
        return notDrawn(cluster, value, fmt::format("{}, `{}`", where, check.text()), topology);
    }
    return okStatus();
}

std::vector<runbooks::Check> checksOf(const runbooks::Step& step) {
    std::vector<runbooks::Check> out = step.doneWhen;
    out.insert(out.end(), step.requirements.begin(), step.requirements.end());
    for (const runbooks::Condition& condition : step.when) {
        if (!condition.isStatic()) out.push_back(condition.check);
    }
    for (const runbooks::VerifyClause& clause : step.verify) out.push_back(clause.check);
    for (const runbooks::CommandLine& line : step.commands) {
        if (line.doneWhen) out.push_back(*line.doneWhen);
    }
    return out;
}

}  // namespace

Status checkDrawnChecks(const runbooks::Runbook& runbook, const Topology& topology) {
    if (runbook.system != "maprdb") return okStatus();
    for (const auto* checks : {&runbook.requirements, &runbook.invariants}) {
        for (const runbooks::Check& check : *checks) {
            if (Status drawn = checkDrawn(check, "runbook " + runbook.id, topology); !drawn) return drawn;
        }
    }
    for (const runbooks::Step& step : runbook.steps) {
        for (const runbooks::Check& check : checksOf(step)) {
            if (Status drawn = checkDrawn(check, "step " + step.id, topology); !drawn) return drawn;
        }
    }
    return okStatus();
}

Status checkDrawnValues(const runbooks::Runbook& runbook, const runbooks::ParameterValues& values,
                        const Topology& topology) {
    for (const runbooks::Parameter& parameter : runbook.parameters) {
        const auto at = values.find(parameter.name);
        if (at == values.end()) continue;
        const std::string cluster = namedCluster(runbook, parameter.type, at->second);
        if (cluster.empty() || topology.cluster(cluster) != nullptr) continue;
        return notDrawn(cluster, at->second, "parameter " + parameter.name, topology);
    }
    return okStatus();
}

}  // namespace tributary::app
