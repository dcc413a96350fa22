// Receiving: every buffered frame is drained into one group commit; acks are coalesced.
#include "engine/replication/datasession.h"

#include <fmt/format.h>

#include "core/base/exceptions.h"

namespace tributary::engine {
namespace {

constexpr Millis kBeatsPerTimeout = 4;

}  // namespace

DataSession::DataSession(Seams& seams, Millis peerTimeoutMs, ReceiverHost& host, std::unique_ptr<Connection> connection,
                         Wire wire, Hello hello, std::function<void()> finished)
    : seams_(seams),
      peerTimeoutMs_(peerTimeoutMs),
      host_(host),
      connection_(std::move(connection)),
      wire_(std::move(wire)),
      hello_(std::move(hello)),
      finished_(std::move(finished)) {}

DataSession::~DataSession() {
    *alive_ = false;
    seams_.timers.cancel(watchTimer_);
}

bool DataSession::start() {
    placed_ = true;
    return begin();
}

bool DataSession::startDialled() {
    dialled_ = true;
    return begin();
}

bool DataSession::begin() {
    auto agreed = host_.agree(hello_);
    std::optional<Refusal> refusal;
    if (const Refusal* no = std::get_if<Refusal>(&agreed)) refusal = *no;
    if (!refusal && placed_) refusal = host_.stands(hello_);
    if (refusal) {
        send(FrameType::Refused, encodeRefusal(*refusal));
        connection_->close();
        over_ = true;
        ending_ = std::move(*refusal);
        return false;
    }
    auto& agreement = std::get<Agreement>(agreed);
    kind_ = agreement.kind;
    datasetId_ = agreement.datasetId;
    upstreamIdx_ = agreement.upstreamIdx;
    connection_->onBytes = [this](BytesView bytes) { onBytes(bytes); };
    connection_->onClosed = [this](const Error& error) { ended({{}, error.what, 0}); };
    lastHeardMs_ = seams_.clock.monotonicUs() / 1000;
    watch();
    host_.whenPositionsDurable([this, agreement = std::move(agreement), alive = alive_](const Status& status) {
        if (*alive) answerHello(agreement, status);
    });
    return true;
}

void DataSession::ended(Refusal why) {
    over_ = true;
    ending_ = std::move(why);
    finished_();
}

/// The source forgets what these positions cover.
void DataSession::answerHello(const Agreement& agreement, const Status& status) {
    if (over_) return;
    if (!status) {
        fail("ErrLogWrite", status.error().text(), 0);
        return;
    }
    if (agreement.want) tell(*agreement.want);
    HelloOk ok;
    ok.positions = agreement.positions;
    ok.nowMs = seams_.clock.wallMs();
    tell(ok);
    drain();
}

/// A source that fell silent without closing (a cut line) is given up, so that its next session is not fenced for long.
void DataSession::watch() {
    watchTimer_ = seams_.timers.after(peerTimeoutMs_ / kBeatsPerTimeout, [this] {
        watchTimer_ = 0;
        if (over_) return;
        const Millis silentMs = seams_.clock.monotonicUs() / 1000 - lastHeardMs_;
        if (!paused_ && silentMs > 2 * peerTimeoutMs_) {
            ended({"ErrGatewayTimeout", "the source has fallen silent", 0});
            return;
        }
        beat();
        resumeIfPossible();
        watch();
    });
}

/// Tells the source unasked that it is heard: its questions wait behind what it sends, and a frame of many megabytes
/// over a slow line gives nothing to acknowledge for a long time. So does a node that takes nothing for now.
void DataSession::beat() {
    const bool heard = lastHeardMs_ > lastBeatMs_;
    lastBeatMs_ = seams_.clock.monotonicUs() / 1000;
    if (seams_.faults.hit("bug-slow-is-dead")) return;
    if (heard || paused_) tell(Beat{false});
}

void DataSession::tell(const Said& said) {
    const SessionFrame frame = kind_->codec().encode(said);
    send(frame.type, frame.body);
}

void DataSession::onBytes(BytesView bytes) {
    lastHeardMs_ = seams_.clock.monotonicUs() / 1000;
    wire_.feed(bytes);
    drain();
}

void DataSession::drain() {
    while (!over_) {
        if (host_.overloaded()) {
            paused_ = true;
            connection_->pauseReading(true);
            seams_.faults.reached("receiver-paused");
            break;
        }
        const auto frame = wire_.next();
        if (!frame) {
            fail("ErrProtocol", frame.error().what, 0);
            return;
        }
        if (!frame.value()) break;
        if (!takeFrame(*frame.value())) return;
    }
    sendAck();
}

/// Whatever one session brings, the others go on.
bool DataSession::takeFrame(const Frame& frame) {
    try {
        return onFrame(frame);
    } catch (...) {
        fail("ErrReceive", currentExceptionError().text(), receivedSequence_ + 1);
        return false;
    }
}

void DataSession::resumeIfPossible() {
    if (!paused_ || over_ || host_.overloaded()) return;
    paused_ = false;
    connection_->pauseReading(false);
    drain();
}

bool DataSession::onFrame(const Frame& frame) {
    if (dialled_ && frame.type == FrameType::Refused) {
        if (auto refusal = decodeRefusal(frame.body)) {
            ended(std::move(refusal).value());
            return false;
        }
    }
    const auto heard = kind_->codec().decode(frame);
    if (heard && mayCome(heard.value())) return onHeard(heard.value());
    fail("ErrProtocol", "the source sent a frame that does not belong here", 0);
    return false;
}

/// A source says this, and now.
bool DataSession::mayCome(const Heard& heard) const {
    if (!placed_ || std::holds_alternative<OriginPlace>(heard)) {
        return !placed_ && std::holds_alternative<OriginPlace>(heard);
    }
    const std::uint64_t next = receivedSequence_ + 1;
    if (const auto* skip = std::get_if<Skip>(&heard)) return skip->sequence == next;
    if (const auto* ended = std::get_if<Ended>(&heard)) return ended->sequence == next;
    if (const auto* part = std::get_if<CutPart>(&heard)) return part->sequence == next && kind_->cuts() != nullptr;
    if (const auto* beat = std::get_if<Beat>(&heard)) return beat->question;
    return std::holds_alternative<Batch>(heard);
}

bool DataSession::onHeard(const Heard& heard) {
    if (const auto* batch = std::get_if<Batch>(&heard)) return onBatch(*batch);
    if (const auto* skip = std::get_if<Skip>(&heard)) {
        return take(skip->sequence, host_.skip(datasetId_, upstreamIdx_, *skip));
    }
    if (const auto* ended = std::get_if<Ended>(&heard)) {
        return take(ended->sequence, host_.ended(datasetId_, upstreamIdx_, ended->end));
    }
    if (const auto* part = std::get_if<CutPart>(&heard)) {
        return take(part->sequence, host_.cutPart(datasetId_, upstreamIdx_, *part));
    }
    if (const auto* place = std::get_if<OriginPlace>(&heard)) return takePlace(*place);
    tell(Beat{false});
    return true;
}

bool DataSession::takePlace(const OriginPlace& place) {
    placed_ = true;
    hello_.incarnation = place.incarnation;
    hello_.before = place.before;
    hello_.nextSequence = place.nextSequence;
    const auto refusal = host_.stands(hello_);
    if (!refusal) return true;
    fail(refusal->code, refusal->message, 0);
    return false;
}

bool DataSession::onBatch(const Batch& batch) {
    if (batch.first != receivedSequence_ + 1) {
        fail("ErrProtocol", fmt::format("expected payload {}, got {}", receivedSequence_ + 1, batch.first), 0);
        return false;
    }
    for (const BytesView payload : batch.payloads) {
        if (!take(receivedSequence_ + 1, host_.receive(datasetId_, upstreamIdx_, payload))) return false;
    }
    return true;
}

bool DataSession::take(std::uint64_t sequence, const Result<Accepted>& accepted) {
    if (!accepted) {
        const Error& error = accepted.error();
        fail(error.where.empty() ? "ErrReceive" : error.where, error.what, sequence);
        return false;
    }
    receivedSequence_ = sequence;
    pending_.push_back(Pending{sequence, false});
    host_.whenDurable(accepted.value().waitFor, [this, sequence, alive = alive_](const Status& status) {
        if (*alive) markDurable(sequence, status);
    });
    return true;
}

void DataSession::markDurable(std::uint64_t sequence, const Status& status) {
    if (over_) return;
    if (!status) {
        fail(status.error().code == ErrorCode::DiskFull ? "ErrDiskFull" : "ErrLogWrite", status.error().text(),
             sequence);
        return;
    }
    for (Pending& item : pending_) {
        if (item.sequence == sequence) {
            item.durable = true;
            break;
        }
    }
    while (!pending_.empty() && pending_.front().durable) {
        durableSequence_ = pending_.front().sequence;
        pending_.pop_front();
    }
    if (ackPosted_) return;
    ackPosted_ = true;
    seams_.executor.post([this, alive = alive_] {
        if (!*alive) return;
        ackPosted_ = false;
        sendAck();
    });
}

void DataSession::sendAck() {
    if (over_ || (ackedReceived_ == receivedSequence_ && ackedDurable_ == durableSequence_)) return;
    ackedReceived_ = receivedSequence_;
    if (seams_.faults.hit("bug-durable-ack-early")) durableSequence_ = receivedSequence_;
    ackedDurable_ = durableSequence_;
    tell(Ack{receivedSequence_, durableSequence_, seams_.clock.wallMs()});
}

void DataSession::fail(const std::string& code, const std::string& message, std::uint64_t sequence) {
    if (over_) return;
    sendAck();
    over_ = true;
    connection_->onBytes = nullptr;
    connection_->onClosed = nullptr;
    send(FrameType::Reject, encodeRefusal(Refusal{code, message, sequence}));
    connection_->close();
    ended({code, message, sequence});
}

void DataSession::revoke(const std::string& code, const std::string& message) {
    fail(code, message, 0);
}

}  // namespace tributary::engine
