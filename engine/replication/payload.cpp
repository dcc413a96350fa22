// Version 2: crc u32 | version u8 = 2 | origin 16 | incarnation u64 | stamp u64 | operations u32 | kind u8 |
//            schema version u32 | projection blob | piece count varint,
//            {sub-key blob, first sequence varint, count varint, body bytes varint} | bodies in the order of the
//            pieces.
// Version 1: crc u32 | version u8 = 1 | origin 16 | incarnation u32 | sequence u64 | stamp u64 | operations u32 |
//            projection blob | body to the end.
// A body is its kind's.
#include "engine/replication/payload.h"

#include <cassert>
#include <iterator>

#include "core/base/crc32c.h"

namespace tributary::engine {
namespace {

constexpr std::uint8_t kPayloadVersion = 2;
// Where the versions keep what is asked for without parsing.
constexpr std::size_t kVersionAt = 4;
constexpr std::size_t kOriginAt = 5;
constexpr std::size_t kStampAt[] = {33, 29};  // by version - 1

void readHeader1(ByteReader& reader, PayloadView& view) {
    view.incarnation = reader.fixed<std::uint32_t>();
    view.sequence = reader.fixed<std::uint64_t>();
    view.stamp = reader.fixed<std::uint64_t>();
    view.operations = reader.fixed<std::uint32_t>();
    view.projection = reader.blob();
}

constexpr std::uint64_t kPiecesMax = 4'096;

bool readPiece(ByteReader& reader, PieceView& piece, std::uint64_t& bytes) {
    piece.subKey = reader.blob();
    piece.first = reader.varint();
    piece.count = reader.varint();
    bytes = reader.varint();
    return reader.ok() && piece.first != 0 && piece.count != 0 && piece.first <= UINT64_MAX - piece.count;
}

/// False when the pieces are not the body, or have no sense.
bool readHeader2(ByteReader& reader, PayloadView& view) {
    view.incarnation = reader.fixed<std::uint64_t>();
    view.stamp = reader.fixed<std::uint64_t>();
    view.operations = reader.fixed<std::uint32_t>();
    view.kind = reader.fixed<std::uint8_t>();
    view.schemaVersion = reader.fixed<std::uint32_t>();
    view.projection = reader.blob();
    view.pieceCount = reader.varint();
    if (!reader.ok() || view.pieceCount == 0 || view.pieceCount > kPiecesMax) return false;
    const char* list = reader.position();
    std::uint64_t total = 0;
    bool plain = view.pieceCount == 1;
    for (std::uint64_t i = 0; i < view.pieceCount; ++i) {
        PieceView piece;
        std::uint64_t bytes = 0;
        if (!readPiece(reader, piece, bytes) || bytes > reader.remaining()) return false;
        if (i == 0) view.sequence = piece.first;
        plain = plain && piece.subKey.empty() && piece.count == 1;
        total += bytes;
    }
    if (!plain) view.pieces = BytesView(list, static_cast<std::size_t>(reader.position() - list));
    return total == reader.remaining();
}

Bytes encodeHeader(const PayloadHeader& header, std::size_t bodyBytes) {
    Bytes out;
    out.reserve(80 + header.projection.size() + bodyBytes);
    appendFixed<std::uint32_t>(out, 0);
    appendFixed<std::uint8_t>(out, kPayloadVersion);
    out.append(header.origin.bytes());
    appendFixed<std::uint64_t>(out, header.incarnation);
    appendFixed<std::uint64_t>(out, header.stamp);
    appendFixed<std::uint32_t>(out, header.operations);
    appendFixed<std::uint8_t>(out, header.kind);
    appendFixed<std::uint32_t>(out, header.schemaVersion);
    appendBlob(out, header.projection);
    return out;
}

void appendPiece(Bytes& out, BytesView subKey, std::uint64_t first, std::uint64_t count, std::size_t bytes) {
    appendBlob(out, subKey);
    appendVarint(out, first);
    appendVarint(out, count);
    appendVarint(out, bytes);
}

void closePayload(Bytes& out, BytesView body) {
    out.append(body);
    const std::uint32_t crc = crc32c(BytesView(out).substr(sizeof(std::uint32_t)));
    std::memcpy(out.data(), &crc, sizeof(crc));
}

}  // namespace

bool PieceReader::next(PieceView& piece) {
    if (done_ == view_.pieceCount) return false;
    ++done_;
    if (view_.isPlain()) {
        piece = {{}, view_.sequence, 1, view_.body};
        return true;
    }
    std::uint64_t bytes = 0;
    const bool good = readPiece(list_, piece, bytes) && bytes <= view_.body.size() - at_;
    assert(good);  // parsePayload looked
    piece.body = view_.body.substr(at_, static_cast<std::size_t>(bytes));
    at_ += static_cast<std::size_t>(bytes);
    return good;
}

Bytes encodePayload(const PayloadHeader& header, BytesView body) {
    Bytes out = encodeHeader(header, body.size());
    appendVarint(out, 1);
    appendPiece(out, {}, header.sequence, 1, body.size());
    closePayload(out, body);
    return out;
}

Bytes encodePayload(const PayloadHeader& header, const std::vector<PieceHeader>& pieces, BytesView body) {
    Bytes out = encodeHeader(header, body.size());
    appendVarint(out, pieces.size());
    for (const PieceHeader& piece : pieces) appendPiece(out, piece.subKey, piece.first, piece.count, piece.bytes);
    closePayload(out, body);
    return out;
}

Result<PayloadView> parsePayload(BytesView payload, bool checkCrc) {
    ByteReader reader(payload);
    const auto crc = reader.fixed<std::uint32_t>();
    const auto corrupt = [] { return Error{ErrorCode::Corrupt, "payload is damaged", {}, {}}; };
    if (!reader.ok()) return corrupt();
    if (checkCrc && crc32c(payload.substr(sizeof(crc))) != crc) return corrupt();
    const auto version = reader.fixed<std::uint8_t>();
    if (version > kPayloadVersion) {
        return Error{ErrorCode::Unsupported, "payload of a newer format", {}, "upgrade this node"};
    }
    PayloadView view;
    view.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
    if (version == 1) {
        readHeader1(reader, view);
    } else if (version != kPayloadVersion || !readHeader2(reader, view)) {
        return corrupt();
    }
    if (!reader.ok() || view.sequence == 0) return corrupt();
    view.body = BytesView(reader.position(), reader.remaining());
    return view;
}

Uuid originOfPayload(BytesView payload) {
    const std::size_t end = kOriginAt + Uuid::kSize;
    return Uuid::fromBytes(payload.size() < end ? BytesView() : payload.substr(kOriginAt, Uuid::kSize));
}

Stamp stampOfPayload(BytesView payload) {
    if (payload.size() <= kVersionAt) return 0;
    const auto version = static_cast<std::uint8_t>(payload[kVersionAt]);
    if (version == 0 || version > std::size(kStampAt)) return 0;
    const std::size_t at = kStampAt[version - 1];
    if (payload.size() < at + sizeof(Stamp)) return 0;
    Stamp stamp = 0;
    std::memcpy(&stamp, payload.data() + at, sizeof(stamp));
    return stamp;
}

}  // namespace tributary::engine
