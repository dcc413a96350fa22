// Cuts a byte stream into frames and back: length, CRC32C, type, body, and a MAC once there are keys. Pure; no socket.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/limits.h"
#include "core/base/result.h"
#include "engine/wire/macs.h"

namespace tributary::engine {

/// Types of frames. Numbers are the wire format (engine/wire/README.md).
enum class FrameType : std::uint8_t {
    Hello = 1,  ///< first frame after the proofs; in protocol version 1 the first of all
    HelloOk = 2,
    Refused = 3,    ///< the connection ends after it
    Challenge = 4,  ///< first frame of every connection
    Counter = 5,    ///< the door's challenge and proof
    Proof = 6,      ///< the dialler's proof
    Batch = 10,     ///< payloads of a data session
    Skip = 11,      ///< sequences that a filter removed
    Ack = 12,
    Reject = 13,  ///< a payload that cannot be taken now: the session ends, the sender backs off
    Ping = 14,
    Pong = 15,
    LifeEnd = 16,  ///< a life of an origin is over
    Place = 17,    ///< where the source stands, when it was dialled
    Own = 18,      ///< of a session whose kind has a codec of its own: all that it says
    CutWant = 19,  ///< a replica holds a part of a cut
    CutPart = 22,  ///< of the state as of one entry
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

/// One whole frame, ready to send where there are no MACs.
[[nodiscard]] Bytes encodeFrame(FrameType type, BytesView body);

/// Layout: length u32 (of type and body), crc u32 (CRC32C of type and body), type u8, body; then a MAC of kMacBytes
/// over all of that, once expectMacs() was called. feed() takes any split; next() yields whole frames in order. After
/// an error the reader stays failed. Not thread-safe; one per connection.
class FrameReader {
public:
    /// Limit for the frames to come: kFrameBytesMaxBeforeHello until the peer is known.
    void setFrameBytesMax(std::size_t bytes) { frameBytesMax_ = bytes; }
    /// From the next frame on a MAC follows each, and is checked.
    void expectMacs(FrameMac mac) { mac_ = std::move(mac); }
    /// From the next frame on a MAC follows each, and is passed over: for onlookers without keys.
    void passOverMacs() { passOver_ = true; }
    void feed(BytesView bytes);
    /// nullopt = more bytes needed. Errors: Corrupt when the peer announced too much, or a checksum or MAC is wrong.
    Result<std::optional<Frame>> next();
    [[nodiscard]] std::size_t bufferedBytes() const { return buffer_.size() - consumed_; }

private:
    Error fail(std::string what);

    Bytes buffer_;
    std::size_t consumed_ = 0;
    std::size_t frameBytesMax_ = kFrameBytesMaxBeforeHello;
    std::optional<FrameMac> mac_;
    bool passOver_ = false;
    bool failed_ = false;
};

/// "malformed <what> frame": the body of a frame is not what it should be.
[[nodiscard]] Error malformedFrame(std::string_view what);

}  // namespace tributary::engine
