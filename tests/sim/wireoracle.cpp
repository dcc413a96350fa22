// Judging the protocol by what is said.
#include "wireoracle.h"

#include <fmt/format.h>

#include "engine/replication/payload.h"
#include "simrogue.h"

namespace tributary::simtest {

using namespace tributary::engine;

namespace {

/// A payload is sent again after a lost session, and as a probe while it is refused; with back-off that is not often.
constexpr int kSendsMax = 40;

}  // namespace

void WireOracle::violate(const std::string& what) {
    if (!violation_) violation_ = what;
}

void WireOracle::restarted(int host) {
    std::erase_if(newestEpoch_, [&](const auto& item) { return acceptor_[item.first] == host; });
}

bool WireOracle::reached(const Uuid& table, const Lane& lane, std::uint64_t sequence) const {
    return reached_.count({table, lane, sequence}) != 0;
}

bool WireOracle::reachedInPart(const Uuid& table, const Lane& lane, std::uint64_t sequence) const {
    for (auto at = reached_.lower_bound({table, Lane{lane.origin, lane.incarnation, {}, lane.subKey}, 0});
         at != reached_.end(); ++at) {
        const auto& [seenTable, seenLane, seenSequence] = *at;
        const bool same = seenTable == table && seenLane.origin == lane.origin;
        if (!same || seenLane.incarnation != lane.incarnation || seenLane.subKey != lane.subKey) break;
        if (seenSequence == sequence) return true;
    }
    return false;
}

void WireOracle::sent(const sim::StreamInfo& info, bool byDialler, BytesView bytes) {
    Stream& stream = streams_[info.id];
    if (info.dialler == SimRogue::kHost || info.acceptor == SimRogue::kHost) {
        toStranger(info, stream, byDialler, bytes);
        return;
    }
    FrameReader& reader = byDialler ? stream.dialler : stream.acceptor;
    reader.setFrameBytesMax(kFrameBytesMax);
    reader.feed(bytes);
    while (true) {
        const auto frame = reader.next();
        if (!frame) {
            violate("wire: a frame does not parse: " + frame.error().text());
            return;
        }
        if (!frame.value()) return;
        // From here on everything of this end carries a MAC.
        if (frame.value()->type == (byDialler ? FrameType::Proof : FrameType::Counter)) reader.passOverMacs();
        if (byDialler && frame.value()->type == FrameType::Hello) {
            onHello(stream, *frame.value());
        } else {
            onFrame(info, stream, byDialler == sourceDials(), *frame.value());
        }
    }
}

/// Who has proved nothing hears a challenge, an answer to its own, and refusals.
void WireOracle::toStranger(const sim::StreamInfo& info, Stream& stream, bool byDialler, BytesView bytes) {
    if ((byDialler ? info.dialler : info.acceptor) == SimRogue::kHost) return;
    FrameReader& reader = byDialler ? stream.dialler : stream.acceptor;
    reader.feed(bytes);
    while (true) {
        const auto frame = reader.next();
        if (!frame) violate("wire: a frame to a stranger does not parse: " + frame.error().text());
        if (!frame || !frame.value()) return;
        const FrameType type = frame.value()->type;
        const bool harmless =
            byDialler ? type == FrameType::Challenge : type == FrameType::Counter || type == FrameType::Refused;
        if (!harmless) {
            violate(fmt::format("stranger: host {} sent a frame of type {} to one that proved nothing",
                                byDialler ? info.dialler : info.acceptor, static_cast<int>(type)));
            return;
        }
        if (type == FrameType::Counter) reader.passOverMacs();
    }
}

int WireOracle::sourceOf(const sim::StreamInfo& info) const {
    return sourceDials() ? info.dialler : info.acceptor;
}

int WireOracle::replicaOf(const sim::StreamInfo& info) const {
    return sourceDials() ? info.acceptor : info.dialler;
}

void WireOracle::onHello(Stream& stream, const Frame& frame) {
    auto hello = decodeHello(frame.body);
    if (!hello) {
        violate("wire: a greeting does not decode");
        return;
    }
    stream.hello = std::move(hello).value();
    if (sourceDials()) return;
    std::swap(stream.hello->fromPath, stream.hello->toPath);
    std::swap(stream.hello->fromUuid, stream.hello->toUuid);
}

void WireOracle::onFrame(const sim::StreamInfo& info, Stream& stream, bool bySource, const Frame& frame) {
    const bool session = frame.type != FrameType::Challenge && frame.type != FrameType::Counter &&
                         frame.type != FrameType::Proof && frame.type != FrameType::Refused &&
                         frame.type != FrameType::Reject;
    if (!session) return;
    const auto heard = links_.codec().decode(frame);
    if (!heard || !stream.hello) {
        violate("wire: a frame of a session does not decode, or came before the greeting");
        return;
    }
    const auto* ack = std::get_if<Ack>(&heard.value());
    const bool greeting = sourceDials() ? std::holds_alternative<HelloOk>(heard.value())
                                        : std::holds_alternative<OriginPlace>(heard.value());
    if (greeting) letIn(info, stream);
    if (bySource) {
        fromSource(info, stream, heard.value());
    } else if (const auto* ok = std::get_if<HelloOk>(&heard.value())) {
        onGreeting(info, stream, *ok);
    } else if (ack != nullptr) {
        onAck(info, stream, *ack);
    }
}

void WireOracle::fromSource(const sim::StreamInfo& info, Stream& stream, const Heard& heard) {
    if (const auto* batch = std::get_if<Batch>(&heard)) onBatch(info, stream, *batch);
    if (const auto* skip = std::get_if<Skip>(&heard)) {
        if (skip->sequence != stream.next) {
            violate("wire: a skip is out of the session's order");
            return;
        }
        stream.payloads[stream.next++] = {Said{skip->lane, skip->from, skip->to}};
    }
    if (const auto* part = std::get_if<CutPart>(&heard)) {
        if (part->sequence != stream.next) {
            violate("wire: a part of a cut is out of the session's order");
            return;
        }
        std::vector<Said>& said = stream.payloads[stream.next++];
        const auto place = decodeCutPlace(part->body);
        if (part->what != CutPart::What::End || !place) return;
        for (const auto& [lane, set] : place.value().positions.lanes()) {
            for (const auto& [from, to] : set.ranges()) said.push_back({lane, from, to});
        }
    }
    if (const auto* ended = std::get_if<Ended>(&heard)) {
        if (ended->sequence != stream.next) {
            violate("wire: the end of a life is out of the session's order");
            return;
        }
        ++stream.next;  // promises nothing
    }
}

void WireOracle::onBatch(const sim::StreamInfo& info, Stream& stream, const Batch& batch) {
    if (batch.first != stream.next) {
        violate(fmt::format("wire: payload {} was sent where {} is due", batch.first, stream.next));
        return;
    }
    for (const BytesView payload : batch.payloads) {
        const auto view = parsePayload(payload, true);
        if (!view) {
            violate("wire: a payload is damaged: " + view.error().text());
            return;
        }
        onPayload(info, *stream.hello, view.value());
        std::vector<Said>& said = stream.payloads[stream.next++];
        PieceReader pieces(view.value());
        PieceView piece;
        while (pieces.next(piece)) said.push_back({laneOf(view.value(), piece), piece.first, piece.last()});
    }
}

void WireOracle::onPayload(const sim::StreamInfo& info, const Hello& hello, const PayloadView& view) {
    ++payloadsSent_;
    if (view.origin == hello.toUuid) {
        violate(fmt::format("echo: host {} sent sequence {} back to its origin {}", sourceOf(info), view.sequence,
                            hello.toPath));
    }
    PieceReader pieces(view);
    PieceView first;
    (void)pieces.next(first);
    const Lane lane = laneOf(view, first);
    if (++sends_[{hello.toUuid, lane, view.sequence}] > kSendsMax) {
        violate(fmt::format("storm: host {} sent sequence {} to {} for the {}th time", sourceOf(info), view.sequence,
                            hello.toPath, kSendsMax + 1));
    }
    if (!facts_.mayTravel(view)) {
        violate(fmt::format("local: host {} sent sequence {} to {}, which holds what is to stay where it was written",
                            sourceOf(info), view.sequence, hello.toPath));
    }
    if (!facts_.allowed(sourceOf(info), hello, view)) {
        violate(
            fmt::format("filter: host {} sent sequence {} through \"{}\" to {}, whose filter does not let "
                        "them through",
                        sourceOf(info), view.sequence, view.projection, hello.toPath));
    }
    if (facts_.dropped(sourceOf(info), hello.fromUuid, view)) {
        violate(fmt::format("dropped: host {} sent sequence {} of what it has dropped to {}", sourceOf(info),
                            view.sequence, hello.toPath));
    }
}

/// The door has taken the dialler for what it says it is.
void WireOracle::letIn(const sim::StreamInfo& info, Stream& stream) {
    if (std::exchange(stream.accepted, true)) return;
    const Hello& hello = *stream.hello;
    const auto link = std::make_pair(hello.fromUuid, hello.toUuid);
    std::uint64_t& newest = newestEpoch_[link];
    acceptor_[link] = info.acceptor;
    if (hello.epoch < newest) {
        violate(fmt::format("fence: session {} of {} -> {} was let in after session {}", hello.epoch, hello.fromPath,
                            hello.toPath, newest));
    }
    newest = std::max(newest, hello.epoch);
    if (!facts_.agreed(info.acceptor, hello)) {
        violate(fmt::format("agreement: host {} let in {} -> {}, which it does not list", info.acceptor, hello.fromPath,
                            hello.toPath));
    }
}

/// What a replica says it holds its source forgets.
void WireOracle::onGreeting(const sim::StreamInfo& info, const Stream& stream, const HelloOk& ok) {
    for (const auto& [lane, set] : ok.positions.lanes()) {
        for (const auto& [from, to] : set.ranges()) {
            if (facts_.logged(replicaOf(info), stream.hello->toUuid, lane, from, to)) continue;
            violate(fmt::format("greeting: {} said that it holds sequences {}..{} of {}, and its log does not",
                                stream.hello->toPath, from, to, lane.origin.text()));
            return;
        }
    }
}

void WireOracle::onAck(const sim::StreamInfo& info, Stream& stream, const Ack& ack) {
    if (ack.durable > ack.received || ack.received >= stream.next || ack.durable < stream.durable) {
        violate(fmt::format("ack: received {} durable {} of {} sent, {} durable before", ack.received, ack.durable,
                            stream.next - 1, stream.durable));
    }
    for (auto at = stream.payloads.begin(); at != stream.payloads.end() && at->first <= ack.durable;) {
        for (const Said& said : at->second) {
            if (facts_.logged(replicaOf(info), stream.hello->toUuid, said.lane, said.from, said.to)) continue;
            violate(fmt::format("ack: {} promised sequence {} durable, and its log does not hold it",
                                stream.hello->toPath, said.to));
        }
        at = stream.payloads.erase(at);
    }
    stream.durable = std::max(stream.durable, ack.durable);
}

/// What is in a cut has reached the replica with its end.
void WireOracle::cutReached(const Hello& hello, const CutPart& part) {
    const auto place = decodeCutPlace(part.body);
    if (part.what != CutPart::What::End || !place) return;
    for (const auto& [lane, set] : place.value().positions.lanes()) {
        for (const auto& [from, to] : set.ranges()) {
            for (std::uint64_t sequence = from; sequence <= to; ++sequence) {
                reached_.insert({hello.toUuid, lane, sequence});
            }
        }
    }
}

void WireOracle::delivered(const sim::StreamInfo& info, bool byDialler, BytesView bytes) {
    if (byDialler != sourceDials() || info.dialler == SimRogue::kHost || info.acceptor == SimRogue::kHost) return;
    Stream& stream = streams_[info.id];
    stream.arriving.setFrameBytesMax(kFrameBytesMax);
    stream.arriving.feed(bytes);
    while (true) {
        const auto frame = stream.arriving.next();
        if (!frame) violate("wire: what arrives is not what was sent");
        if (!frame || !frame.value()) return;
        if (frame.value()->type == (byDialler ? FrameType::Proof : FrameType::Counter)) stream.arriving.passOverMacs();
        const auto heard = links_.codec().decode(*frame.value());
        const auto* batch = heard ? std::get_if<Batch>(&heard.value()) : nullptr;
        const auto* part = heard ? std::get_if<CutPart>(&heard.value()) : nullptr;
        if (part != nullptr && stream.hello) cutReached(*stream.hello, *part);
        if (batch == nullptr || !stream.hello) continue;
        for (const BytesView payload : batch->payloads) {
            const auto view = parsePayload(payload, false);
            if (!view) continue;
            PieceReader pieces(view.value());
            PieceView piece;
            while (pieces.next(piece)) {
                reached_.insert({stream.hello->toUuid, laneOf(view.value(), piece), piece.first});
            }
        }
    }
}

}  // namespace tributary::simtest
