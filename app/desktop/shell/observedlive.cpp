// Turning a look at the clusters into what the canvas shows.
#include <algorithm>
#include <limits>

#include "app/desktop/shell/livebridge.h"
#include "core/topology/measures.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr Millis kSparkMs = 60'000;
constexpr std::size_t kSparkPoints = 30;

Sparkline sparkline(const LinkTrack& track, Millis nowMs) {
    Sparkline out;
    for (const LagColumn& each : track.series.query(LagFigure::Lag, nowMs - kSparkMs, nowMs, kSparkPoints)) {
        out.push_back(each.max ? static_cast<double>(*each.max) : std::numeric_limits<double>::quiet_NaN());
    }
    return out;
}

ObservedCluster observedCluster(const app::ClusterRow& row) {
    ObservedCluster out;
    out.reachable = row.answered;
    out.state = row.state;
    for (const app::AlarmRow& each : row.alarms) out.alarms.push_back(each.name);
    for (const app::TableRow& each : row.tables) out.datasets.insert(each.path);
    for (const app::MemberLook& each : row.members) out.members[each.name] = {each.state, each.reason, each.readOnly};
    for (const app::GatewayRow& each : row.gateways) {
        if (each.running) out.gateways[each.name] = *each.running;
    }
    return out;
}

/// "cut", "+200ms", "max 1MB/s".
std::string faultWord(const app::FaultRow& row) {
    if (row.what == "delay") return '+' + formatDuration(row.value * 1000);
    if (row.what == "bandwidth") return "max " + formatBandwidth(static_cast<std::uint64_t>(row.value));
    return row.what;
}

std::string clusterNameOf(const std::string& path) {
    return clusterOfItem(datasetRef(path));
}

}  // namespace

ObservedState observedOf(const LiveSnapshot& snapshot, const LagHistory& lag, const std::set<std::string>& highlights) {
    ObservedState out;
    out.known = snapshot.anyUp();
    out.highlights = highlights;
    if (!out.known) return out;
    if (snapshot.observation) out.ghosts = ghostsOf(snapshot.status.differences, *snapshot.observation);
    for (const app::ClusterRow& row : snapshot.status.clusters) {
        out.clusters[row.name] = observedCluster(row);
        for (const app::UpstreamRow& each : row.upstreams) out.links[{each.from, each.at}].upstreamListed = true;
    }
    for (const app::LinkRow& row : snapshot.status.links) {
        const app::ClusterRow* source = snapshot.status.cluster(clusterNameOf(row.from));
        ObservedLink& link = out.links[{row.from, row.to}];
        link.replicaListed = source != nullptr && source->answered;
        link.state = row.state;
        if (row.ofMembers) {
            link.ofMembers = link.replicaListed = link.upstreamListed = true;
            if (row.idleMs) link.idleMs = static_cast<double>(*row.idleMs);
            if (row.operationsPending) link.rowsBehind = static_cast<double>(*row.operationsPending);
        }
        link.error = row.error;
        link.fault = row.fault;
        link.cut = row.cut;
        link.fellBack = row.fellBack;
        link.note = app::linkNote(row);
        link.bytesPerS = static_cast<double>(row.bytesPerS.value_or(0));
        link.operationsPerS = static_cast<double>(row.operationsPerS.value_or(0));
        if (row.drainMs) link.drainMs = static_cast<double>(*row.drainMs);
        if (row.lagMs) link.lagMs = static_cast<double>(*row.lagMs);
        if (const LinkTrack* track = lag.link(row.from + " -> " + row.to)) {
            link.sparkline = sparkline(*track, snapshot.atMs);
            link.stale = track->seenMs != snapshot.atMs;
        }
    }
    for (const app::NetworkRow& row : snapshot.status.networks) {
        std::string& state = out.networks[std::minmax(row.from, row.to)];
        if (state.empty() || state == "as-drawn") state = row.state;  // the direction that is not as drawn counts
    }
    for (const app::FaultRow& row : snapshot.status.faults) {
        if (row.what != "cut" && row.what != "delay" && row.what != "bandwidth") continue;
        ObservedFaults& faults = out.faults[std::minmax(row.cluster, row.to)];
        faults.cut = faults.cut || row.what == "cut";
        if (faults.phrases.empty()) faults.word = faultWord(row);
        faults.phrases.push_back(faultWord(row) + ' ' + row.cluster + " \u2192 " + row.to);
    }
    // Where the destination does not answer, nothing can be said about its half.
    for (auto& [key, link] : out.links) {
        const app::ClusterRow* target = snapshot.status.cluster(clusterNameOf(key.second));
        const bool isUntold = target == nullptr || !target->answered;
        if (isUntold && link.replicaListed) link.upstreamListed = true;
    }
    return out;
}

}  // namespace tributary::desktop
