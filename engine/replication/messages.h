// The bodies of a link's frames, encoded and decoded without a socket. Every decode is bounded by the bytes at hand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/replication/positions.h"
#include "engine/wire/greeting.h"

namespace tributary::engine {

/// Where a node stands as the origin of a dataset. In the Hello of a source that dials; else a frame of its own:
/// incarnation, the life before, next sequence u64.
struct OriginPlace {
    std::uint64_t incarnation = 0;   ///< that it writes in now
    std::uint64_t before = 0;        ///< the life before, as the volume knows it; 0 = none
    std::uint64_t nextSequence = 0;  ///< of its next write
};
[[nodiscard]] Bytes encodePlace(const OriginPlace& place);
Result<OriginPlace> decodePlace(BytesView body);

/// Answer to a data Hello: what the receiver already holds durably.
struct HelloOk {
    Positions positions;
    Millis nowMs = 0;
};
[[nodiscard]] Bytes encodeHelloOk(const HelloOk& ok);
Result<HelloOk> decodeHelloOk(BytesView body);

/// Payloads `first`, `first`+1, ... of the session, as they lie in the source's log.
/// Layout: first u64, codec u8, plain size u32, then (compressed) count varint and blobs.
enum class Codec : std::uint8_t { Off = 0, Lz4 = 1, Zstd = 2 };
[[nodiscard]] Codec codecOf(std::string_view compression);
[[nodiscard]] Bytes encodeBatch(std::uint64_t first, const std::vector<BytesView>& payloads, Codec codec);
struct Batch {
    std::uint64_t first = 0;
    Bytes plain;                      ///< owns what the views show when it was compressed
    std::vector<BytesView> payloads;  ///< borrow from `plain` or from the frame
};
Result<Batch> decodeBatch(BytesView body);

/// "Sequences from..to of this lane are not for you": keeps a filtered receiver's positions whole.
struct Skip {
    std::uint64_t sequence = 0;  ///< session sequence
    Lane lane;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
};
[[nodiscard]] Bytes encodeSkip(const Skip& skip);
Result<Skip> decodeSkip(BytesView body);

/// A life of an origin is over (lifeend.h). Layout: session sequence u64, then as in the log.
struct Ended {
    std::uint64_t sequence = 0;  ///< session sequence
    LifeEnd end;
};
[[nodiscard]] Bytes encodeEnded(const Ended& ended);
Result<Ended> decodeEnded(BytesView body);

/// Two levels: received (what synchronous mode waits for) and durable (what cursors and retention use).
struct Ack {
    std::uint64_t received = 0;
    std::uint64_t durable = 0;
    Millis receiverNowMs = 0;
};
[[nodiscard]] Bytes encodeAck(const Ack& ack);
Result<Ack> decodeAck(BytesView body);

}  // namespace tributary::engine
