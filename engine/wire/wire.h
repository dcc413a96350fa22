// One end of a connection between programs: the handshake, then frames that only the peer can have sent.
#pragma once

#include <optional>
#include <utility>

#include "engine/wire/frames.h"
#include "engine/wire/handshake.h"

namespace tributary::engine {

/// Bytes in, frames out; frames in, bytes out. The handshake runs inside: its frames are consumed by next(), and what
/// they call for is taken with takeOutput(). Not thread-safe; one per connection; moves.
class Wire {
public:
    /// An end without a peer: takes nothing, sends nothing.
    Wire() = default;
    /// The end that dialled `door`, with the key of its cluster. takeOutput() has the challenge.
    static Wire dialling(const WireDoor& door, ConnectionClass kind, const Bytes& key, Random& random);
    /// The end that was dialled.
    static Wire accepting(const WireDoor& door, const Bytes& key, Random& random);

    /// Ties the proofs to the TLS session of the connection; nothing over one without TLS. Before the first feed().
    void bind(const Connection& connection);
    void feed(BytesView bytes) { reader_.feed(bytes); }
    /// The next frame of the session. Before isOpen() only a Refused comes out, and only at the dialler's end: whoever
    /// stands at the door wrote it, so that it is a text and no more. nullopt = more bytes needed. Errors: Corrupt,
    /// Unsupported, PermissionDenied with a code in `where` (handshake.h).
    Result<std::optional<Frame>> next();
    /// What the handshake has to say now; often empty.
    [[nodiscard]] Bytes takeOutput() { return std::exchange(output_, {}); }
    /// Both ends are proven.
    [[nodiscard]] bool isOpen() const { return stage_ == Stage::Open; }
    /// One whole frame, ready to send; frames are sent in the order in which they were sealed.
    [[nodiscard]] Bytes seal(FrameType type, BytesView body);

    /// What the dialler wants here. Of use once isOpen().
    [[nodiscard]] ConnectionClass kind() const { return kind_; }
    /// Limit for the frames to come, once isOpen().
    void setFrameBytesMax(std::size_t bytes) { reader_.setFrameBytesMax(bytes); }
    [[nodiscard]] std::size_t bufferedBytes() const { return reader_.bufferedBytes(); }
    /// A seeded bug: whoever answers is taken for the door.
    void leaveProofUnchecked() { unchecked_ = true; }

private:
    enum class Stage { Unmade, AwaitsChallenge, AwaitsCounter, AwaitsProof, Open };
    Status takeHandshake(const Frame& frame);
    void protect(const WireDoor& door, const SessionKeys& keys, bool dialler);

    Stage stage_ = Stage::Unmade;
    WireDoor door_;
    std::optional<DiallerHandshake> dialler_;
    std::optional<DoorHandshake> atDoor_;
    ConnectionClass kind_ = ConnectionClass::Control;
    FrameReader reader_;
    std::optional<FrameMac> mac_;      ///< of what is sent
    std::optional<FrameMac> peerMac_;  ///< of what comes in, until the reader takes it
    Bytes output_;
    bool unchecked_ = false;
};

}  // namespace tributary::engine
