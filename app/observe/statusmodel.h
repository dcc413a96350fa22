// What is known of a running workspace now: every cluster asked once, and what could not be asked said so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/daemon/session.h"
#include "app/observe/faultcalls.h"

namespace tributary::app {

struct GatewayRow {
    std::string name;
    std::string endpoint;         ///< empty when unknown
    std::optional<bool> running;  ///< absent: unknown
};

struct TableRow {
    std::string path;
    std::string kind;
    std::vector<std::string> families;
    std::uint64_t rows = 0;
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

/// One replica record with the link that serves it. Figures are absent when unknown.
struct LinkRow {
    std::string from;
    std::string to;
    std::string state;  ///< as the check link-state names it, or "?" when the source does not answer
    std::string error;
    std::optional<std::int64_t> lagMs;
    std::optional<std::int64_t> transportLagMs;  ///< age of the oldest entry that has not arrived
    std::optional<std::int64_t> applyLagMs;      ///< from arrival until readers see it
    std::optional<std::int64_t> bytesPending;
    std::optional<std::int64_t> operationsPending;
    std::optional<std::int64_t> copyPercent;
    bool paused = false;
    bool synchronous = false;
    std::string columns;
};

struct ClusterRow {
    std::string name;
    std::string system;
    /// down (no process), killed, frozen, up, read-only (disk full), failed, or ? (a process that does not answer)
    std::string state;
    std::string reason;     ///< of a state that is not up
    bool answered = false;  ///< tables, links, alarms and upstreams below are what it said; else they are unknown
    std::int64_t pid = 0;   ///< 0: unknown
    std::optional<Millis> uptimeMs;
    std::string durability;
    std::vector<GatewayRow> gateways;
    std::vector<TableRow> tables;
    std::vector<UpstreamRow> upstreams;
    std::vector<AlarmRow> alarms;
};

/// Where drawing and clusters do not agree.
struct Difference {
    std::string kind;    ///< "missing" (drawn, not there), "extra" (there, not drawn), "different", "unknown"
    std::string what;    ///< "dataset", "family", "replica", "upstream", "cluster"
    std::string where;   ///< path, "from -> to", "at <- from", cluster
    std::string detail;  ///< a sentence's end for people
};

struct WorkspaceStatus {
    std::string root;
    std::string user;
    std::vector<ClusterRow> clusters;
    std::vector<LinkRow> links;  ///< observed ones, and drawn ones whose source does not answer
    std::vector<FaultRow> faults;
    std::vector<Difference> differences;

    [[nodiscard]] const ClusterRow* cluster(const std::string& name) const;
};

/// Asks every cluster. Never fails: a cluster that does not answer is a row that says so. Blocks for a few seconds at
/// most per cluster that hangs.
[[nodiscard]] WorkspaceStatus collectStatus(Session& session);

/// Compares the drawing with what the clusters answered (statusdifferences.cpp).
[[nodiscard]] std::vector<Difference> differencesOf(const Topology& topology, const WorkspaceStatus& status);

}  // namespace tributary::app
