// Version 2: crc u32 | version u8 = 2 | origin 16 | incarnation u64 | stamp u64 | operations u32 | kind u8 |
//            schema version u32 | projection blob | piece count varint,
//            {sub-key blob, first sequence varint, count varint, body bytes varint} | bodies in the order of the
//            pieces.
// Version 1: crc u32 | version u8 = 1 | origin 16 | incarnation u32 | sequence u64 | stamp u64 | operations u32 |
//            projection blob | body to the end.
// A body is its kind's.
#include "engine/replication/payload.h"

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

/// False when there are pieces that nobody writes: each kind has one lane, and one sequence for each entry.
bool readHeader2(ByteReader& reader, PayloadView& view) {
    view.incarnation = reader.fixed<std::uint64_t>();
    view.stamp = reader.fixed<std::uint64_t>();
    view.operations = reader.fixed<std::uint32_t>();
    view.kind = reader.fixed<std::uint8_t>();
    view.schemaVersion = reader.fixed<std::uint32_t>();
    view.projection = reader.blob();
    const std::uint64_t pieces = reader.varint();
    const BytesView subKey = reader.blob();
    view.sequence = reader.varint();
    const std::uint64_t sequences = reader.varint();
    return pieces == 1 && subKey.empty() && sequences == 1 && reader.varint() == reader.remaining();
}

}  // namespace

Bytes encodePayload(const PayloadHeader& header, BytesView body) {
    Bytes out;
    out.reserve(80 + header.projection.size() + body.size());
    appendFixed<std::uint32_t>(out, 0);
    appendFixed<std::uint8_t>(out, kPayloadVersion);
    out.append(header.origin.bytes());
    appendFixed<std::uint64_t>(out, header.incarnation);
    appendFixed<std::uint64_t>(out, header.stamp);
    appendFixed<std::uint32_t>(out, header.operations);
    appendFixed<std::uint8_t>(out, header.kind);
    appendFixed<std::uint32_t>(out, header.schemaVersion);
    appendBlob(out, header.projection);
    appendVarint(out, 1);
    appendBlob(out, {});
    appendVarint(out, header.sequence);
    appendVarint(out, 1);
    appendVarint(out, body.size());
    out.append(body);
    const std::uint32_t crc = crc32c(BytesView(out).substr(sizeof(std::uint32_t)));
    std::memcpy(out.data(), &crc, sizeof(crc));
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
