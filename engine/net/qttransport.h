// Transport over Qt sockets: TCP on loopback, and local sockets that only their user may open.
#pragma once

#include <QObject>
#include <memory>

#include "engine/seams/transport.h"

namespace tributary::engine {

/// Lives, is used and dies on its node's thread, which must run a Qt event loop. Connections may be destroyed inside
/// any of their callbacks. Set the callbacks of an accepted connection inside OnAccept.
///
/// listen(): loopback addresses only unless TLS is spoken there, by whoever stands in front of this transport
/// (InvalidInput); a port in use is Conflict and names the port; a socket path over 100 bytes is InvalidInput; a stale
/// socket file is replaced, a live one is Conflict. dial(): refused and unreachable ends report Unavailable, no answer
/// within 5 s Timeout. close() flushes for up to 5 s.
class QtTransport final : public Transport {
public:
    QtTransport() = default;

    Result<std::unique_ptr<Listener>> listen(const Endpoint& at, OnAccept onAccept) override;
    std::unique_ptr<Connection> dial(const Endpoint& to) override;

private:
    QObject home_;  // parent of every socket: what still lingers dies with the transport
};

}  // namespace tributary::engine
