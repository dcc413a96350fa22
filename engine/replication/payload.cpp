// Layout: crc u32 | version u8 | origin 16 | incarnation u32 | sequence u64 | stamp u64 | operations u32 |
//         projection blob | family count varint, names | mutations to the end.
#include "engine/replication/payload.h"

#include "core/base/crc32c.h"

namespace tributary::engine {
namespace {

constexpr std::uint8_t kPayloadVersion = 1;
constexpr std::uint64_t kFamiliesMax = 1024;

bool readBody(ByteReader& reader, PayloadView& view) {
    const std::uint64_t count = reader.varint();
    if (count > kFamiliesMax) return false;
    view.families.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) view.families.push_back(reader.blob());
    if (!reader.ok()) return false;
    view.mutations = BytesView(reader.position(), reader.remaining());
    return true;
}

}  // namespace

Bytes encodeBody(const std::vector<std::string>& families, BytesView mutations) {
    Bytes body;
    body.reserve(16 + mutations.size());
    appendVarint(body, families.size());
    for (const auto& family : families) appendBlob(body, family);
    body.append(mutations);
    return body;
}

Bytes encodePayload(const PayloadHeader& header, BytesView body) {
    Bytes out;
    out.reserve(64 + header.projection.size() + body.size());
    appendFixed<std::uint32_t>(out, 0);
    appendFixed<std::uint8_t>(out, kPayloadVersion);
    out.append(header.origin.bytes());
    appendFixed<std::uint32_t>(out, header.incarnation);
    appendFixed<std::uint64_t>(out, header.sequence);
    appendFixed<std::uint64_t>(out, header.stamp);
    appendFixed<std::uint32_t>(out, header.operations);
    appendBlob(out, header.projection);
    out.append(body);
    const std::uint32_t crc = crc32c(BytesView(out).substr(sizeof(std::uint32_t)));
    std::memcpy(out.data(), &crc, sizeof(crc));
    return out;
}

Result<PayloadView> parsePayload(BytesView payload, bool checkCrc) {
    ByteReader reader(payload);
    const auto crc = reader.fixed<std::uint32_t>();
    const Error corrupt{ErrorCode::Corrupt, "payload is damaged", {}, {}};
    if (!reader.ok()) return corrupt;
    if (checkCrc && crc32c(payload.substr(sizeof(crc))) != crc) return corrupt;
    const auto version = reader.fixed<std::uint8_t>();
    if (version != kPayloadVersion) {
        return Error{ErrorCode::Unsupported, "payload of a newer format", {}, "upgrade this node"};
    }
    PayloadView view;
    view.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
    view.incarnation = reader.fixed<std::uint32_t>();
    view.sequence = reader.fixed<std::uint64_t>();
    view.stamp = reader.fixed<std::uint64_t>();
    view.operations = reader.fixed<std::uint32_t>();
    view.projection = reader.blob();
    if (!reader.ok() || view.sequence == 0 || !readBody(reader, view)) return corrupt;
    return view;
}

Result<PayloadView> parseBody(BytesView body) {
    ByteReader reader(body);
    PayloadView view;
    if (!readBody(reader, view)) return Error{ErrorCode::InvalidInput, "malformed batch", {}, {}};
    return view;
}

Uuid originOfPayload(BytesView payload) {
    return Uuid::fromBytes(payload.size() < 21 ? BytesView() : payload.substr(5, 16));
}

Stamp stampOfPayload(BytesView payload) {
    if (payload.size() < 41) return 0;
    Stamp stamp = 0;
    std::memcpy(&stamp, payload.data() + 33, sizeof(stamp));
    return stamp;
}

}  // namespace tributary::engine
