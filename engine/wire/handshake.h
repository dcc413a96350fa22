// Who is at the other end: fresh challenges both ways, proofs of a cluster's key, keys of the session. Bytes in, bytes
// out; no socket, no clock. Under TLS the proofs cover its session, so that nobody can end TLS between the two.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/seams/random.h"
#include "engine/seams/transport.h"

namespace tributary::engine {

constexpr std::uint16_t kProtocolVersion = 2;

/// Setup: the requests of a source that sets up a replica, at a gateway.
enum class ConnectionClass : std::uint8_t { Data = 1, Client = 2, Control = 3, Setup = 4 };

/// Codes of what went wrong, in Error::where, as a Refused frame carries them.
inline constexpr const char* kErrProtocol = "ErrProtocol";
inline constexpr const char* kErrVersion = "ErrVersion";
inline constexpr const char* kErrUnknownUser = "ErrUnknownUser";
inline constexpr const char* kErrAuthentication = "ErrAuthentication";
inline constexpr const char* kErrTls = "ErrTls";  ///< not over TLS, or not as the certificate says

/// A door as both ends know it before a byte has passed. The proofs cover all of it: what was proved at one door counts
/// at no other, so that nobody can carry it there.
struct WireDoor {
    std::string cluster;  ///< whose door it is
    std::string place;    ///< "127.0.0.1:7660"; of a local socket the file's name, since folders are moved
    bool local = false;   ///< a local socket: the kernel keeps strangers out, and frames carry no MACs
    Bytes binding = {};   ///< TlsSession::binding of the connection: frames carry no MACs, either; empty = without TLS
};
/// The door at `endpoint`, in one spelling whatever the endpoint's.
[[nodiscard]] WireDoor wireDoorOf(const Endpoint& endpoint, const std::string& cluster);

/// Keys of one session, one for each direction.
struct SessionKeys {
    Bytes fromDialler;
    Bytes fromDoor;
};

/// What both sides of a handshake hold.
struct HandshakeParts {
    WireDoor door;
    ConnectionClass kind = ConnectionClass::Control;
    Bytes key;  ///< of the door's cluster; an empty one proves nothing
    Bytes diallerNonce;
    Bytes doorNonce;
};

/// The dialler's side: challenge(), then answer() to what comes back. The door proves itself first, so that who only
/// stands at its place learns a version, a class and a random number.
class DiallerHandshake {
public:
    DiallerHandshake(WireDoor door, ConnectionClass kind, Bytes key, Bytes nonce);
    [[nodiscard]] Bytes challenge() const;
    /// Body of the Proof, when the Counter proves the door. Errors: Corrupt, PermissionDenied (code in `where`).
    /// `unchecked` is a seeded bug.
    Result<Bytes> answer(BytesView counter, bool unchecked = false);
    [[nodiscard]] SessionKeys keys() const;
    /// Before answer().
    void bind(const Bytes& binding) { parts_.door.binding = binding; }

private:
    HandshakeParts parts_;
};

/// The door's side: counter() to a Challenge, then check() of the Proof.
class DoorHandshake {
public:
    DoorHandshake(WireDoor door, Bytes key, Bytes nonce);
    /// Body of the Counter. Errors: Corrupt (no such protocol), Unsupported (another version), PermissionDenied (no key
    /// here); code in `where`.
    Result<Bytes> counter(BytesView challenge);
    /// Errors: Corrupt, PermissionDenied.
    [[nodiscard]] Status check(BytesView proof) const;
    [[nodiscard]] ConnectionClass kind() const { return parts_.kind; }
    [[nodiscard]] SessionKeys keys() const;
    /// Before counter().
    void bind(const Bytes& binding) { parts_.door.binding = binding; }

private:
    HandshakeParts parts_;
};

/// A nonce for one side of one handshake.
[[nodiscard]] Bytes freshNonce(Random& random);

/// The version that the first frame of a peer names, for the refusal of another one. Corrupt: it does not speak this
/// protocol at all. Challenges and, in version 1, Hellos begin alike.
Result<std::uint16_t> versionOf(BytesView firstBody);

}  // namespace tributary::engine
