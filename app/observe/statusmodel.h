// What is known of a running workspace now: every cluster asked once, and what could not be asked said so.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/daemon/session.h"
#include "app/observe/faultcalls.h"
#include "app/systems/membersystem.h"
#include "core/telemetry/linkhealth.h"
#include "core/topology/differences.h"

namespace tributary::app {

struct GatewayRow {
    std::string name;
    std::string endpoint;         ///< empty when unknown
    std::optional<bool> running;  ///< absent: unknown
    std::string channel = {};     ///< "TLS 1.3"; empty: without TLS, or unknown
};

struct TableRow {
    std::string path;
    std::string kind;
    std::vector<std::string> families;
    std::uint64_t rows = 0;
    std::string unavailable = {};  ///< why its file cannot be opened: its rows are unknown; empty = it is there
    std::optional<ObservedDataset> described = {};  ///< attributes, families and records; absent: unknown
};

struct AlarmRow {
    std::string name;
    std::string entity;
    std::string description;
    Millis raisedMs = 0;
};

struct UpstreamRow {
    std::string at;
    std::string from;
};

/// One replica record with the link that serves it, or one member that follows another. Figures are absent when
/// unknown.
struct LinkRow {
    std::string from;
    std::string to;
    /// As the check link-state names it; "stalled": the copy that fills the replica lacks somebody who goes on with it;
    /// of members as the reader tells it: follow, stopped, ..., "not connected" (told to, and never reached);
    /// "?": who would tell does not answer.
    std::string state;
    std::string error;
    std::optional<std::int64_t> lagMs;           ///< of members as the reader tells it, where it means something
    std::optional<std::int64_t> idleMs;          ///< of members: since the last row or heartbeat
    std::optional<std::int64_t> transportLagMs;  ///< age of the oldest entry that has not arrived
    std::optional<std::int64_t> applyLagMs;      ///< from arrival until readers see it
    std::optional<std::int64_t> bytesPending;
    std::optional<std::int64_t> operationsPending;  ///< of members: rows behind, by the positions of both
    std::optional<std::int64_t> bytesPerS;          ///< became durable at the replica, over the last three seconds
    std::optional<std::int64_t> operationsPerS;
    std::optional<std::int64_t> drainMs;  ///< until nothing waits, if it goes on like that; absent: not in sight
    std::optional<std::int64_t> copyPercent;
    bool paused = false;
    bool synchronous = false;
    bool fellBack = false;           ///< synchronous by its record, asynchronous now
    std::optional<Millis> pausedMs;  ///< UTC, since when it is paused
    std::optional<Millis> oldestMs;  ///< UTC of the oldest change that the replica lacks
    /// UTC, since when changes waited for longer than delete markers live: the tables may differ for good.
    std::optional<Millis> divergedMs;
    std::string fault;  ///< "cut" ...: the first fault on the way from its source; empty: none is known
    bool cut = false;   ///< nothing passes on the way to it, or back
    std::string
        channel;  ///< of the session that it has: "TLS 1.3, TLS_AES_256_GCM_SHA384"; empty: without TLS, or none
    std::string columns;
    bool json = false;       ///< of JSON tables
    bool ofStreams = false;  ///< streams: `maprcli stream replica ...`
    bool ofMembers = false;  ///< one member follows another
    std::string sourceNote;  ///< of members: what the source says of this reader, when that is not "follow"

