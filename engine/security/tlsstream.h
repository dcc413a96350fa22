// One end of TLS 1.3 between programs: bytes in, bytes out; no socket, no clock. Both ends present certificates.
//
// Decision: libssl over memory, for node and blocking client alike. Rejected: QSslSocket for the nodes. The blocking
// client needs libssl besides, so that there would be two of everything that must not be wrong; what it has written is
// counted when it is encrypted, not when the system has it, so that a slow receiver no longer holds its sender back;
// and neither the simulator nor a relayed connection has a socket to hand it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/seams/transport.h"
#include "engine/security/authority.h"

namespace tributary::engine {

/// Where one end has its certificates from. Asked at each handshake, on the thread that makes it: what is rotated or
/// revoked counts from the next one on.
struct TlsSource {
    std::function<Result<TlsIdentity>()> identity;  ///< empty = this end has none: it neither dials nor listens
    std::function<Result<CertificateTrust>(const std::string& cluster)> trustOf;
    std::function<std::int64_t()> nowS;  ///< seconds since 1970
};

/// Not thread-safe; moves. TLS 1.3 only, without resumption and early data. A certificate of the peer that does not
/// hold ends the handshake, and its end is told by an alert why.
class TlsStream {
public:
    /// The end that dialled a door of `cluster`. takeOutput() has the first bytes. Errors: those of
    /// TlsSource::identity.
    static Result<TlsStream> dialling(const TlsSource& source, const std::string& cluster);
    /// The end that was dialled: whoever comes is of a cluster that this end knows.
    static Result<TlsStream> accepting(const TlsSource& source);
    ~TlsStream();
    TlsStream(TlsStream&&) noexcept;
    TlsStream& operator=(TlsStream&&) noexcept;

    /// Takes what came from the peer; takePlain() and takeOutput() have what came of it. After an error, which says why
    /// this end or the other refuses, only takeOutput() is of use: PermissionDenied, Unsupported (the other end speaks
    /// no TLS 1.3), Corrupt.
    Status feed(BytesView encrypted);
    /// Both ends have agreed. The door may still refuse the dialler's certificate: it says so in what comes next.
    [[nodiscard]] bool isOpen() const;
    /// Once isOpen().
    [[nodiscard]] const TlsSession& session() const;
    /// Encrypts; before isOpen() it is an error of the caller's.
    void send(BytesView plain);
    /// Says that nothing more comes.
    void end();
    [[nodiscard]] Bytes takePlain();
    [[nodiscard]] Bytes takeOutput();
    /// What was refused, once feed() has failed for a certificate's sake at this end.
    [[nodiscard]] CertificateProblem problem() const;

private:
    struct State;
    explicit TlsStream(std::unique_ptr<State> state);
    static Result<TlsStream> begun(const TlsSource& source, const std::string& cluster, bool dialling);

    std::unique_ptr<State> state_;
};

/// Whether the first byte of a connection is that of TLS.
[[nodiscard]] inline bool beginsTls(BytesView bytes) {
    return !bytes.empty() && bytes.front() == '\x16';
}

}  // namespace tributary::engine
