// One Qt socket (TCP or local) as a bounded byte pipe; outlives its Connection while it flushes.
#include "engine/net/socketpipe.h"

#include <sys/socket.h>

#include <QNetworkProxy>
#include <algorithm>
#include <utility>

#include "engine/net/endpoints.h"
#include "engine/net/localpeer.h"

namespace tributary::engine {

namespace {

/// Calls a callback through a copy: the owner may be destroyed, or replace the callback, while it runs.
template <typename... Args>
void callCopy(const std::function<void(Args...)>& callback, std::type_identity_t<Args>... args) {
    if (!callback) return;
    const std::function<void(Args...)> copy = callback;
    copy(args...);
}

}  // namespace

SocketPipe::SocketPipe(const Endpoint& at, QObject* home) : QObject(home), at_(at) {
    deadline_.setSingleShot(true);
    connect(&deadline_, &QTimer::timeout, this, [this] {
        if (closing_) {
            cut();
        } else {
            failed(noAnswerError(at_, kConnectTimeoutMs));
        }
    });
}

SocketPipe* SocketPipe::dialling(const Endpoint& to, QObject* home) {
    auto* pipe = new SocketPipe(to, home);
    // Connecting starts in the next turn: Qt reports a local socket, or an early refusal, from inside the call.
    QMetaObject::invokeMethod(
        pipe, [pipe] { pipe->startDial(); }, Qt::QueuedConnection);
    return pipe;
}

SocketPipe* SocketPipe::accepted(QTcpSocket* socket, const Endpoint& at, QObject* home) {
    auto* pipe = new SocketPipe(at, home);
    pipe->adopt(socket);
    pipe->opened();
    return pipe;
}

SocketPipe* SocketPipe::accepted(QLocalSocket* socket, const Endpoint& at, QObject* home) {
    auto* pipe = new SocketPipe(at, home);
    pipe->peer_ = localPeerOf(static_cast<int>(socket->socketDescriptor()));
    pipe->adopt(socket);
    pipe->opened();
    return pipe;
}

std::optional<SocketNames> SocketPipe::names() const {
    if (tcp_ == nullptr || tcp_->socketDescriptor() < 0) return std::nullopt;
    const auto text = [](const QHostAddress& host, quint16 port) {
        return Endpoint{host.toString().toStdString(), port, {}, {}}.text();
    };
    return SocketNames{tcp_->socketDescriptor(), text(tcp_->localAddress(), tcp_->localPort()),
                       text(tcp_->peerAddress(), tcp_->peerPort())};
}

void SocketPipe::adopt(QTcpSocket* socket) {
    tcp_ = socket;
    device_ = socket;
    socket->setParent(this);
    socket->setReadBufferSize(kReadBufferBytes);
    connect(socket, &QAbstractSocket::errorOccurred, this,
            [this](QAbstractSocket::SocketError error) { failed(tcpError(error)); });
    connect(socket, &QAbstractSocket::disconnected, this, [this] { failed(closedError(at_)); });
    watch();
}

void SocketPipe::adopt(QLocalSocket* socket) {
    local_ = socket;
    device_ = socket;
    socket->setParent(this);
    socket->setReadBufferSize(kReadBufferBytes);
    connect(socket, &QLocalSocket::errorOccurred, this,
            [this](QLocalSocket::LocalSocketError error) { failed(localError(error)); });
    connect(socket, &QLocalSocket::disconnected, this, [this] { failed(closedError(at_)); });
    watch();
}

void SocketPipe::watch() {
    connect(device_, &QIODevice::readyRead, this, [this] { readAvailable(); });
    connect(device_, &QIODevice::bytesWritten, this, [this](qint64 count) { written(count); });
}

void SocketPipe::startDial() {
    if (ended_) return;
    const auto connected = [this] {
        opened();
        if (owner_ != nullptr) callCopy(owner_->onConnected);
    };
    deadline_.start(kConnectTimeoutMs);
    if (at_.isLocal()) {
        const Result<std::string> path = checkedLocalPath(at_.localPath);
        if (!path) return failed(path.error());
        adopt(new QLocalSocket);
        connect(local_, &QLocalSocket::connected, this, connected);
        const QString name = QString::fromStdString(*path);
        [&]() noexcept { local_->connectToServer(name); }();  // as LocalAcceptor::socketOf()
        return;
    }
    auto* socket = new QTcpSocket;
    socket->setProxy(QNetworkProxy::NoProxy);  // an environment's web proxy is not for replication
    adopt(socket);
    connect(socket, &QAbstractSocket::connected, this, connected);
    const QString host = QString::fromStdString(numericHost(at_.host));
    [&]() noexcept { socket->connectToHost(host, at_.port); }();  // as LocalAcceptor::socketOf()
}

void SocketPipe::opened() {
    open_ = true;
    if (!closing_) deadline_.stop();
    if (tcp_ != nullptr) tcp_->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    schedulePump();
    scheduleRead();  // bytes may have come with the connection
}

void SocketPipe::send(std::shared_ptr<const Bytes> bytes) {
    if (ended_ || closing_ || bytes->empty()) return;
    queued_ += bytes->size();
    above_ = above_ || queued_ > kLowWaterBytes;
    queue_.push_back({std::move(bytes), 0});
    schedulePump();
}

void SocketPipe::schedulePump() {
    if (pumpPosted_ || !open_ || ended_) return;
    pumpPosted_ = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            pumpPosted_ = false;
            pump();
        },
        Qt::QueuedConnection);
}

