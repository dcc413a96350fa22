// What a node is told when it starts; nothing in it changes afterwards.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/log/commitlog.h"
#include "engine/replication/linkconfig.h"

namespace tributary::engine {

struct Alarm;
struct TlsSource;
class OpenFiles;
struct NodeKinds;

struct NodeConfig : LinkConfig {
    /// The kinds of data that it holds (controlkind.h); must be given.
    std::shared_ptr<const NodeKinds> kinds;
    std::string volumeDir;  ///< everything the node owns on disk
    /// Outside the volume: which life of it was the last (volumeidentity.h). Empty = "VOLUMEDIR.identity.json".
    std::string identityFile;
    std::shared_ptr<OpenFiles> openFiles;  ///< of the process: which state files are open; null = all of them
    Durability durability = Durability::Fsync;
    Millis deferMs = 200;  ///< with Durability::Deferred: how long entries wait for the disk
    /// Certificates for endpoints with `tls`; null = the cluster has none. Whoever makes the transport takes it.
    std::shared_ptr<const TlsSource> tls;
    std::vector<Endpoint> control;                           ///< control endpoints: a local socket, and TCP loopback
    std::map<std::string, std::vector<std::string>> groups;  ///< group -> users, for ACEs
    std::vector<std::string> users;                          ///< drawn users (knownUsers()); empty = any name
    std::vector<std::string> administrators;  ///< who may change gateways, alarms, volumes, faults; empty = everybody
    /// Where another cluster's control endpoint listens now, for relays (controlapi.h); empty = no relays from here.
    std::function<std::vector<Endpoint>(const std::string& cluster)> resolveControl;
    std::uint64_t logSegmentBytes = 64ULL << 20U;
    Millis snapshotEveryMs = 30'000;
    std::uint64_t flushRows = 250'000;              ///< a memtable this large is materialised
    Millis flushEveryMs = 2'000;                    ///< and so is one this old
    std::uint64_t checkpointWalBytes = 16U << 20U;  ///< a dataset's WAL this long is checkpointed
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
