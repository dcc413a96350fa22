// What an instance is told: who it is, what it may, whom its configuration names.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/base/uuid.h"

namespace tributary::engine::tarantool {

/// A user of credentials.users.
struct InstanceUser {
    std::string name;
    Bytes proof;  ///< base64 of sha1(sha1(password)); empty = no password
    std::vector<std::string> roles;
    friend bool operator==(const InstanceUser&, const InstanceUser&) = default;
};

/// The part that a configuration may change while the instance runs.
struct InstanceOptions {
    bool isReadOnly = false;         ///< database.mode
    std::string listen;              ///< iproto.listen, "host:port"; empty = nowhere
    std::vector<std::string> peers;  ///< replication.peers, itself among them, as box.cfg.replication shows them
    std::vector<InstanceUser> users;
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
    /// Reads the configuration again, for config:reload(). On the node's executor; empty = there is none.
    std::function<Result<InstanceOptions>()> reread;
};

/// The rule by which Tarantool 3.0 made uuids of names before its release: sha1 in hexadecimal, cut into a uuid.
[[nodiscard]] Uuid uuidFromName(std::string_view name);

}  // namespace tributary::engine::tarantool