void SocketPipe::pump() {
    while (!ended_ && !queue_.empty() && given_ - written_ < kSocketBytes) {
        Piece& front = queue_.front();
        if (front.bytes->size() - front.offset >= kGatherBelowBytes) {
            writeSlice(front);
        } else {
            writeGathered();
        }
    }
    if (!ended_ && closing_ && queued_ == 0) flushed();
}

void SocketPipe::writeSlice(Piece& front) {
    const std::size_t size = std::min(front.bytes->size() - front.offset, kSliceBytes);
    // Shallow: Qt's buffer points into the shared bytes, which inFlight_ keeps until bytesWritten has covered them.
    const auto view = QByteArray::fromRawData(front.bytes->data() + front.offset, static_cast<qsizetype>(size));
    front.offset += size;
    given_ += size;
    inFlight_.push_back({front.bytes, given_});
    if (front.offset == front.bytes->size()) queue_.pop_front();
    device_->write(view);  // buffered: failures come as errorOccurred
}

void SocketPipe::writeGathered() {
    QByteArray slab;
    slab.reserve(static_cast<qsizetype>(std::min(kSliceBytes, queued_)));
    while (!queue_.empty()) {
        const Piece& piece = queue_.front();
        const std::size_t size = piece.bytes->size() - piece.offset;
        if (size >= kGatherBelowBytes || static_cast<std::size_t>(slab.size()) + size > kSliceBytes) break;
        slab.append(piece.bytes->data() + piece.offset, static_cast<qsizetype>(size));
        queue_.pop_front();
    }
    given_ += static_cast<std::uint64_t>(slab.size());
    device_->write(slab);
}

void SocketPipe::written(qint64 count) {
    written_ += static_cast<std::uint64_t>(count);
    queued_ -= std::min(queued_, static_cast<std::size_t>(count));
    while (!inFlight_.empty() && inFlight_.front().upTo <= written_) inFlight_.pop_front();
    pump();
    if (above_ && queued_ <= kLowWaterBytes && !ended_) {
        above_ = false;
        if (owner_ != nullptr) callCopy(owner_->onDrained);
    }
}

void SocketPipe::pauseReading(bool paused) {
    paused_ = paused;
    if (!paused) scheduleRead();
}

void SocketPipe::scheduleRead() {
    if (readPosted_) return;
    readPosted_ = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            readPosted_ = false;
            readAvailable();
        },
        Qt::QueuedConnection);
}

