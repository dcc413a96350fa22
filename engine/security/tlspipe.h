// One connection over TLS: a stream on a connection of the transport below. Private to TlsTransport.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "engine/security/tlstransport.h"

namespace tributary::engine {

/// Outlives its Connection while it flushes what was sent before the handshake was done. Nothing is heard from inside
/// a call; callbacks are called through a copy, since their owner may be destroyed inside them.
class TlsPipe final : public std::enable_shared_from_this<TlsPipe> {
public:
    TlsPipe(std::shared_ptr<TlsTransport::Shared> shared, std::unique_ptr<Connection> inner, Endpoint at,
            bool isDialler);
    ~TlsPipe();
    TlsPipe(const TlsPipe&) = delete;
    TlsPipe& operator=(const TlsPipe&) = delete;

    /// Begins to hear the connection below.
    void begin(Connection* owner);
    void send(std::shared_ptr<const Bytes> bytes);
    [[nodiscard]] std::size_t queuedBytes() const;
    void pauseReading(bool paused);
    [[nodiscard]] const TlsSession* session() const;
    [[nodiscard]] Connection* inner() const { return inner_.get(); }
    void close();
    /// The owner is gone: cuts, unless it was closed before and still flushes.
    void abandon();
    /// Cuts in any case.
    void cut();

private:
    enum class Stage { Waiting, Shaking, Open, Plain, Ended };

    void startHandshake();
    void startTimer();
    void received(BytesView bytes);
    void opened();
    void deliver(BytesView plain);
    void deliverHeld();
    void closedBelow(const Error& error);
    void fail(const Error& error);
    void tellClosed();
    void flushOutput();
    void drop();

    std::shared_ptr<TlsTransport::Shared> shared_;
    std::unique_ptr<Connection> inner_;
    Endpoint at_;
    Connection* owner_ = nullptr;
    std::optional<TlsStream> stream_;
    Stage stage_ = Stage::Waiting;
    std::deque<std::shared_ptr<const Bytes>> toSend_;  ///< until the handshake is done
    std::size_t toSendBytes_ = 0;
    Bytes held_;  ///< that came while its owner did not read
    std::optional<Error> ended_;
    TimerId timer_ = 0;
    bool isDialler_ = false;
    bool paused_ = false;
    bool closing_ = false;
    bool deliverPosted_ = false;
};

}  // namespace tributary::engine
