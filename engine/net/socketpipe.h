// One Qt socket (TCP or local) as a bounded byte pipe; outlives its Connection while it flushes.
#pragma once

#include <QLocalSocket>
#include <QObject>
#include <QTcpSocket>
#include <QTimer>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "engine/seams/transport.h"

namespace tributary::engine {

/// The working half of a QtConnection. Everything the user hears comes from the event loop, never from inside a call.
///
/// Writing: send() queues; a deferred pump hands at most kSocketBytes to Qt: large pieces as shallow QByteArrays over
/// the caller's shared bytes (kept until the kernel has them), small ones gathered into one slab.
/// Reading: Qt buffers at most kReadBufferBytes; when reading is paused the rest stays in the kernel and pushes back.
class SocketPipe final : public QObject {
public:
    static constexpr std::size_t kSocketBytes = 1U << 20U;
    static constexpr std::size_t kSliceBytes = 512U << 10U;
    static constexpr std::size_t kGatherBelowBytes = 64U << 10U;
    static constexpr qint64 kReadBufferBytes = 1 << 20;
    static constexpr std::size_t kLowWaterBytes = 256U << 10U;
    static constexpr int kConnectTimeoutMs = 5'000;
    static constexpr int kLingerMs = 5'000;  ///< how long a closed connection may take to flush and hear the peer's end

    /// A pipe to be dialled (call startDial) or over an accepted socket, which it takes over. `home` is the parent:
    /// what still lingers when the home dies is cut.
    static SocketPipe* dialling(const Endpoint& to, QObject* home);
    static SocketPipe* accepted(QTcpSocket* socket, const Endpoint& at, QObject* home);
    static SocketPipe* accepted(QLocalSocket* socket, const Endpoint& at, QObject* home);

    void setOwner(Connection* owner) { owner_ = owner; }
    void send(std::shared_ptr<const Bytes> bytes);
    [[nodiscard]] std::size_t queuedBytes() const { return queued_; }
    void pauseReading(bool paused);
    /// Of an accepted local socket: who dialled it.
    [[nodiscard]] const std::optional<LocalPeer>& localPeer() const { return peer_; }
    [[nodiscard]] std::optional<SocketNames> names() const;
    /// Flushes, sends the end of the stream, waits for the peer's, then deletes itself.
    void closeAndLinger();
    /// Cuts now; deletes itself in the next turn.
    void abandon();

private:
    struct Piece {
        std::shared_ptr<const Bytes> bytes;
        std::size_t offset = 0;
    };
    struct InFlight {
        std::shared_ptr<const Bytes> bytes;
        std::uint64_t upTo = 0;  // may go once so many bytes were written in all
    };

    SocketPipe(const Endpoint& at, QObject* home);
    void adopt(QTcpSocket* socket);
    void adopt(QLocalSocket* socket);
    void watch();
    void startDial();
    void opened();
    void schedulePump();
    void pump();
    void writeSlice(Piece& front);
    void writeGathered();
    void written(qint64 count);
    void scheduleRead();
    void readAvailable();
    void failed(const Error& error);
    void finish();
    void flushed();
    void cut();
    [[nodiscard]] Error tcpError(QAbstractSocket::SocketError error) const;
    [[nodiscard]] Error localError(QLocalSocket::LocalSocketError error) const;

    Endpoint at_;
    QTcpSocket* tcp_ = nullptr;      // child; null for local
    QLocalSocket* local_ = nullptr;  // child; null for TCP
    QIODevice* device_ = nullptr;    // one of the two
    Connection* owner_ = nullptr;    // null once closed or destroyed
    QTimer deadline_;                // connecting, later lingering
    std::deque<Piece> queue_;
    std::deque<InFlight> inFlight_;
    std::size_t queued_ = 0;
    std::uint64_t given_ = 0;    // bytes handed to Qt
    std::uint64_t written_ = 0;  // bytes Qt handed to the kernel
    std::optional<Error> ended_;
    std::optional<LocalPeer> peer_;
    bool open_ = false;
    bool above_ = false;
    bool paused_ = false;
    bool closing_ = false;
    bool pumpPosted_ = false;
    bool readPosted_ = false;
};

}  // namespace tributary::engine
