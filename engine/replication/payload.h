// The origin payload: what one commit at one origin said, immutable from its first log to its last replica.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "core/base/uuid.h"

namespace tributary::engine {

/// The kind of every payload of version 1, which names none.
constexpr std::uint8_t kFirstKind = 1;

/// A part of a payload's body that lies on a lane of its own: a range of that lane's sequences.
struct PieceView {
    BytesView subKey;  ///< which of the origin's lanes; empty when there is only one
    std::uint64_t first = 0;
    std::uint64_t count = 1;
    BytesView body;
    [[nodiscard]] std::uint64_t last() const { return first + count - 1; }
};

/// Decoded header of a payload; the views borrow from the payload. Layout: engine/replication/README.md.
struct PayloadView {
    Uuid origin;                      ///< uuid of the dataset that committed it: the lane
    std::uint8_t kind = kFirstKind;   ///< how the body reads (DatasetKind::number)
    std::uint32_t schemaVersion = 0;  ///< of the body's names; 0: the body names things itself
    std::uint64_t incarnation = 0;    ///< of the origin's node (Lane)
    std::uint64_t sequence = 0;       ///< the first of the first piece: 1, 2, 3 ... per lane
    Stamp stamp = 0;                  ///< arrival at the origin
    std::uint32_t operations = 0;     ///< row operations inside
    BytesView projection;             ///< when filtered, as the kind writes it; empty = whole
    BytesView body;                   ///< in the kind's format; of all pieces, in their order
    std::uint64_t pieceCount = 1;
    BytesView pieces;  ///< as they lie there (PieceReader); empty: one piece, of one sequence without sub-key
    /// One sequence of the only lane, as kinds without lanes of their own write.
    [[nodiscard]] bool isPlain() const { return pieces.empty(); }
};

/// The pieces of a parsed payload, in the order of its body. Allocates nothing.
class PieceReader {
public:
    explicit PieceReader(const PayloadView& view) : view_(view), list_(view.pieces) {}
    /// False behind the last one.
    bool next(PieceView& piece);

private:
    const PayloadView& view_;
    ByteReader list_;
    std::uint64_t done_ = 0;
    std::size_t at_ = 0;  ///< in the body
};

/// A piece to be written.
struct PieceHeader {
    std::string subKey;
    std::uint64_t first = 0;
    std::uint64_t count = 1;
    std::size_t bytes = 0;  ///< of the body
};

/// What encodePayload needs.
struct PayloadHeader {
    Uuid origin;
    std::uint64_t incarnation = 0;
    std::uint64_t sequence = 0;
    Stamp stamp = 0;
    std::uint32_t operations = 0;
    std::string projection;
    std::uint32_t schemaVersion = 0;
    std::uint8_t kind = kFirstKind;
};

/// Header and body with their CRC, in version 2: one piece of one sequence. `body` is copied once.
[[nodiscard]] Bytes encodePayload(const PayloadHeader& header, BytesView body);
/// The same on several lanes; `header.sequence` is not looked at. At least one piece; together they are the body.
[[nodiscard]] Bytes encodePayload(const PayloadHeader& header, const std::vector<PieceHeader>& pieces, BytesView body);
/// Splits a payload of version 1 or 2; allocates nothing. Errors: Corrupt (CRC, bounds), Unsupported (newer version).
/// The body is not looked into. `checkCrc` false only for payloads that this process has already checked.
Result<PayloadView> parsePayload(BytesView payload, bool checkCrc);
/// Origin uuid of a payload without parsing it; nil when it is too short.
[[nodiscard]] Uuid originOfPayload(BytesView payload);
/// Stamp of a payload without parsing it; 0 when it is too short.
[[nodiscard]] Stamp stampOfPayload(BytesView payload);

}  // namespace tributary::engine
