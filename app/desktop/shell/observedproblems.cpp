// What is wrong with what runs, as findings beside the drawing's own.
#include "app/desktop/shell/livebridge.h"

namespace tributary::desktop {

namespace {

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

void addLink(const app::LinkRow& row, const std::vector<app::FaultRow>& faults, std::vector<Finding>& out) {
    const std::string where = row.from + " -> " + row.to;
    // Where the source does not answer nothing is known of the link; the silent cluster is the problem then.
    if (!row.error.empty() && row.state != "?") {
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
    for (const app::LinkRow& row : snapshot.status.links) addLink(row, snapshot.status.faults, out);
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
