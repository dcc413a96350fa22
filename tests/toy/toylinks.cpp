// Letters and numbers of a ledger's session.
#include "tests/toy/toylinks.h"

#include <cassert>

namespace tributary::toy {
namespace {

using namespace engine;

constexpr std::size_t kPayloadBytesMin = 48;  ///< a header and its length

Bytes numbers(char letter, std::initializer_list<std::uint64_t> values) {
    Bytes out(1, letter);
    for (const std::uint64_t value : values) appendVarint(out, value);
    return out;
}

struct Letters {
    Bytes operator()(const OriginPlace& place) const {
        return numbers('P', {place.incarnation, place.before, place.nextSequence});
    }
    Bytes operator()(const HelloOk& ok) const {
        Bytes out = numbers('K', {static_cast<std::uint64_t>(ok.nowMs)});
        ok.positions.encode(out);
        return out;
    }
    Bytes operator()(const PayloadRun& run) const {
        Bytes out = numbers('L', {run.first, run.payloads.size()});
        for (const BytesView payload : run.payloads) appendBlob(out, payload);
        return out;
    }
    Bytes operator()(const Skip&) const {
        assert(false);
        return {};
    }
    Bytes operator()(const Ended& ended) const { return "E" + encodeEnded(ended); }
    Bytes operator()(const Ack& ack) const {
        return numbers('A', {ack.received, ack.durable, static_cast<std::uint64_t>(ack.receiverNowMs)});
    }
    Bytes operator()(const Beat& beat) const { return beat.question ? "?" : "!"; }
};

Result<Heard> damaged() {
    return malformedFrame("ledger");
}

class ToyCodec final : public SessionCodec {
public:
    SessionFrame encode(const Said& said) const override { return {FrameType::Own, std::visit(Letters(), said)}; }

    Result<Heard> decode(const Frame& frame) const override {
        if (frame.type != FrameType::Own || frame.body.empty()) return damaged();
        ByteReader reader(frame.body.substr(1));
        switch (frame.body.front()) {
            case 'P': return place(reader);
            case 'K': return positions(reader);
            case 'L': return payloads(reader);
            case 'A': return ack(reader);
            case 'E': {
                const auto ended = decodeEnded(frame.body.substr(1));
                return ended ? Result<Heard>(Heard(ended.value())) : damaged();
            }
            case '?':
            case '!': return reader.atEnd() ? Result<Heard>(Heard(Beat{frame.body == "?"})) : damaged();
            default: return damaged();
        }
    }

private:
    static Result<Heard> place(ByteReader& reader) {
        OriginPlace place;
        place.incarnation = reader.varint();
        place.before = reader.varint();
        place.nextSequence = reader.varint();
        return reader.ok() ? Result<Heard>(Heard(place)) : damaged();
    }
    static Result<Heard> positions(ByteReader& reader) {
        HelloOk ok;
        ok.nowMs = static_cast<Millis>(reader.varint());
        return ok.positions.decode(reader) ? Result<Heard>(Heard(std::move(ok))) : damaged();
    }
    static Result<Heard> payloads(ByteReader& reader) {
        Batch batch;
        batch.first = reader.varint();
        const std::uint64_t count = reader.varint();
        if (!reader.ok() || count > reader.remaining() / kPayloadBytesMin) return damaged();
        for (std::uint64_t i = 0; i < count && reader.ok(); ++i) batch.payloads.push_back(reader.blob());
        return reader.ok() && reader.atEnd() ? Result<Heard>(Heard(std::move(batch))) : damaged();
    }
    static Result<Heard> ack(ByteReader& reader) {
        Ack ack;
        ack.received = reader.varint();
        ack.durable = reader.varint();
        ack.receiverNowMs = static_cast<Millis>(reader.varint());
        return reader.ok() && ack.durable <= ack.received ? Result<Heard>(Heard(ack)) : damaged();
    }
};

class ToyLinks final : public LinkKind {
public:
    Dials dials() const override { return Dials::Replica; }
    const SessionCodec& codec() const override {
        static const ToyCodec kCodec;
        return kCodec;
    }
};

}  // namespace

const LinkKind& toyLinks() {
    static const ToyLinks kLinks;
    return kLinks;
}

}  // namespace tributary::toy
