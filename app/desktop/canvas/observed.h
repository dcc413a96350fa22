// What was observed of the running system, as the canvas shows it beside the drawing: plain values, no engine type.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/desktop/document/ghosts.h"
#include "core/telemetry/linkhealth.h"

namespace tributary::desktop {

/// Values of a small curve. Gaps are equal to gaps: what has not changed is not painted again.
struct Sparkline : std::vector<double> {
    using std::vector<double>::vector;
    friend bool operator==(const Sparkline& a, const Sparkline& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
    }
};

/// One direction of replication as the system reports it.
struct ObservedLink {
    bool replicaListed = false;        ///< the source has the replica record
    bool upstreamListed = false;       ///< the replica has the upstream record
    std::string state;                 ///< "replicating", "paused", "copying", ... as the check link-state names it
    std::optional<double> lagMs;       ///< nullopt: unknown, which is never drawn as 0
    double bytesPerS = 0;              ///< arrives there for good; 0 also when unknown: it is only drawn when known
    double operationsPerS = 0;         ///< the same in row operations
    std::optional<double> drainMs;     ///< until nothing waits, if it goes on like now; nullopt: not in sight
    bool stale = false;                ///< the figures are old; they are drawn faded
    std::string error;                 ///< why nothing flows; empty when nothing is known to be wrong
    std::string fault;                 ///< an injected fault on the way, e.g. "cut"; empty without one
    bool cut = false;                  ///< nothing passes in one direction or the other
    bool fellBack = false;             ///< synchronous by its record, asynchronous now
    bool ofMembers = false;            ///< one member follows another; state and lag are as the reader tells them
    std::optional<double> idleMs;      ///< of members: since the last row or heartbeat
    std::optional<double> rowsBehind;  ///< of members
    std::string note;                  ///< what people should know of it: since when it is paused, what waits
    Sparkline sparkline;               ///< lag in ms, oldest first; NaN is a gap
    [[nodiscard]] LinkHealth health() const {
        return linkHealth({state, !error.empty(), lagMs.has_value(), fellBack, cut});
    }
    friend bool operator==(const ObservedLink&, const ObservedLink&) = default;
};

/// A member whose process is its own.
struct ObservedMemberState {
    std::string state;  ///< running, down, killed, loading, ...; "?": it does not answer
    std::string reason;
    std::optional<bool> readOnly;
    friend bool operator==(const ObservedMemberState&, const ObservedMemberState&) = default;
};

struct ObservedCluster {
    std::map<std::string, ObservedMemberState> members;  ///< by name
    bool reachable = true;
    std::string state;                     ///< "running", "stopped", "frozen", ...
    std::vector<std::string> alarms;       ///< names of raised alarms
    std::set<std::string> datasets;        ///< paths that exist there
    std::map<std::string, bool> gateways;  ///< gateway name -> whether it is up
    friend bool operator==(const ObservedCluster&, const ObservedCluster&) = default;
};

/// Faults on the way between two clusters.
struct ObservedFaults {
    bool cut = false;                  ///< nothing passes, in one direction at least
    std::string word;                  ///< the first of them, short: "cut", "+200ms"
    std::vector<std::string> phrases;  ///< one per fault and direction
    friend bool operator==(const ObservedFaults&, const ObservedFaults&) = default;
};

struct ObservedState {
    using LinkKey = std::pair<std::string, std::string>;  ///< (from, to): dataset paths

    bool known = false;                               ///< false: nothing runs, only the drawing is shown
    std::map<LinkKey, ObservedLink> links;            ///< also links that are not drawn
    std::map<std::string, ObservedCluster> clusters;  ///< by name
    /// Of a wan line's two clusters (by name, ascending): "as-drawn", "left-out", "differs", "unknown", "not-carried".
    std::map<std::pair<std::string, std::string>, std::string> networks;
    /// Injected faults on the network of two clusters, a phrase each ("cut newyork to sanfrancisco").
    std::map<std::pair<std::string, std::string>, ObservedFaults> faults;
    std::vector<Ghost> ghosts;         ///< what runs and is not drawn, from the list of differences
    std::set<std::string> highlights;  ///< what a running step touches: paths, cluster names, "from -> to"
    friend bool operator==(const ObservedState&, const ObservedState&) = default;
};

}  // namespace tributary::desktop