void SocketPipe::readAvailable() {
    if (device_ == nullptr) return;
    static thread_local std::vector<char> buffer(static_cast<std::size_t>(kReadBufferBytes));
    // Until read() gives nothing: only a read that finds Qt's buffer empty switches its notifier on again.
    while (!paused_ || closing_) {
        if (!closing_ && owner_ == nullptr) return;
        if (!closing_ && !owner_->onBytes) break;
        const qint64 got = device_->read(buffer.data(), static_cast<qint64>(buffer.size()));
        if (got <= 0) break;
        if (owner_ == nullptr) continue;  // lingering: what still comes in is of no interest
        callCopy(owner_->onBytes, BytesView(buffer.data(), static_cast<std::size_t>(got)));
    }
    if (ended_ && (!paused_ || closing_)) finish();
}

void SocketPipe::failed(const Error& error) {
    if (ended_) return;
    ended_ = error;
    deadline_.stop();
    // Bytes that arrived before the end are delivered before onClosed, also when reading is paused until later.
    if (device_ == nullptr) return finish();
    scheduleRead();
}

void SocketPipe::finish() {
    queue_.clear();
    queued_ = 0;
    if (closing_) return cut();
    Connection* owner = std::exchange(owner_, nullptr);
    if (owner != nullptr) callCopy(owner->onClosed, *ended_);
}

void SocketPipe::closeAndLinger() {
    owner_ = nullptr;
    if (ended_ || (!open_ && queue_.empty())) return abandon();
    closing_ = true;
    deadline_.start(kLingerMs);
    schedulePump();
    scheduleRead();
}

void SocketPipe::flushed() {
    // End of stream first, then wait for the peer's: closing with unread bytes makes the kernel reset the connection,
    // and the reset may overtake what was just flushed.
    const qintptr fd = tcp_ != nullptr ? tcp_->socketDescriptor() : local_->socketDescriptor();
    if (fd < 0 || ::shutdown(static_cast<int>(fd), SHUT_WR) != 0) cut();
}

void SocketPipe::cut() {
    owner_ = nullptr;
    if (!ended_) ended_ = closedError(at_);
    deadline_.stop();
    if (tcp_ != nullptr) tcp_->abort();
    if (local_ != nullptr) local_->abort();
    deleteLater();
}

void SocketPipe::abandon() {
    cut();
}

Error SocketPipe::tcpError(QAbstractSocket::SocketError error) const {
    const std::string detail = device_->errorString().toStdString();
    switch (error) {
        case QAbstractSocket::ConnectionRefusedError: return refusedError(at_);
        case QAbstractSocket::RemoteHostClosedError: return closedError(at_);
        case QAbstractSocket::HostNotFoundError:
            return {ErrorCode::Unavailable, "the host name cannot be resolved", at_.text(), "check the host name"};
        case QAbstractSocket::SocketTimeoutError: return noAnswerError(at_, kConnectTimeoutMs);
        case QAbstractSocket::SocketAccessError:
            return {ErrorCode::PermissionDenied, "the system refused the connection: " + detail, at_.text(), {}};
        case QAbstractSocket::SocketResourceError:
            return {ErrorCode::Io, "the system has no sockets left: " + detail, at_.text(), "ulimit -n"};
        default: return {ErrorCode::Unavailable, "the connection failed: " + detail, at_.text(), {}};
    }
}

Error SocketPipe::localError(QLocalSocket::LocalSocketError error) const {
    const std::string detail = device_->errorString().toStdString();
    switch (error) {
        case QLocalSocket::ConnectionRefusedError:
        case QLocalSocket::ServerNotFoundError: return refusedError(at_);
        case QLocalSocket::PeerClosedError: return closedError(at_);
        case QLocalSocket::SocketAccessError:
            return {ErrorCode::PermissionDenied, "the socket belongs to another user", at_.text(),
                    "run as the user who started it"};
        case QLocalSocket::SocketTimeoutError: return noAnswerError(at_, kConnectTimeoutMs);
        default: return {ErrorCode::Unavailable, "the connection failed: " + detail, at_.text(), {}};
    }
}

}  // namespace tributary::engine
