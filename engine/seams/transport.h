// Bytes between processes. Protocol code is sans-IO above this; Qt sockets (engine/net) and the simulated network
// (engine/sim) are below it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine {

/// Where a listener is. A local endpoint is a user-only socket file; otherwise host and TCP port. Without TLS listeners
/// take loopback hosts only.
struct Endpoint {
    std::string host;        ///< "127.0.0.1" or "::1"; empty when local
    std::uint16_t port = 0;  ///< 0 = let the system choose when listening
    std::string localPath;   ///< socket file; empty when TCP
    std::string peer;        ///< cluster at the other end, for fault rules by name; no part of text(); may be empty
    bool tls = false;        ///< TLS is spoken there; who dials it names `peer`, whose certificate must answer

    [[nodiscard]] bool isLocal() const { return !localPath.empty(); }
    /// "127.0.0.1:7660", "[::1]:7660", or the path.
    [[nodiscard]] std::string text() const {
        if (isLocal()) return localPath;
        const bool v6 = host.find(':') != std::string::npos && host.front() != '[';
        return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
    }
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Who dialled a local socket, as the kernel tells it: never what it says of itself.
struct LocalPeer {
    std::string user;       ///< its name here; empty = it could not be told
    bool ownsThis = false;  ///< the user that this process runs as, or root: may act for others
};

/// The two ends of a TCP connection as the system calls them.
struct SocketNames {
    std::int64_t descriptor = -1;
    std::string here;  ///< "127.0.0.1:3301"
    std::string there;
};

/// What TLS has agreed on, and with whom.
struct TlsSession {
    std::string protocol;     ///< "TLS 1.3"
    std::string cipher;       ///< "TLS_AES_256_GCM_SHA384"
    std::string peerCluster;  ///< whose certificate the other end has, judged by that cluster's authority
    Bytes binding;            ///< of this session and both certificates; equal at both ends, and at no other session's
};

/// One ordered byte stream. Owned by whoever dialled or accepted it; all calls and callbacks on the node's executor.
/// Destroying it closes it without a callback. No callback runs inside a call to the connection.
class Connection {
public:
    virtual ~Connection() = default;

    std::function<void(BytesView)> onBytes;      ///< some bytes arrived; any split; the view dies with the call
    std::function<void()> onConnected;           ///< a dialled connection is open (never called for accepted ones)
    std::function<void(const Error&)> onClosed;  ///< closed by the peer or the world; called once, last
    std::function<void()> onDrained;             ///< queuedBytes() fell to 256 KiB or less after having been above

    /// Queues bytes; never blocks, never fails: a broken stream reports through onClosed.
    virtual void send(Bytes bytes) = 0;
    /// Queues shared bytes without copying where the transport can.
    virtual void send(std::shared_ptr<const Bytes> bytes) = 0;
    /// Bytes accepted by send() that have not yet been handed to the network: the caller's bound for back-pressure.
    [[nodiscard]] virtual std::size_t queuedBytes() const = 0;
    /// Stops or restarts delivery of onBytes, so that a slow receiver pushes back on the sender.
    virtual void pauseReading(bool paused) = 0;
    /// Of an accepted local connection always something; nothing over TCP.
    [[nodiscard]] virtual std::optional<LocalPeer> localPeer() const { return std::nullopt; }
    /// Of an open connection over TCP; nothing of others, and in a simulated world.
    [[nodiscard]] virtual std::optional<SocketNames> names() const { return std::nullopt; }
    /// Of an open connection over TLS; null of others.
    [[nodiscard]] virtual const TlsSession* tls() const { return nullptr; }
    /// Tells which cluster is at the other end, once the handshake knows; only fault rules by name look at it.
    virtual void tagPeer(const std::string& /*cluster*/) {}
    /// Flushes what is queued and closes; onClosed is not called.
    virtual void close() = 0;
};

/// An open door. Destroying it closes it; accepted connections live on.
class Listener {
public:
    virtual ~Listener() = default;
    [[nodiscard]] virtual Endpoint endpoint() const = 0;  ///< with the real port
};

class Transport {
public:
    virtual ~Transport() = default;
    using OnAccept = std::function<void(std::unique_ptr<Connection>)>;
    /// Opens a listener. Errors: Conflict (port or socket in use), InvalidInput (address refused), Io.
    virtual Result<std::unique_ptr<Listener>> listen(const Endpoint& at, OnAccept onAccept) = 0;
    /// Starts to connect; the outcome arrives as onConnected or onClosed, never before dial() has returned.
    virtual std::unique_ptr<Connection> dial(const Endpoint& to) = 0;
};

}  // namespace tributary::engine
