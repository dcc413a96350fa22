// Sessions in the frames of messages.h.
#include "engine/replication/linkkind.h"

#include <utility>

namespace tributary::engine {
namespace {

struct FrameOf {
    SessionFrame operator()(const OriginPlace& place) const { return {FrameType::Place, encodePlace(place)}; }
    SessionFrame operator()(const HelloOk& ok) const { return {FrameType::HelloOk, encodeHelloOk(ok)}; }
    SessionFrame operator()(const PayloadRun& run) const {
        return {FrameType::Batch, encodeBatch(run.first, run.payloads, run.codec)};
    }
    SessionFrame operator()(const Skip& skip) const { return {FrameType::Skip, encodeSkip(skip)}; }
    SessionFrame operator()(const Ended& ended) const { return {FrameType::LifeEnd, encodeEnded(ended)}; }
    SessionFrame operator()(const Ack& ack) const { return {FrameType::Ack, encodeAck(ack)}; }
    SessionFrame operator()(const CutWant& want) const { return {FrameType::CutWant, encodeCutWant(want)}; }
    SessionFrame operator()(const CutPart& part) const { return {FrameType::CutPart, encodeCutPart(part)}; }
    SessionFrame operator()(const Beat& beat) const {
        return {beat.question ? FrameType::Ping : FrameType::Pong, Bytes()};
    }
};

template <typename T>
Result<Heard> heard(Result<T> decoded) {
    if (!decoded) return decoded.error();
    return Heard(std::move(decoded).value());
}

class MessageCodec final : public SessionCodec {
public:
    SessionFrame encode(const Said& said) const override { return std::visit(FrameOf(), said); }
    Result<Heard> decode(const Frame& frame) const override {
        switch (frame.type) {
            case FrameType::Place: return heard(decodePlace(frame.body));
            case FrameType::HelloOk: return heard(decodeHelloOk(frame.body));
            case FrameType::Batch: return heard(decodeBatch(frame.body));
            case FrameType::Skip: return heard(decodeSkip(frame.body));
            case FrameType::LifeEnd: return heard(decodeEnded(frame.body));
            case FrameType::Ack: return heard(decodeAck(frame.body));
            case FrameType::CutWant: return heard(decodeCutWant(frame.body));
            case FrameType::CutPart: return heard(decodeCutPart(frame.body));
            case FrameType::Ping: return Heard(Beat{true});
            case FrameType::Pong: return Heard(Beat{false});
            default: return malformedFrame("session");
        }
    }
};

class PushLinks final : public LinkKind {
public:
    Dials dials() const override { return Dials::Source; }
    const SessionCodec& codec() const override {
        static const MessageCodec kCodec;
        return kCodec;
    }
};

}  // namespace

const LinkKind& pushLinks() {
    static const PushLinks kLinks;
    return kLinks;
}

}  // namespace tributary::engine
