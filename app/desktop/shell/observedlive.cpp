// Turning a look at the clusters into what the canvas shows, and a difference into the runbook that closes it.
#include <algorithm>
#include <limits>

#include "app/desktop/shell/livebridge.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr Millis kSparkMs = 60'000;
constexpr std::size_t kSparkPoints = 30;

std::vector<double> sparkline(const LinkTrack& track, Millis nowMs) {
    std::vector<double> out;
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
    for (const app::GatewayRow& each : row.gateways) {
        if (each.running) out.gateways[each.name] = *each.running;
    }
    return out;
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
    for (const app::ClusterRow& row : snapshot.status.clusters) {
        out.clusters[row.name] = observedCluster(row);
        for (const app::UpstreamRow& each : row.upstreams) out.links[{each.from, each.at}].upstreamListed = true;
    }
    for (const app::LinkRow& row : snapshot.status.links) {
        const app::ClusterRow* source = snapshot.status.cluster(clusterNameOf(row.from));
        ObservedLink& link = out.links[{row.from, row.to}];
        link.replicaListed = source != nullptr && source->answered;
        link.state = row.state;
        link.error = row.error;
        link.fault = row.fault;
        link.cut = row.cut;
        link.fellBack = row.fellBack;
        link.note = app::linkNote(row);
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
    // Where the destination does not answer, nothing can be said about its half.
    for (auto& [key, link] : out.links) {
        const app::ClusterRow* target = snapshot.status.cluster(clusterNameOf(key.second));
        if ((target == nullptr || !target->answered) && link.replicaListed) link.upstreamListed = true;
    }
    return out;
}

RunbookChoice runbookForDrawing(const Topology& drawing, const ObservedState& observed) {
    const auto runs = [&](const std::string& from, const std::string& to) {
        const auto found = observed.links.find({from, to});
        return found != observed.links.end() && found->second.replicaListed && found->second.upstreamListed;
    };
    const auto whole = [&](const std::string& from, const std::string& to) {
        return drawing.replica(from, to) != nullptr && drawing.upstream(to, from) != nullptr;
    };
    const auto isThere = [&](const std::string& path) {
        const auto cluster = observed.clusters.find(clusterNameOf(path));
        return cluster != observed.clusters.end() && cluster->second.datasets.contains(path);
    };
    RunbookChoice out;
    for (const Replica& each : drawing.replicas) {
        if (runs(each.from, each.to)) continue;
        if (!whole(each.from, each.to)) {
            out.reason = CanvasScene::tr("The link %1 is drawn broken; mend the drawing first (Problems has the fix).")
                             .arg(QString::fromStdString(each.from + " \u2192 " + each.to));
            continue;
        }
        const Dataset* source = drawing.dataset(each.from);
        if (!whole(each.to, each.from)) {
            // A chain or a ring is built from where its data are: this one comes when its source is there.
            if (source != nullptr && !source->exists && !isThere(each.from)) {
                out.reason = CanvasScene::tr("%1 is not there yet, and no drawn link makes it.")
                                 .arg(QString::fromStdString(each.from));
                continue;
            }
            out.runbook = u"replica-setup"_s;
            out.parameters = {{"source", each.from}, {"replica", each.to}};
            out.reason.clear();
            return out;
        }
        // The side that exists holds the data; the other is created by the runbook.
        const bool turned = source != nullptr && !source->exists;
        out.runbook = u"multi-master-setup"_s;
        out.parameters = {{"source", turned ? each.to : each.from}, {"replica", turned ? each.from : each.to}};
        out.reason.clear();
        return out;
    }
    if (out.reason.isEmpty()) out.reason = CanvasScene::tr("What is drawn already runs: there is nothing to make.");
    return out;
}

}  // namespace tributary::desktop
