// TLS over any transport: what is listened on or dialled with Endpoint::tls speaks it, everything else passes as it is.
#pragma once

#include <functional>
#include <memory>
#include <set>

#include "engine/seams/executor.h"
#include "engine/seams/faultpoints.h"
#include "engine/seams/transport.h"
#include "engine/security/tlsstream.h"

namespace tributary::engine {

class TlsPipe;

/// Lives, is used and dies on its node's executor, above a transport that outlives it.
///
/// Who dials is told onConnected once both ends have agreed, within 5 s; a door may still refuse the dialler's
/// certificate, which onClosed then says. At a door a connection that begins with anything but TLS is handed over as it
/// is, without tls(): whoever owns the door refuses it in words that such a peer reads (Greeter).
class TlsTransport final : public Transport {
public:
    static constexpr Millis kHandshakeMsMax = 5'000;

    /// A handshake at a door came to nothing; `at` is the door.
    using OnRefused = std::function<void(const Endpoint& at, const Error& why)>;

    TlsTransport(Transport& inner, Executor& executor, Timers& timers, FaultPoints& faults);
    ~TlsTransport() override;
    TlsTransport(const TlsTransport&) = delete;
    TlsTransport& operator=(const TlsTransport&) = delete;

    /// Certificates of this end. Without a source nothing with Endpoint::tls is dialled or listened on.
    void setSource(TlsSource source) { shared_->source = std::move(source); }
    void setOnRefused(OnRefused onRefused) { shared_->onRefused = std::move(onRefused); }

    /// Errors also: those of TlsSource::identity, so that a door does not open that could let nobody in.
    Result<std::unique_ptr<Listener>> listen(const Endpoint& at, OnAccept onAccept) override;
    std::unique_ptr<Connection> dial(const Endpoint& to) override;

    /// What its connections share. Private to the sources of this class.
    struct Shared {
        Executor& executor;
        Timers& timers;
        FaultPoints& faults;
        TlsSource source;
        OnRefused onRefused;
        std::set<std::shared_ptr<TlsPipe>> lingering;  ///< closed by their owners before they were open
    };

private:
    Transport& inner_;
    std::shared_ptr<Shared> shared_;
};

}  // namespace tributary::engine
