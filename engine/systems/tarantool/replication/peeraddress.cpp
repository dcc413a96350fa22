// Peers by their text.
#include "engine/systems/tarantool/replication/peeraddress.h"

#include <fmt/format.h>

#include "core/base/hostport.h"

namespace tributary::engine::tarantool {

Result<PeerAddress> parsePeer(const std::string& uri, const std::string& password) {
    const std::size_t at = uri.rfind('@');
    PeerAddress peer;
    peer.shown = uri;
    if (at != std::string::npos) peer.user = uri.substr(0, at);
    const auto place = parseHostPort(at == std::string::npos ? uri : uri.substr(at + 1));
    if (!place || peer.user.find(':') != std::string::npos) {
        // The text is not repeated where it may hold a password.
        const bool isPlain = peer.user.find(':') == std::string::npos;
        return Error{ErrorCode::InvalidInput,
                     fmt::format("a peer is no user@host:port{}", isPlain ? ": " + uri : std::string()),
                     "replication.peers", "replication.peers: [replicator@127.0.0.1:3301]"};
    }
    if (!peer.user.empty()) peer.password = password;
    peer.endpoint.host = place->host;
    peer.endpoint.port = place->port;
    return peer;
}

}  // namespace tributary::engine::tarantool
