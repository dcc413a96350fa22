// Greetings and refusals.
#include "engine/wire/greeting.h"

#include "core/base/escape.h"
#include "engine/wire/frames.h"

namespace tributary::engine {

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
    appendFixed<std::uint64_t>(out, hello.before);
    return out;
}

Result<Hello> decodeHello(BytesView body) {
    ByteReader reader(body);
    Hello hello;
    const auto kind = reader.fixed<std::uint8_t>();
    hello.kind = static_cast<ConnectionClass>(kind);
    for (std::string* text : {&hello.user, &hello.fromCluster, &hello.fromPath, &hello.toPath, &hello.projection}) {
        *text = std::string(reader.blob());
        if (!isUtf8(*text)) return malformedFrame("hello");  // they go into records and answers
    }
    hello.fromUuid = Uuid::fromBytes(reader.raw(Uuid::kSize));
    hello.toUuid = Uuid::fromBytes(reader.raw(Uuid::kSize));
    hello.epoch = reader.fixed<std::uint64_t>();
    hello.incarnation = reader.fixed<std::uint64_t>();
    hello.nextSequence = reader.fixed<std::uint64_t>();
    hello.before = reader.fixed<std::uint64_t>();
    if (!reader.ok() || kind < 1 || kind > 4) return malformedFrame("hello");
    return hello;
}

Bytes encodeWelcome(Millis nowMs) {
    Bytes out;
    appendFixed<std::int64_t>(out, nowMs);
    appendVarint(out, 0);
    return out;
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
    if (!reader.ok()) return malformedFrame("refusal");
    return refusal;
}

}  // namespace tributary::engine
