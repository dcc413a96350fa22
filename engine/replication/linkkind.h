// What is particular to the links of a kind: who dials, and how the two ends of a session speak. The general parts know
// links by this.
//
// Decision: a codec is asked once per frame, never per payload or row; what a frame says is the same for all.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "engine/replication/cut.h"
#include "engine/replication/messages.h"
#include "engine/wire/frames.h"

namespace tributary::engine {

/// Payloads `first`, `first`+1, ... of the session on their way out; the views borrow from the log.
struct PayloadRun {
    std::uint64_t first = 0;
    std::vector<BytesView> payloads;
    Codec codec = Codec::Off;  ///< what the link's record asks for; a session's codec may send them plain
};

/// "I hear you."
struct Beat {
    bool question = false;  ///< the peer is to answer with one that is none
};

/// What an end says, and what the other hears. Greeting of a dialler and refusals are the doors' (engine/wire).
///
/// A source that dials says where it stands in its Hello, and the replica answers with its positions. A replica that
/// dials greets, and says its positions; the source answers where it stands, and sends.
/// A replica that holds a part of a cut says so (CutWant) before its positions.
using Said = std::variant<OriginPlace, HelloOk, PayloadRun, Skip, Ended, Ack, Beat, CutWant, CutPart>;
using Heard = std::variant<OriginPlace, HelloOk, Batch, Skip, Ended, Ack, Beat, CutWant, CutPart>;

/// A frame of a session.
struct SessionFrame {
    FrameType type = FrameType::Own;
    Bytes body;
};

/// The bytes of a session. Stateless, any thread.
class SessionCodec {
public:
    virtual ~SessionCodec() = default;
    [[nodiscard]] virtual SessionFrame encode(const Said& said) const = 0;
    /// A batch borrows from the frame. Errors: Corrupt, for a body or a frame that does not belong in a session.
    [[nodiscard]] virtual Result<Heard> decode(const Frame& frame) const = 0;
};

/// Which end knows the other's doors. Who sends is another matter: always the source.
enum class Dials : std::uint8_t { Source, Replica };

/// The links of a kind of data. An agreement is the same for all: the source has the replica in its records, and holds
/// its log for it; the replica has the source. The end that was dialled says no when its half is missing.
///
///  Stateless, any thread; lives as long as the process.
class LinkKind {
public:
    virtual ~LinkKind() = default;
    [[nodiscard]] virtual Dials dials() const = 0;
    [[nodiscard]] virtual const SessionCodec& codec() const = 0;
    /// How replicas are brought to where the log begins for them; nullptr: somebody else copies.
    [[nodiscard]] virtual const CutKind* cuts() const { return nullptr; }
};

/// The source dials; sessions in the frames of messages.h.
[[nodiscard]] const LinkKind& pushLinks();

}  // namespace tributary::engine
