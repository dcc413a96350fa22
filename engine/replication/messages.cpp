// Encoders and decoders of a link's frame bodies.
#include "engine/replication/messages.h"

#include <lz4.h>
#include <zstd.h>

#include "engine/wire/frames.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kBatchRatioMax = 100;  // of plain to packed bytes

constexpr std::size_t kPayloadBytesMin = 48;  ///< a header and its length; what claims more in less is not believed

Bytes compress(BytesView plain, Codec codec) {
    Bytes out;
    if (codec == Codec::Lz4) {
        out.resize(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(plain.size()))));
        const int size = LZ4_compress_fast(plain.data(), out.data(), static_cast<int>(plain.size()),
                                           static_cast<int>(out.size()), 4);
        out.resize(static_cast<std::size_t>(size));
    } else {
        out.resize(ZSTD_compressBound(plain.size()));
        const std::size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1);
        out.resize(ZSTD_isError(size) != 0U ? 0 : size);
    }
    return out;
}

bool decompress(BytesView packed, Codec codec, Bytes& plain) {
    if (codec == Codec::Lz4) {
        return LZ4_decompress_safe(packed.data(), plain.data(), static_cast<int>(packed.size()),
                                   static_cast<int>(plain.size())) == static_cast<int>(plain.size());
    }
    return ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size()) == plain.size();
}

}  // namespace

Bytes encodePlace(const OriginPlace& place) {
    Bytes out;
    appendFixed<std::uint64_t>(out, place.incarnation);
    appendFixed<std::uint64_t>(out, place.before);
    appendFixed<std::uint64_t>(out, place.nextSequence);
    return out;
}

Result<OriginPlace> decodePlace(BytesView body) {
    ByteReader reader(body);
    OriginPlace place;
    place.incarnation = reader.fixed<std::uint64_t>();
    place.before = reader.fixed<std::uint64_t>();
    place.nextSequence = reader.fixed<std::uint64_t>();
    if (!reader.ok()) return malformedFrame("place");
    return place;
}

Bytes encodeHelloOk(const HelloOk& ok) {
    Bytes out;
    appendFixed<std::int64_t>(out, ok.nowMs);
    ok.positions.encode(out);
    return out;
}

Result<HelloOk> decodeHelloOk(BytesView body) {
    ByteReader reader(body);
    HelloOk ok;
    ok.nowMs = reader.fixed<std::int64_t>();
    if (!ok.positions.decode(reader)) return malformedFrame("hello answer");
    return ok;
}

Codec codecOf(std::string_view compression) {
    if (compression == "off") return Codec::Off;
    if (compression == "zstd" || compression == "zlib") return Codec::Zstd;
    return Codec::Lz4;
}

Bytes encodeBatch(std::uint64_t first, const std::vector<BytesView>& payloads, Codec codec) {
    std::size_t total = 16;
    for (const BytesView payload : payloads) total += payload.size() + 10;
    Bytes plain;
    plain.reserve(total + 16);
    const auto header = [&](Bytes& out, Codec used, std::size_t plainSize) {
        appendFixed<std::uint64_t>(out, first);
        appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(used));
        appendFixed<std::uint32_t>(out, static_cast<std::uint32_t>(plainSize));
    };
    if (codec == Codec::Off) header(plain, Codec::Off, 0);
    appendVarint(plain, payloads.size());
    for (const BytesView payload : payloads) appendBlob(plain, payload);
    if (codec == Codec::Off) return plain;
    const Bytes packed = compress(plain, codec);
    Bytes out;
    // Data that does not shrink travels plain: the receiver is spared the work.
    // So does what shrinks so much that the receiver would take it for a bomb.
    const bool worth = !packed.empty() && packed.size() < plain.size() - plain.size() / 16 &&
                       plain.size() / kBatchRatioMax <= packed.size() && plain.size() <= kFrameBytesMax;
    header(out, worth ? codec : Codec::Off, worth ? plain.size() : 0);
    out.append(worth ? packed : plain);
    return out;
}

Result<Batch> decodeBatch(BytesView body) {
    ByteReader reader(body);
    Batch batch;
    batch.first = reader.fixed<std::uint64_t>();
    const auto codec = static_cast<Codec>(reader.fixed<std::uint8_t>());
    const auto plainSize = reader.fixed<std::uint32_t>();
    if (!reader.ok() || codec > Codec::Zstd) return malformedFrame("batch");
    BytesView content(reader.position(), reader.remaining());
    if (codec != Codec::Off) {
        // A claimed size is believed only up to the frame limit and a ratio (a bomb is refused unopened).
        if (plainSize > kFrameBytesMax || plainSize / kBatchRatioMax > content.size()) return malformedFrame("batch");
        batch.plain.resize(plainSize);
        if (!decompress(content, codec, batch.plain)) return malformedFrame("batch");
        content = batch.plain;
    }
    ByteReader items(content);
    const std::uint64_t count = items.varint();
    if (count > content.size() / kPayloadBytesMin) return malformedFrame("batch");
    batch.payloads.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count && items.ok(); ++i) batch.payloads.push_back(items.blob());
    if (!items.ok()) return malformedFrame("batch");
    return batch;
}

Bytes encodeSkip(const Skip& skip) {
    Bytes out;
    appendFixed<std::uint64_t>(out, skip.sequence);
    out.append(skip.lane.origin.bytes());
    appendFixed<std::uint64_t>(out, skip.lane.incarnation);
    appendBlob(out, skip.lane.projection);
    appendFixed<std::uint64_t>(out, skip.from);
    appendFixed<std::uint64_t>(out, skip.to);
    return out;
}

Result<Skip> decodeSkip(BytesView body) {
    ByteReader reader(body);
    Skip skip;
    skip.sequence = reader.fixed<std::uint64_t>();
    skip.lane.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
    skip.lane.incarnation = reader.fixed<std::uint64_t>();
    skip.lane.projection = std::string(reader.blob());
    skip.from = reader.fixed<std::uint64_t>();
    skip.to = reader.fixed<std::uint64_t>();
    const bool possible = skip.from != 0 && skip.to >= skip.from && skip.to != UINT64_MAX;
    if (!reader.ok() || !possible) return malformedFrame("skip");
    return skip;
}

Bytes encodeEnded(const Ended& ended) {
    Bytes out;
    appendFixed<std::uint64_t>(out, ended.sequence);
    return out.append(encodeLifeEnd(ended.end));
}

Result<Ended> decodeEnded(BytesView body) {
    ByteReader reader(body);
    Ended ended;
    ended.sequence = reader.fixed<std::uint64_t>();
    const auto end = decodeLifeEnd(BytesView(reader.position(), reader.remaining()));
    if (!reader.ok() || !end) return malformedFrame("end of a life");
    ended.end = end.value();
    return ended;
}

Bytes encodeAck(const Ack& ack) {
    Bytes out;
    appendFixed<std::uint64_t>(out, ack.received);
    appendFixed<std::uint64_t>(out, ack.durable);
    appendFixed<std::int64_t>(out, ack.receiverNowMs);
    return out;
}

Result<Ack> decodeAck(BytesView body) {
    ByteReader reader(body);
    Ack ack;
    ack.received = reader.fixed<std::uint64_t>();
    ack.durable = reader.fixed<std::uint64_t>();
    ack.receiverNowMs = reader.fixed<std::int64_t>();
    if (!reader.ok() || ack.durable > ack.received) return malformedFrame("ack");
    return ack;
}

}  // namespace tributary::engine
