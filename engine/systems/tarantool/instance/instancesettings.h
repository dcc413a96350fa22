// What an instance is told: who it is, what it may, whom its configuration names.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/base/uuid.h"
#include "engine/systems/tarantool/door/doorscripts.h"

namespace tributary::engine::tarantool {

class RowTriggers;

/// A user of credentials.users.
struct InstanceUser {
    std::string name;
    Bytes proof;  ///< base64 of sha1(sha1(password)); empty = no password
    std::vector<std::string> roles;
    friend bool operator==(const InstanceUser&, const InstanceUser&) = default;
};

/// Which Tarantool an instance is like in what differs from release to release (erawords.h, beginning.h).
enum class Era {
    V3_0,  ///< before its release, as the tutorial's page shows it
    V2_6   ///< 2.6.0: the first rows, what a space costs, and the words of refusals
};

/// How it follows its peers.
struct ReplicationOptions {
    Millis timeoutMs = 1'000;  ///< replication.timeout: between heartbeats, and until a connection is tried again
    Millis connectTimeoutMs = 30'000;  ///< replication.connect_timeout: how long peers are waited for at the start
    double syncLagS = 10;              ///< replication.sync_lag: above it a peer is in sync only
    bool skipsConflicts = false;       ///< replication.skip_conflict: a duplicate is passed over
    /// How many instances, itself among them where the list names it, have to be followed before it writes
    /// (replication_connect_quorum of bootstrap_strategy legacy; UINT32_MAX: all of the list); nothing: as `auto`.
    std::optional<std::uint32_t> connectQuorum;
    friend bool operator==(const ReplicationOptions&, const ReplicationOptions&) = default;
};

/// The part that a configuration may change while the instance runs.
struct InstanceOptions {
    bool isReadOnly = false;         ///< database.mode
    std::string listen;              ///< iproto.listen, "host:port"; empty = nowhere
    std::vector<std::string> peers;  ///< replication.peers, itself among them, as box.cfg.replication shows them
    std::string peerPassword;        ///< of the user in `peers`; in no output, in no log
    /// Of those of `peers` that were given one of their own, by their text.
    std::map<std::string, std::string> peerPasswords;
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
    Era era = Era::V3_0;
    InstanceOptions options;
    std::shared_ptr<RowTriggers> triggers;  ///< before_replace and on_replace; nullptr: they are refused
    /// Who runs the scripts of clients; empty = EVAL and CALL are refused.
    std::shared_ptr<DoorScripts> scripts;
    std::string group;              ///< of the configuration, for messages
    bool isAnybodyWritable = true;  ///< whether an instance of the replica set may write, by the configuration
    /// Reads the configuration again, for config:reload(). On the node's executor; empty = there is none.
    std::function<Result<InstanceOptions>()> reread;
};

/// The rule by which Tarantool 3.0 made uuids of names before its release: sha1 in hexadecimal, cut into a uuid.
[[nodiscard]] Uuid uuidFromName(std::string_view name);

}  // namespace tributary::engine::tarantool
