// Where a peer is, and as whom it is followed.
#pragma once

#include <string>

#include "core/base/result.h"
#include "engine/seams/transport.h"

namespace tributary::engine::tarantool {

struct PeerAddress {
    std::string shown;  ///< "replicator@127.0.0.1:3302": what outputs and logs have, without the password
    std::string user;   ///< empty = guest
    std::string password;
    Endpoint endpoint;
    friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

/// "user:password@host:port" in two: what may be shown, and the password.
struct PeerText {
    std::string shown;  ///< "user@host:port"
    std::string password;
    bool hasPassword = false;
};
[[nodiscard]] PeerText splitPassword(std::string uri);

/// An entry of replication.peers, "user@host:port" or "host:port", with the password of that user. Errors:
/// InvalidInput.
[[nodiscard]] Result<PeerAddress> parsePeer(const std::string& uri, const std::string& password);

}  // namespace tributary::engine::tarantool