    /// Whether rows pass as they are meant to.
    [[nodiscard]] bool isFlowing() const { return state == "replicating" || state == "follow" || state == "active"; }
    [[nodiscard]] LinkHealth health() const {
        return linkHealth({state, !error.empty(), lagMs.has_value(), fellBack, cut});
    }
};
/// What people should know of a link that is not well but does not fail: "paused since 10:15:03 UTC; 12 operations
/// (3.4 kB) wait, the oldest from 10:15:09". Empty when there is nothing to say.
[[nodiscard]] std::string linkNote(const LinkRow& link);
/// The command that ends a pause: "maprcli stream replica resume -path ... -replica ...".
[[nodiscard]] std::string resumeCommand(const LinkRow& link);
/// That the tables may differ for good, and since when; empty = no.
[[nodiscard]] std::string divergedNote(const LinkRow& link);

struct ClusterRow {
    std::string name;
    std::string system;
    bool drawn = true;  ///< false: it runs, but the saved drawing has no such cluster
    /// down (no process), killed, stopped (by its process, which goes on: see the reason), frozen, up, read-only (disk
    /// full), failed, or ? (a process that does not answer); of members also partly up, loading, orphan
    std::string state;
    std::string reason;     ///< of a state that is not up; of one that is, what threatens it
    std::string fix;        ///< what to try about it; may be empty
    std::string moved;      ///< what is said when the folder was moved under its process; else empty
    bool answered = false;  ///< tables, links, alarms and upstreams below are what it said; else they are unknown
    std::int64_t pid = 0;   ///< 0: unknown
    std::optional<Millis> uptimeMs;
    std::string durability;
    std::optional<engine::ClusterNetwork> network;  ///< in force towards the other clusters; absent: unknown
    std::vector<GatewayRow> gateways;
    /// What `cluster gateway set` recorded there, and whom it knows; absent: unknown (an older program tells none).
    std::optional<std::map<std::string, std::vector<std::string>>> gatewayRecords;
    std::optional<std::vector<std::string>> users;
    std::optional<std::map<std::string, std::vector<std::string>>> groups;
    std::vector<TableRow> tables;
    std::vector<UpstreamRow> upstreams;
    std::vector<AlarmRow> alarms;
    bool ofMembers = false;           ///< each member is a process of its own
    std::vector<MemberLook> members;  ///< of such a cluster
    std::string role = {};            ///< in the replication between clusters; empty: unknown, or there are none
};

/// The network from one cluster to another: drawn, or in force without being drawn.
struct NetworkRow {
    std::string from;
    std::string to;
    engine::EgressRule drawn;
    std::optional<engine::EgressRule> inForce;  ///< absent: unknown
    /// "as-drawn", "left-out" (up --no-wan), "differs", "unknown"; kNetworkNotCarried
    std::string state;
};
/// Of a drawn network that nothing puts in force: members that are processes of their own send through none of ours.
inline constexpr const char* kNetworkNotCarried = "not-carried";

struct WorkspaceStatus {
    std::string root;
    std::string user;
    Millis atMs = 0;  ///< UTC, when the look ended; 0: never
    std::vector<ClusterRow> clusters;
    std::vector<LinkRow> links;  ///< observed ones, and drawn ones whose source does not answer
    std::vector<FaultRow> faults;
    std::vector<NetworkRow> networks;  ///< of clusters that have a process
    std::vector<Difference> differences;

    [[nodiscard]] const ClusterRow* cluster(const std::string& name) const;
};

/// The command that copies a stalled link's rows again, to the end.
[[nodiscard]] std::string copyAgainCommand(const LinkRow& link);

/// Asks every cluster. Never fails: a cluster that does not answer is a row that says so. Blocks for a few seconds at
/// most per cluster that hangs.
[[nodiscard]] WorkspaceStatus collectStatus(Session& session);

/// The drawn network beside the one in force (statusnetwork.cpp).
[[nodiscard]] std::vector<NetworkRow> networksOf(const Topology& topology, const WorkspaceStatus& status);

/// What the clusters answered, as plain values for core (statusobservation.cpp); with `status.networks`.
[[nodiscard]] Observation observationOf(const WorkspaceStatus& status);

/// Compares the drawing with what the clusters answered: core's one list of differences.
[[nodiscard]] std::vector<Difference> differencesOf(const Topology& topology, const WorkspaceStatus& status);

}  // namespace tributary::app
