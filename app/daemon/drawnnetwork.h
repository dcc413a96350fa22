// The network as the drawing has it, for the clusters that are started, and told to those that run.
#pragma once

#include <string>

#include "core/topology/topology.h"
#include "engine/host/enginehost.h"
#include "engine/node/controlclient.h"

namespace tributary::app {

/// Which network lies between the clusters when they are started.
enum class WanUse { AsDrawn, LeftOut };

/// What the drawing puts on the way from `cluster` to the others: latency (whole milliseconds: parseLatency()) and
/// bandwidth of the first wan line of each pair, which holds for either direction.
[[nodiscard]] engine::ClusterNetwork drawnNetwork(const Topology& topology, const std::string& cluster, WanUse use);

/// Puts a network in force at the door of a running cluster's host, in place of the one before.
Status sendNetwork(engine::ControlClient& door, const engine::ClusterNetwork& network);

/// The network in force at a host's door. Errors: those of the call, Corrupt (an older program tells none).
Result<engine::ClusterNetwork> networkAtDoor(engine::ControlClient& door);
/// The network in force, as a door tells it (Faults, list). Corrupt when it tells none (an older program).
Result<engine::ClusterNetwork> networkFromJson(const engine::Json& answer);

/// "35ms, 200Mbit/s", "200Mbit/s", "none".
[[nodiscard]] std::string networkText(const engine::EgressRule& rule);

}  // namespace tributary::app
