// Letters and numbers of a ledger's session.
#include "tests/toy/toylinks.h"

#include <cassert>
#include <map>

#include "tests/toy/toykind.h"

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
    Bytes operator()(const CutWant& want) const { return "W" + encodeCutWant(want); }
    Bytes operator()(const CutPart& part) const { return "C" + encodeCutPart(part); }
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
            case 'W': {
                const auto want = decodeCutWant(frame.body.substr(1));
                return want ? Result<Heard>(Heard(want.value())) : damaged();
            }
            case 'C': {
                auto part = decodeCutPart(frame.body.substr(1));
                return part ? Result<Heard>(Heard(std::move(part).value())) : damaged();
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

bool travels(BytesView key) {
    return !key.starts_with("l/");
}

/// A body is a list of rows: key blob | image blob.
class ToyCuts final : public CutKind {
public:
    bool resumes() const override { return true; }

    Result<CutChunk> read(StateView& view, BytesView from, std::size_t bytesMax) const override {
        auto rows = view.scan(from.empty() ? Bytes() : Bytes(from) + '\0', {}, kRowsMax, bytesMax);
        if (!rows) return rows.error();
        CutChunk chunk;
        for (const StoredRow& row : rows.value().rows) {
            chunk.to = row.key;
            if (!travels(row.key)) continue;
            appendBlob(chunk.body, row.key);
            appendBlob(chunk.body, shownImage(row.record));
        }
        chunk.last = rows.value().atEnd;
        if (chunk.to.empty()) chunk.to = from.empty() ? Bytes("\0", 1) : Bytes(from);
        return chunk;
    }

    Status check(const CutPart& part) const override {
        ByteReader reader(part.body);
        Bytes before = part.from;
        while (!reader.atEnd() && reader.ok()) {
            const BytesView key = reader.blob();
            (void)reader.blob();
            if (!travels(key) || key <= before || key > part.to) return damaged().error();
            before = Bytes(key);
        }
        return reader.ok() ? okStatus() : Status(damaged().error());
    }

    Result<Bytes> install(StateView& here, const CutPart& part) const override {
        std::map<Bytes, Bytes> due;
        ByteReader reader(part.what == CutPart::What::Chunk ? BytesView(part.body) : BytesView());
        while (!reader.atEnd() && reader.ok()) {
            Bytes key(reader.blob());
            due[std::move(key)] = Bytes(reader.blob());
        }
        if (!reader.ok()) return Error{ErrorCode::Corrupt, "a chunk of a ledger is damaged", {}, {}};
        const Bytes end = part.to.empty() ? Bytes() : part.to + '\0';
        const auto rows = here.scan(part.from.empty() ? Bytes() : part.from + '\0', end, SIZE_MAX, SIZE_MAX);
        if (!rows) return rows.error();
        for (const StoredRow& row : rows.value().rows) {
            if (travels(row.key)) due.try_emplace(row.key);
        }
        Bytes out;
        for (const auto& [key, image] : due) {
            appendBlob(out, key);
            appendBlob(out, image);
        }
        return out;
    }

private:
    static constexpr std::size_t kRowsMax = 10'000;
};

class ToyLinks final : public LinkKind {
public:
    Dials dials() const override { return Dials::Replica; }
    const SessionCodec& codec() const override {
        static const ToyCodec kCodec;
        return kCodec;
    }
    const CutKind* cuts() const override {
        static const ToyCuts kCuts;
        return &kCuts;
    }
};

}  // namespace

const LinkKind& toyLinks() {
    static const ToyLinks kLinks;
    return kLinks;
}

}  // namespace tributary::toy
