// Bytes of cuts.
#include "engine/replication/cut.h"

#include "engine/wire/frames.h"

namespace tributary::engine {

Bytes encodeCutEntry(const CutPart& part) {
    Bytes out;
    out.reserve(40 + part.from.size() + part.to.size() + part.body.size());
    appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(part.what));
    appendFixed<std::uint64_t>(out, part.cut);
    appendFixed<std::uint64_t>(out, part.number);
    appendBlob(out, part.from);
    appendBlob(out, part.to);
    return out.append(part.body);
}

Result<CutPart> decodeCutEntry(BytesView entry) {
    ByteReader reader(entry);
    CutPart part;
    const auto what = reader.fixed<std::uint8_t>();
    part.what = static_cast<CutPart::What>(what);
    part.cut = reader.fixed<std::uint64_t>();
    part.number = reader.fixed<std::uint64_t>();
    part.from = Bytes(reader.blob());
    part.to = Bytes(reader.blob());
    const bool begins = part.what == CutPart::What::Begin;
    const bool isChunk = part.what == CutPart::What::Chunk;
    const bool known = begins || isChunk || part.what == CutPart::What::End;
    if (!reader.ok() || !known || part.cut == 0 || begins != (part.number == 0) || isChunk == part.to.empty()) {
        return malformedFrame("cut");
    }
    part.body = Bytes(reader.position(), reader.remaining());
    return part;
}

Bytes encodeCutPart(const CutPart& part) {
    Bytes out;
    appendFixed<std::uint64_t>(out, part.sequence);
    return out.append(encodeCutEntry(part));
}

Result<CutPart> decodeCutPart(BytesView body) {
    ByteReader reader(body);
    const auto sequence = reader.fixed<std::uint64_t>();
    if (!reader.ok()) return malformedFrame("cut");
    auto part = decodeCutEntry(BytesView(reader.position(), reader.remaining()));
    if (part) part.value().sequence = sequence;
    return part;
}

Bytes encodeCutPlace(Stamp stamp, const Positions& positions) {
    Bytes out;
    appendFixed<std::uint64_t>(out, stamp);
    positions.encode(out);
    return out;
}

Result<CutPlace> decodeCutPlace(BytesView body) {
    ByteReader reader(body);
    CutPlace place;
    place.stamp = reader.fixed<std::uint64_t>();
    if (!reader.ok() || !place.positions.decode(reader) || !reader.atEnd()) return malformedFrame("cut");
    return place;
}

Bytes encodeCutWant(const CutWant& want) {
    Bytes out;
    appendFixed<std::uint64_t>(out, want.cut);
    appendFixed<std::uint64_t>(out, want.number);
    return out.append(want.token);
}

Result<CutWant> decodeCutWant(BytesView body) {
    ByteReader reader(body);
    CutWant want;
    want.cut = reader.fixed<std::uint64_t>();
    want.number = reader.fixed<std::uint64_t>();
    if (!reader.ok() || want.cut == 0 || want.number == 0) return malformedFrame("cut");
    want.token = Bytes(reader.position(), reader.remaining());
    return want;
}

}  // namespace tributary::engine
