// Cuts a byte stream into frames and back: length, CRC32C, type, body. Pure; no socket.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/limits.h"
#include "core/base/result.h"

namespace tributary::engine {

/// Types of frames. Numbers are the wire format (engine/gateway/README.md).
enum class FrameType : std::uint8_t {
    Hello = 1,  ///< first frame of every connection
    HelloOk = 2,
    Refused = 3,  ///< the connection ends after it
    Batch = 10,   ///< payloads of a data session
    Skip = 11,    ///< sequences that a filter removed
    Ack = 12,
    Reject = 13,  ///< a payload that cannot be taken now: the session ends, the sender backs off
    Ping = 14,
    Pong = 15,
    Request = 20,  ///< control and client classes
    Response = 21
};

constexpr std::size_t kFrameHeaderBytes = 9;
constexpr std::size_t kFrameBytesMaxBeforeHello = 4096;
using limits::kFrameBytesMax;

struct Frame {
    FrameType type = FrameType::Hello;
    BytesView body;  ///< valid until the next call to feed() or next()
};

/// One whole frame, ready to send.
[[nodiscard]] Bytes encodeFrame(FrameType type, BytesView body);

/// Layout: length u32 (of type and body), crc u32 (CRC32C of type and body), type u8, body. feed() takes any split;
/// next() yields whole frames in order. After an error the reader stays failed. Not thread-safe; one per connection.
class FrameReader {
public:
    /// Limit for the frames to come: kFrameBytesMaxBeforeHello until the peer is known.
    void setFrameBytesMax(std::size_t bytes) { frameBytesMax_ = bytes; }
    void feed(BytesView bytes);
    /// nullopt = more bytes needed. Errors: Corrupt when the peer announced too much, or the checksum is wrong.
    Result<std::optional<Frame>> next();
    [[nodiscard]] std::size_t bufferedBytes() const { return buffer_.size() - consumed_; }

private:
    Bytes buffer_;
    std::size_t consumed_ = 0;
    std::size_t frameBytesMax_ = kFrameBytesMaxBeforeHello;
    bool failed_ = false;
};

}  // namespace tributary::engine
