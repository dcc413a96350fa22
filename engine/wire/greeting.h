// Who comes and what for: the first frames after the proofs, encoded and decoded without a socket.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "core/base/uuid.h"
#include "engine/wire/handshake.h"

namespace tributary::engine {

/// First frame after the proofs. Data connections fill the link fields.
struct Hello {
    ConnectionClass kind = ConnectionClass::Control;
    std::string user;         ///< acting user (client, control)
    std::string fromCluster;  ///< data: the dialler's; it is the source, or where the kind wants it the replica
    std::string fromPath;     ///< data: the dialler's dataset
    Uuid fromUuid;
    std::string toPath;  ///< data: the dataset at the door
    Uuid toUuid;
    std::uint64_t epoch = 0;         ///< data: a newer session of the same link fences an older one
    std::string projection;          ///< data: as the link's filter is written; empty = everything
    std::uint64_t incarnation = 0;   ///< data, of a source: that it writes in now
    std::uint64_t nextSequence = 0;  ///< data, of a source: of its next own write in it
    std::uint64_t before = 0;        ///< data, of a source: its life before this one; 0 = none
};

[[nodiscard]] Bytes encodeHello(const Hello& hello);
Result<Hello> decodeHello(BytesView body);

/// Answer to a Hello that opens no link: the door's clock, and no positions.
[[nodiscard]] Bytes encodeWelcome(Millis nowMs);

/// Refused and Reject: a stable code ("ErrNoUpstream") and a sentence.
struct Refusal {
    std::string code;
    std::string message;
    std::uint64_t sequence = 0;  ///< Reject: the session sequence of the payload
};
[[nodiscard]] Bytes encodeRefusal(const Refusal& refusal);
Result<Refusal> decodeRefusal(BytesView body);

}  // namespace tributary::engine
