// A plain blocking client connection for the terminal and for runbooks: POSIX sockets, no event loop, no Qt.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/seams/transport.h"

namespace tributary::engine {

/// One connection to a daemon's socket or to a control endpoint. Used by one thread at a time; moves, does not copy.
/// Connecting costs well under a millisecond on one machine, so that a verb starts at once.
class BlockingChannel {
public:
    static constexpr Millis kSendTimeoutMs = 30'000;
    static constexpr std::size_t kReceiveBytesMax = 64U << 10U;

    BlockingChannel() = default;
    BlockingChannel(BlockingChannel&& other) noexcept;
    BlockingChannel& operator=(BlockingChannel&& other) noexcept;
    BlockingChannel(const BlockingChannel&) = delete;
    BlockingChannel& operator=(const BlockingChannel&) = delete;
    ~BlockingChannel() { close(); }

    /// Errors: Unavailable (nobody listens, no such host), Timeout, PermissionDenied (another user's socket),
    /// InvalidInput (socket path too long), Io.
    static Result<BlockingChannel> connect(const Endpoint& to, Millis timeoutMs);

    /// Sends all bytes. Errors: Unavailable (closed by the peer), Timeout when nothing could be sent for `timeoutMs`;
    /// after either the channel is of no use any more.
    Status send(BytesView bytes, Millis timeoutMs = kSendTimeoutMs);
    /// Waits for bytes and returns what is there, 1 to kReceiveBytesMax. Errors: Timeout (the channel stays usable),
    /// Unavailable when the peer closed.
    Result<Bytes> receiveSome(Millis timeoutMs);
    /// Closes; later calls report Unavailable.
    void close();
    [[nodiscard]] bool isOpen() const { return fd_ >= 0; }

private:
    BlockingChannel(int fd, Endpoint to) : fd_(fd), to_(std::move(to)) {}

    int fd_ = -1;
    Endpoint to_;
};

}  // namespace tributary::engine
