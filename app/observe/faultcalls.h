// Faults as the host's door tells and takes them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/daemon/session.h"

namespace tributary::app {

/// One fault that is in force.
struct FaultRow {
    std::string what;  ///< "cut", "delay", "bandwidth", "kill", "freeze", "disk full", "disk slow", "gateway stopped"
    std::string cluster;     ///< where it sits
    std::string to;          ///< peer cluster of a network fault, name of a gateway; else empty
    std::int64_t value = 0;  ///< milliseconds or bytes per second, else 0
    std::string text;        ///< for people

    [[nodiscard]] nlohmann::ordered_json json() const;
};

/// Faults that the door of a cluster reports (stopped gateways are not among them), and the network under them.
struct DoorFaults {
    std::vector<FaultRow> faults;
    std::optional<engine::ClusterNetwork> network;  ///< absent: an older program, which tells none
};
Result<DoorFaults> askFaults(engine::ControlClient& door, const std::string& cluster);
/// The faults alone.
Result<std::vector<FaultRow>> faultsAtDoor(engine::ControlClient& door, const std::string& cluster);
[[nodiscard]] FaultRow stoppedGateway(const std::string& cluster, const std::string& gateway);

/// What is in force in a workspace, and which clusters could not be asked.
struct FaultList {
    std::vector<FaultRow> faults;
    std::vector<std::string> down;     ///< no process runs them: nothing is in force there
    std::vector<std::string> unknown;  ///< "newyork: no answer in time"
    /// Clusters whose members are processes of their own: no faults are made there, and whether they run is not told.
    std::vector<std::string> ofMembers;
};
/// Asks every cluster's door, and running clusters for their gateways.
[[nodiscard]] FaultList listFaults(Session& session);

/// Clears every fault of every cluster that has a process: heals networks and disks, thaws, restarts killed clusters,
/// starts stopped gateways. Returns what went wrong, one line each; the proof is a listFaults() afterwards.
[[nodiscard]] std::vector<std::string> clearFaults(Session& session);

/// Sends one fault request to a cluster's door. Errors: NotFound, Unavailable, what the host answered.
Status sendFault(Session& session, const std::string& cluster, const engine::Json& request);

/// The cluster that owns a gateway, by the drawing. NotFound with the nearest name.
Result<std::string> clusterOfGateway(const Topology& topology, const std::string& gateway);

}  // namespace tributary::app
