// Peers by their text.
#include "engine/systems/tarantool/replication/peeraddress.h"

#include <fmt/format.h>

#include "core/base/hostport.h"

namespace tributary::engine::tarantool {

PeerText splitPassword(std::string uri) {
    const std::size_t at = uri.rfind('@');
    const std::size_t colon = at == std::string::npos ? at : uri.find(':');
    if (colon == std::string::npos || colon > at) return {std::move(uri), {}, false};
    return {uri.substr(0, colon) + uri.substr(at), uri.substr(colon + 1, at - colon - 1), true};
}

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
