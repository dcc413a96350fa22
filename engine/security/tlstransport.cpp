// Listening and dialling with TLS in front.
#include "engine/security/tlstransport.h"

#include <utility>

#include "engine/security/tlspipe.h"

namespace tributary::engine {
namespace {

class TlsConnection final : public Connection {
public:
    TlsConnection(const std::shared_ptr<TlsTransport::Shared>& shared, std::unique_ptr<Connection> inner,
                  const Endpoint& at, bool isDialler)
        : pipe_(std::make_shared<TlsPipe>(shared, std::move(inner), at, isDialler)) {
        pipe_->begin(this);
    }
    ~TlsConnection() override { pipe_->abandon(); }
    TlsConnection(const TlsConnection&) = delete;
    TlsConnection& operator=(const TlsConnection&) = delete;

    void send(Bytes bytes) override { pipe_->send(std::make_shared<const Bytes>(std::move(bytes))); }
    void send(std::shared_ptr<const Bytes> bytes) override { pipe_->send(std::move(bytes)); }
    [[nodiscard]] std::size_t queuedBytes() const override { return pipe_->queuedBytes(); }
    void pauseReading(bool paused) override { pipe_->pauseReading(paused); }
    [[nodiscard]] std::optional<SocketNames> names() const override {
        return pipe_->inner() != nullptr ? pipe_->inner()->names() : std::nullopt;
    }
    [[nodiscard]] const TlsSession* tls() const override { return pipe_->session(); }
    void tagPeer(const std::string& cluster) override {
        if (pipe_->inner() != nullptr) pipe_->inner()->tagPeer(cluster);
    }
    void close() override { pipe_->close(); }

private:
    std::shared_ptr<TlsPipe> pipe_;
};

/// Never open: says in the next turn why.
class FailedConnection final : public Connection {
public:
    FailedConnection(Executor& executor, Error error) {
        executor.post([this, alive = std::weak_ptr<bool>(alive_), error = std::move(error)] {
            if (alive.expired() || !onClosed) return;
            const auto told = onClosed;
            told(error);
        });
    }
    void send(Bytes) override {}
    void send(std::shared_ptr<const Bytes>) override {}
    [[nodiscard]] std::size_t queuedBytes() const override { return 0; }
    void pauseReading(bool) override {}
    void close() override { alive_.reset(); }

private:
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

class TlsListener final : public Listener {
public:
    explicit TlsListener(std::unique_ptr<Listener> inner) : inner_(std::move(inner)) {}
    [[nodiscard]] Endpoint endpoint() const override {
        Endpoint at = inner_->endpoint();
        at.tls = true;
        return at;
    }

private:
    std::unique_ptr<Listener> inner_;
};

}  // namespace

TlsTransport::TlsTransport(Transport& inner, Executor& executor, Timers& timers, FaultPoints& faults)
    : inner_(inner), shared_(std::make_shared<Shared>(Shared{executor, timers, faults, {}, {}, {}})) {}

TlsTransport::~TlsTransport() {
    const auto lingering = std::exchange(shared_->lingering, {});
    for (const auto& pipe : lingering) pipe->cut();
}

Result<std::unique_ptr<Listener>> TlsTransport::listen(const Endpoint& at, OnAccept onAccept) {
    if (!at.tls) return inner_.listen(at, std::move(onAccept));
    if (const auto able = TlsStream::accepting(shared_->source); !able) return able.error();
    const auto door = std::make_shared<Endpoint>(at);  // with the real port, once it is known
    auto listener = inner_.listen(
        at, [shared = shared_, door, accept = std::move(onAccept)](std::unique_ptr<Connection> connection) {
            const OnAccept acceptCopy = accept;  // it may destroy the listener
            acceptCopy(std::make_unique<TlsConnection>(shared, std::move(connection), *door, false));
        });
    if (!listener) return listener.error();
    auto open = std::make_unique<TlsListener>(std::move(listener).value());
    *door = open->endpoint();
    return std::unique_ptr<Listener>(std::move(open));
}

std::unique_ptr<Connection> TlsTransport::dial(const Endpoint& to) {
    if (!to.tls) return inner_.dial(to);
    if (!shared_->source.identity || to.peer.empty()) {
        return std::make_unique<FailedConnection>(
            shared_->executor, Error{ErrorCode::NotFound, "TLS is spoken there, and this end has no certificate",
                                     to.text(), "tributary cert init"});
    }
    return std::make_unique<TlsConnection>(shared_, inner_.dial(to), to, true);
}

}  // namespace tributary::engine
