// Encoders and decoders of frame bodies.
#include "engine/gateway/messages.h"

#include <lz4.h>
#include <zstd.h>

#include "engine/wire/frames.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kBatchRatioMax = 100;  // of plain to packed bytes

Error malformed(std::string_view what) {
    return Error{ErrorCode::Corrupt, std::string("malformed ").append(what).append(" frame"), {}, {}};
}

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

Bytes encodeHello(const Hello& hello) {
    Bytes out;
    appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(hello.kind));
    for (const std::string* text :
         {&hello.user, &hello.fromCluster, &hello.fromPath, &hello.toPath, &hello.projection}) {
        appendBlob(out, *text);
    }
    out.append(hello.fromUuid.bytes());
    out.append(hello.toUuid.bytes());
    appendFixed<std::uint64_t>(out, hello.epoch);
    appendFixed<std::uint64_t>(out, hello.incarnation);
    appendFixed<std::uint64_t>(out, hello.nextSequence);
    return out;
}

Result<Hello> decodeHello(BytesView body) {
    ByteReader reader(body);
    Hello hello;
    const auto kind = reader.fixed<std::uint8_t>();
    hello.kind = static_cast<ConnectionClass>(kind);
    for (std::string* text : {&hello.user, &hello.fromCluster, &hello.fromPath, &hello.toPath, &hello.projection}) {
        *text = std::string(reader.blob());
    }
    hello.fromUuid = Uuid::fromBytes(reader.raw(Uuid::kSize));
    hello.toUuid = Uuid::fromBytes(reader.raw(Uuid::kSize));
    hello.epoch = reader.fixed<std::uint64_t>();
    hello.incarnation = reader.fixed<std::uint64_t>();
    hello.nextSequence = reader.fixed<std::uint64_t>();
    if (!reader.ok() || kind < 1 || kind > 3) return malformed("hello");
    return hello;
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
    if (!ok.positions.decode(reader)) return malformed("hello answer");
    return ok;
}

Bytes encodeRefusal(const Refusal& refusal) {
    Bytes out;
    appendFixed<std::uint64_t>(out, refusal.sequence);
    appendBlob(out, refusal.code);
    appendBlob(out, refusal.message);
    return out;
}

Result<Refusal> decodeRefusal(BytesView body) {
    ByteReader reader(body);
    Refusal refusal;
    refusal.sequence = reader.fixed<std::uint64_t>();
    refusal.code = std::string(reader.blob());
    refusal.message = std::string(reader.blob());
    if (!reader.ok()) return malformed("refusal");
    return refusal;
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
    if (!reader.ok() || codec > Codec::Zstd) return malformed("batch");
    BytesView content(reader.position(), reader.remaining());
    if (codec != Codec::Off) {
        // A claimed size is believed only up to the frame limit and a ratio (a bomb is refused unopened).
        if (plainSize > kFrameBytesMax || plainSize / kBatchRatioMax > content.size()) return malformed("batch");
        batch.plain.resize(plainSize);
        if (!decompress(content, codec, batch.plain)) return malformed("batch");
        content = batch.plain;
    }
    ByteReader items(content);
    const std::uint64_t count = items.varint();
    if (count > content.size() / kPayloadBytesMin) return malformed("batch");
    batch.payloads.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count && items.ok(); ++i) batch.payloads.push_back(items.blob());
    if (!items.ok()) return malformed("batch");
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
    if (!reader.ok() || !possible) return malformed("skip");
    return skip;
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
    if (!reader.ok() || ack.durable > ack.received) return malformed("ack");
    return ack;
}

Bytes encodeRequest(const Request& request) {
    Bytes out;
    out.reserve(32 + request.body.size());
    appendFixed<std::uint64_t>(out, request.id);
    appendFixed<std::uint16_t>(out, request.method);
    appendBlob(out, request.user);
    out.append(request.body);
    return out;
}

Result<Request> decodeRequest(BytesView body) {
    ByteReader reader(body);
    Request request;
    request.id = reader.fixed<std::uint64_t>();
    request.method = reader.fixed<std::uint16_t>();
    request.user = std::string(reader.blob());
    if (!reader.ok()) return malformed("request");
    request.body = BytesView(reader.position(), reader.remaining());
    return request;
}

Bytes encodeResponse(const Response& response) {
    Bytes out;
    out.reserve(32 + response.body.size());
    appendFixed<std::uint64_t>(out, response.id);
    appendFixed<std::uint8_t>(out, response.ok ? 1 : 0);
    if (response.ok) {
        out.append(response.body);
    } else {
        appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(response.error.code));
        for (const std::string* text : {&response.error.what, &response.error.where, &response.error.fix}) {
            appendBlob(out, *text);
        }
    }
    return out;
}

Result<Response> decodeResponse(BytesView body) {
    ByteReader reader(body);
    Response response;
    response.id = reader.fixed<std::uint64_t>();
    response.ok = reader.fixed<std::uint8_t>() == 1;
    if (!reader.ok()) return malformed("response");
    if (response.ok) {
        response.body = BytesView(reader.position(), reader.remaining());
        return response;
    }
    response.error.code = static_cast<ErrorCode>(reader.fixed<std::uint8_t>());
    for (std::string* text : {&response.error.what, &response.error.where, &response.error.fix}) {
        *text = std::string(reader.blob());
    }
    if (!reader.ok() || response.error.code > ErrorCode::Internal) return malformed("response");
    return response;
}

}  // namespace tributary::engine
