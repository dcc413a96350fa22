// What a node is told when it starts; nothing in it changes afterwards.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "engine/log/commitlog.h"
#include "engine/seams/transport.h"

namespace tributary::engine {

struct Alarm;
class OpenFiles;

/// A door of this cluster for links.
struct GatewayConfig {
    std::string name;
    Endpoint listen;  ///< port 0 = chosen by the system, then kept
};

struct NodeConfig {
    std::string cluster;
    std::string volumeDir;  ///< everything the node owns on disk
    /// Outside the volume: which life of it was the last (volumeidentity.h). Empty = "VOLUMEDIR.identity.json".
    std::string identityFile;
    std::shared_ptr<OpenFiles> openFiles;  ///< of the process: which state files are open; null = all of them
    Durability durability = Durability::Fsync;
    std::vector<GatewayConfig> gateways;
    std::vector<Endpoint> control;  ///< control endpoints: a local socket, and TCP loopback
    Bytes key;                      ///< this cluster's: who comes in proves to know it; empty = nobody comes in
    /// Keys of the clusters that links go to. Called when a link dials; empty = no links from here.
    std::function<Result<Bytes>(const std::string& cluster)> keyOf;
    std::map<std::string, std::vector<std::string>> groups;  ///< group -> users, for ACEs
    std::vector<std::string> users;                          ///< drawn users (knownUsers()); empty = any name
    std::vector<std::string> administrators;  ///< who may change gateways, alarms, volumes, faults; empty = everybody
    /// Where other clusters' gateways listen now. Called when a link dials; gateway name or "host:port" -> endpoint.
    /// The first argument is the destination cluster; an empty gateway list means "those as drawn".
    std::function<std::vector<Endpoint>(const std::string& cluster, const std::vector<std::string>& gateways)> resolve;
    /// Where another cluster's control endpoint listens now, for relays (controlapi.h); empty = no relays from here.
    std::function<std::vector<Endpoint>(const std::string& cluster)> resolveControl;
    std::uint64_t logSegmentBytes = 64ULL << 20U;
    std::size_t inFlightBytesMax = 8U << 20U;  ///< per link, sent and not acknowledged as durable
    Millis snapshotEveryMs = 30'000;
    Millis heartbeatMs = 1'000;
    Millis peerTimeoutMs = 4'000;
    Millis backOffMsMin = 100;
    Millis backOffMsMax = 5'000;
    Millis syncLatencyMsMax = 2'000;                ///< a synchronous link slower than this falls back to asynchronous
    std::uint64_t flushRows = 250'000;              ///< a memtable this large is materialised
    Millis flushEveryMs = 2'000;                    ///< and so is one this old
    std::uint64_t checkpointWalBytes = 16U << 20U;  ///< a table's WAL this long is checkpointed
    std::uint64_t throttleBytesPerS = 2U << 20U;    ///< rate of a link with throttle=true
    std::function<void()> onShutdownRequested;      ///< control Shutdown; may be empty
    /// An alarm of this cluster was raised or cleared. On the node's executor; must not block. Empty = nobody listens.
    std::function<void(const Alarm& alarm, bool raised)> onAlarm;
    /// A sentence for the log of the process: what the node could not do. On the node's executor; must not block. Empty
    /// = nobody listens.
    std::function<void(const std::string& text)> onTrouble;
    /// Carries out a fault request (controlapi.h, Faults) and answers the list of active faults; empty = no faults
    /// here.
    std::function<Result<nlohmann::ordered_json>(const nlohmann::ordered_json& request)> faults;
    std::int64_t pid = 0;  ///< of the process, for status
};

}  // namespace tributary::engine
