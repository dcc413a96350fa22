// What is wrong with what runs, as findings beside the drawing's own.
#include <algorithm>

#include "app/desktop/shell/livebridge.h"

namespace tributary::desktop {

namespace {

// "a -> b" as the place of a wan line.
std::string wanPlace(const std::string& way) {
    const std::size_t arrow = way.find(" -> ");
    if (arrow == std::string::npos) return way;
    const std::string a = way.substr(0, arrow);
    const std::string b = way.substr(arrow + 4);
    return "wan " + std::min(a, b) + " - " + std::max(a, b);
}

Finding observedFinding(std::string rule, Severity severity, std::string where, std::string reason, std::string fix) {
    Finding out;
    out.rule = std::move(rule);
    out.severity = severity;
    out.where = std::move(where);
    out.reason = std::move(reason);
    out.fix = std::move(fix);
    return out;
}

void addCluster(const app::ClusterRow& row, std::vector<Finding>& out) {
    const std::string where = "cluster " + row.name;
    if (!row.answered && row.state != "down") {
        const std::string state = row.state == "?" ? "does not answer" : "is " + row.state;
        out.push_back(
            observedFinding("observed.cluster-silent", Severity::Error, where,
                            "The cluster " + row.name + ' ' + state + (row.reason.empty() ? "." : ": " + row.reason),
                            row.state == "frozen"   ? "thaw it (Run > Faults), or clear all faults"
                            : row.state == "killed" ? "start it (Run > Faults), or clear all faults"
                                                    : "see whether its process runs: tributary status"));
    }
    for (const app::AlarmRow& alarm : row.alarms) {
        const std::string about = alarm.description.empty() ? alarm.entity : alarm.description;
        out.push_back(observedFinding("observed.alarm", Severity::Warning, where,
                                      "Alarm " + alarm.name + " at " + row.name + ": " + about,
                                      "it clears itself when its cause is gone; the Alarms panel tells since when"));
    }
}

// A link that does less than it is meant to; drawn so, that is worth a note only.
void addHeldLink(const app::LinkRow& row, bool asDrawn, std::vector<Finding>& out) {
    const std::string note = app::linkNote(row);
    if (row.health() != LinkHealth::Held || !row.error.empty() || note.empty()) return;
    const std::string fix = row.state == "paused"    ? "resume it: " + app::resumeCommand(row)
                            : row.state == "copying" ? "wait for the copy; tributary watch shows it"
                                                     : "it is synchronous again when the replica answers in time";
    out.push_back(observedFinding("observed.link-held", asDrawn ? Severity::Info : Severity::Warning,
                                  row.from + " -> " + row.to, "The link is held: " + note, fix));
}

void addDifference(const Difference& difference, std::vector<Finding>& out) {
    const std::string place = difference.where();
    if (std::holds_alternative<WanId>(difference.element) && difference.kind == DifferenceKind::Different) {
        out.push_back(observedFinding("observed.wan-differs", Severity::Warning, wanPlace(place),
                                      "The network " + place + ": " + difference.detail,
                                      "start the engine again, or tributary up"));
    }
    if (difference.kind != DifferenceKind::Extra || !difference.runs) return;
    const bool cluster = std::holds_alternative<ClusterId>(difference.element);
    out.push_back(observedFinding("observed.not-drawn", Severity::Warning, cluster ? "cluster " + place : place,
                                  place + ' ' + difference.detail,
                                  "adopt it into the drawing, or plan to remove it: both in the Draw menu"));
}

void addNetwork(const app::NetworkRow& row, std::vector<Finding>& out) {
    if (row.state != "left-out" || row.to < row.from) return;  // one line a pair
    out.push_back(observedFinding(
        "observed.wan-left-out", Severity::Info, "wan " + row.from + " - " + row.to,
        "The drawn network between " + row.from + " and " + row.to + " is left out of what runs (up --no-wan)",
        "tributary up puts it in force"));
}

void addLink(const app::LinkRow& row, const std::vector<app::FaultRow>& faults, std::vector<Finding>& out) {
    const std::string where = row.from + " -> " + row.to;
    // Where the source does not answer nothing is known of the link; the silent cluster is the problem then.
    if (row.state == "stalled") {
        out.push_back(observedFinding("observed.copy-stalled", Severity::Error, where, "The " + row.error,
                                      "run the copy again, or remove the replica: " + app::copyAgainCommand(row)));
    } else if (!row.error.empty() && row.state != "?") {
        out.push_back(observedFinding("observed.link-fails", Severity::Error, where, "The link fails: " + row.error,
                                      faults.empty()
                                          ? "look at the replica's cluster and its gateways; the link goes on by "
                                            "itself when they answer"
                                          : "heal the faults in force (Run > Clear all faults); the link then "
                                            "goes on by itself"));
    }
}

}  // namespace

std::vector<Finding> problemsOf(const LiveSnapshot& snapshot) {
    std::vector<Finding> out;
    if (!snapshot.anyUp()) return out;
    for (const app::LinkRow& row : snapshot.status.links) {
        addLink(row, snapshot.status.faults, out);
        const bool differs = std::any_of(
            snapshot.status.differences.begin(), snapshot.status.differences.end(), [&](const Difference& each) {
                return each.kind == DifferenceKind::Different && each.element == ElementId(ReplicaId{row.from, row.to});
            });
        addHeldLink(row, row.state == "paused" && !differs, out);
    }
    for (const Difference& each : snapshot.status.differences) addDifference(each, out);
    for (const app::NetworkRow& each : snapshot.status.networks) addNetwork(each, out);
    for (const app::ClusterRow& row : snapshot.status.clusters) addCluster(row, out);
    for (const app::FaultRow& row : snapshot.status.faults) {
        const bool onNetwork = row.what == "cut" || row.what == "delay" || row.what == "bandwidth";
        out.push_back(observedFinding(
            "observed.fault", Severity::Info,
            onNetwork && !row.to.empty() ? "wan " + row.cluster + " - " + row.to : "cluster " + row.cluster,
            "A fault is in force: " + QString::fromStdString(row.text).simplified().toStdString(),
            "Run > Clear all faults, and prove it"));
    }
    return out;
}

}  // namespace tributary::desktop
