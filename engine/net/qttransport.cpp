// Transport over Qt sockets: TCP on loopback, and local sockets that only their user may open.
#include "engine/net/qttransport.h"

#include <fmt/format.h>

#include <QHostAddress>
#include <QNetworkProxy>
#include <QPointer>
#include <QTcpServer>
#include <QTimer>
#include <utility>

#include "engine/net/endpoints.h"
#include "engine/net/localacceptor.h"
#include "engine/net/socketpipe.h"

namespace tributary::engine {

namespace {

constexpr int kAcceptAgainMs = 100;

class QtConnection final : public Connection {
public:
    explicit QtConnection(SocketPipe* pipe) : pipe_(pipe) { pipe_->setOwner(this); }
    ~QtConnection() override {
        if (pipe_ != nullptr) pipe_->abandon();
    }
    QtConnection(const QtConnection&) = delete;
    QtConnection& operator=(const QtConnection&) = delete;

    void send(Bytes bytes) override { send(std::make_shared<const Bytes>(std::move(bytes))); }
    void send(std::shared_ptr<const Bytes> bytes) override {
        if (pipe_ != nullptr) pipe_->send(std::move(bytes));
    }
    [[nodiscard]] std::size_t queuedBytes() const override { return pipe_ != nullptr ? pipe_->queuedBytes() : 0; }
    void pauseReading(bool paused) override {
        if (pipe_ != nullptr) pipe_->pauseReading(paused);
    }
    [[nodiscard]] std::optional<LocalPeer> localPeer() const override {
        return pipe_ != nullptr ? pipe_->localPeer() : std::nullopt;
    }
    [[nodiscard]] std::optional<SocketNames> names() const override {
        return pipe_ != nullptr ? pipe_->names() : std::nullopt;
    }
    void close() override {
        if (pipe_ != nullptr) pipe_->closeAndLinger();
        pipe_ = nullptr;
    }

private:
    QPointer<SocketPipe> pipe_;  // owned by the transport's home; ended by close() or the destructor
};

/// As LocalAcceptor::socketOf(): refused memory must not leave Qt where it makes a socket.
class TcpServer final : public QTcpServer {
public:
    using QTcpServer::QTcpServer;

protected:
    void incomingConnection(qintptr descriptor) noexcept override { QTcpServer::incomingConnection(descriptor); }
};

/// A listener over QTcpServer or LocalAcceptor. The server is deleted later: it may be emitting when the listener dies.
template <typename Server>
class QtListener final : public Listener {
public:
    QtListener(Server* server, Endpoint at) : server_(server), at_(std::move(at)) {}
    ~QtListener() override {
        if (server_ == nullptr) return;
        server_->close();
        server_->disconnect();
        server_->deleteLater();
    }
    QtListener(const QtListener&) = delete;
    QtListener& operator=(const QtListener&) = delete;

    [[nodiscard]] Endpoint endpoint() const override { return at_; }

private:
    QPointer<Server> server_;
    Endpoint at_;
};

void acceptInto(QTcpServer* server, const Endpoint& at, Transport::OnAccept onAccept, QObject* home) {
    QObject::connect(server, &QTcpServer::newConnection, server, [server, at, home, accept = std::move(onAccept)] {
        const QPointer<QTcpServer> alive = server;
        const Transport::OnAccept onAcceptCopy = accept;
        while (alive != nullptr && alive->hasPendingConnections()) {
            auto* socket = server->nextPendingConnection();
            onAcceptCopy(std::make_unique<QtConnection>(SocketPipe::accepted(socket, at, home)));
        }
    });
    // Too many open files: Qt stops accepting until it is told to go on. Who dials meanwhile waits.
    QObject::connect(server, &QTcpServer::acceptError, server,
                     [server] { QTimer::singleShot(kAcceptAgainMs, server, [server] { server->resumeAccepting(); }); });
}

Result<std::unique_ptr<Listener>> listenTcp(const Endpoint& at, Transport::OnAccept onAccept, QObject* home) {
    if (!at.tls) {  // else TlsTransport stands in front, and no stranger gets further than its handshake
        if (const Status allowed = checkListenHost(at.host); !allowed) return allowed.error();
    }
    const std::string host = numericHost(at.host);
    auto server = std::make_unique<TcpServer>(home);
    server->setProxy(QNetworkProxy::NoProxy);
    server->setListenBacklogSize(256);
    server->setMaxPendingConnections(256);
    if (!server->listen(QHostAddress(QString::fromStdString(host)), at.port)) {
        const bool inUse = server->serverError() == QAbstractSocket::AddressInUseError;
        const std::string reason = server->errorString().toStdString();
        if (inUse) {
            return Error{ErrorCode::Conflict, fmt::format("port {} is in use by another process", at.port), at.text(),
                         "name another port, or leave it out so that the system chooses one"};
        }
        const bool denied = server->serverError() == QAbstractSocket::SocketAccessError;
        return Error{denied ? ErrorCode::PermissionDenied : ErrorCode::Io, "cannot listen: " + reason, at.text(),
                     denied ? "use a port above 1023" : ""};
    }
    Endpoint real{.host = host, .port = server->serverPort(), .localPath = {}, .peer = at.peer};
    acceptInto(server.get(), real, std::move(onAccept), home);
    return std::unique_ptr<Listener>(std::make_unique<QtListener<QTcpServer>>(server.release(), std::move(real)));
}

Result<std::unique_ptr<Listener>> listenLocal(const Endpoint& at, Transport::OnAccept onAccept, QObject* home) {
    Result<std::string> path = checkedLocalPath(at.localPath);
    if (!path) return path.error();
    if (const Status free = removeStaleSocket(*path); !free) return free.error();
    Endpoint real{.host = {}, .port = 0, .localPath = *path, .peer = at.peer};
    auto server = LocalAcceptor::listen(
        *path,
        [real, home, accept = std::move(onAccept)](QLocalSocket* socket) {
            const Transport::OnAccept onAcceptCopy = accept;  // it may destroy the listener
            onAcceptCopy(std::make_unique<QtConnection>(SocketPipe::accepted(socket, real, home)));
        },
        home);
    if (!server) return server.error();
    return std::unique_ptr<Listener>(
        std::make_unique<QtListener<LocalAcceptor>>(std::move(server).value().release(), std::move(real)));
}

}  // namespace

Result<std::unique_ptr<Listener>> QtTransport::listen(const Endpoint& at, OnAccept onAccept) {
    return at.isLocal() ? listenLocal(at, std::move(onAccept), &home_) : listenTcp(at, std::move(onAccept), &home_);
}

std::unique_ptr<Connection> QtTransport::dial(const Endpoint& to) {
    return std::make_unique<QtConnection>(SocketPipe::dialling(to, &home_));
}

}  // namespace tributary::engine
