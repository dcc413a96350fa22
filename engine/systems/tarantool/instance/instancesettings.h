// What an instance is told: who it is, what it may, whom its configuration names.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/base/uuid.h"
#include "engine/systems/tarantool/door/doorscripts.h"

namespace tributary::engine::tarantool {

/// A user of credentials.users.
struct InstanceUser {
    std::string name;
    Bytes proof;  ///< base64 of sha1(sha1(password)); empty = no password
    std::vector<std::string> roles;
    friend bool operator==(const InstanceUser&, const InstanceUser&) = default;
};

/// How it follows its peers.
struct ReplicationOptions {
    Millis timeoutMs = 1'000;  ///< replication.timeout: between heartbeats, and until a connection is tried again
    Millis connectTimeoutMs = 30'000;  ///< replication.connect_timeout: how long peers are waited for at the start
    double syncLagS = 10;              ///< replication.sync_lag: above it a peer is in sync only
    bool skipsConflicts = false;       ///< replication.skip_conflict: a duplicate is passed over
    friend bool operator==(const ReplicationOptions&, const ReplicationOptions&) = default;
};

/// The part that a configuration may change while the instance runs.
struct InstanceOptions {
    bool isReadOnly = false;         ///< database.mode
    std::string listen;              ///< iproto.listen, "host:port"; empty = nowhere
    std::vector<std::string> peers;  ///< replication.peers, itself among them, as box.cfg.replication shows them
    std::string peerPassword;        ///< of the user in `peers`; in no output, in no log
    std::vector<InstanceUser> users;
    ReplicationOptions replication;
    friend bool operator==(const InstanceOptions&, const InstanceOptions&) = default;
};

/// Owned by whoever starts the node; read and changed on the node's executor only.
struct InstanceSettings {
    std::string name;
    std::string replicaset;
    Uuid uuid;
    Uuid replicasetUuid;
    std::uint64_t memoryBytes = 256U << 20U;  ///< memtx.memory
    InstanceOptions options;
    std::string group;              ///< of the configuration, for messages
    bool isAnybodyWritable = true;  ///< whether an instance of the replica set may write, by the configuration
    /// Who runs the scripts of clients; empty = EVAL and CALL are refused.
    std::shared_ptr<DoorScripts> scripts;
    /// Reads the configuration again, for config:reload(). On the node's executor; empty = there is none.
    std::function<Result<InstanceOptions>()> reread;
};

/// The rule by which Tarantool 3.0 made uuids of names before its release: sha1 in hexadecimal, cut into a uuid.
[[nodiscard]] Uuid uuidFromName(std::string_view name);

}  // namespace tributary::engine::tarantool
