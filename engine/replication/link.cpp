// What one part of a link tells the others.
#include "engine/replication/link.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/replication/entryparts.h"

namespace tributary::engine {
namespace {

constexpr Millis kStallMs = 5'000;
constexpr Millis kFailOverApartMs = 1'000;
constexpr std::uint64_t kProbeBytesPerMs = 1'024;  ///< what probes may cost: a megabyte a second
constexpr Millis kProbeWaitMsMax = 60'000;

}  // namespace

const ReplicaRecord* LinkContext::replica() const {
    const DatasetRecord* record = dataset();
    if (record == nullptr) return nullptr;
    for (const auto& replica : record->replicas) {
        if (replica.idx == replicaIdx) return &replica;
    }
    return nullptr;
}

Link::Link(LinkHost& host, std::uint32_t datasetId, std::uint32_t replicaIdx, const LinkSnapshot& from)
    : context_{host, datasetId, replicaIdx, host.linkKind(datasetId)},
      progress_(from),
      session_(context_, *this, from.epoch),
      sender_(context_, *this, session_, progress_, trouble_),
      gate_(context_, session_, progress_, trouble_),
      cuts_(context_.kind.cuts() != nullptr),
      base_(from.base),
      cut_(context_, *this, session_, progress_, trouble_) {}

void Link::update() {
    const ReplicaRecord* replica = context_.replica();
    if (replica == nullptr) return;
    gate_.configure(replica->synchronous);
    if (replica->held()) {
        if (session_.state() == LinkState::Paused) return;
        endSession();
        trouble_.clear();  // nothing is tried any more: what failed before tells nothing of now
        session_.setState(LinkState::Paused);
        gate_.release(UINT64_MAX);
        context_.host.linkChanged();
        return;
    }
    if (session_.streaming()) return;
    endSession();
    trouble_.clearBackOff();
    session_.open();
}

void Link::adopt(ReplicaCall call) {
    endSession();
    session_.adopt(std::move(call));
}

void Link::doorClosed(const std::string& gateway) {
    if (!session_.connected() || session_.gateway() != gateway) return;
    session_.refuse({"ErrGatewayStopped", fmt::format("gateway {} was stopped", gateway), 0});
    endSession();
    session_.setState(LinkState::Connecting);
    session_.open();
    gate_.check();
}

void Link::onEntry(const LogEntry& entry) {
    const DatasetRecord* dataset = context_.dataset();
    const ReplicaRecord* replica = context_.replica();
    if (dataset == nullptr || replica == nullptr || entry.lsn <= progress_.cursorLsn()) return;
    if (holdsPayload(entry.envelope.kind) && sender_.destined(entry, *dataset, *replica)) {
        progress_.count(entry, context_.monotonicMs());
    }
}

void Link::sessionDials(const std::string& host) {
    trouble_.setHost(host);
}

void Link::sessionStarted(HelloOk ok) {
    if (context_.seams().faults.hit("bug-greeting-ends-trouble")) trouble_.clear();
    if (const ReplicaRecord* replica = context_.replica()) {
        context_.host.peerPositions(context_.datasetId, replica->path, ok.positions);
    }
    if (cuts_ && needsCut(ok.positions)) {
        cut_.begin(wanted_);
    } else {
        if (cuts_) base_.greeted(ok.positions);
        sender_.start(std::move(ok.positions));
    }
    context_.seams().faults.reached("link-streaming");
    context_.host.linkChanged();
    gate_.check();
}

void Link::sessionAcked(const Ack& ack) {
    const LinkProgress::Now now{context_.seams().clock.wallMs(), context_.monotonicMs()};
    const bool cursorOnReceived = context_.seams().faults.hit("bug-cursor-on-received");
    const AckOutcome outcome = progress_.acked(ack, now, cursorOnReceived);
    if (outcome == AckOutcome::Impossible) {
        backOff("ErrProtocol", "the gateway acknowledged what was never sent", 0);
        return;
    }
    if (cuts_ && context_.dataset() != nullptr) base_.durable(projections(), ack.durable);
    if (auto brought = cut_.finished()) {
        base_.greeted(*brought);  // all that it holds now: whatever else it had, the cut had to cover
        sender_.start(std::move(*brought), cut_.sequence());
    }
    sender_.acked();
    if (outcome == AckOutcome::Moved) progressed();
    gate_.release(progress_.receivedLsn());
}

void Link::pump() {
    if (cut_.active()) {
        cut_.pump();
    } else {
        sender_.pump();
    }
}

const Projections& Link::projections() const {
    return context_.dataset()->kind().projections();
}

/// It holds a part of a cut, or not all that lies before what the log is kept from.
bool Link::needsCut(const Positions& positions) const {
    const ReplicaRecord* replica = context_.replica();
    if (context_.seams().faults.hit("bug-cut-omitted")) return false;
    if (wanted_ || replica == nullptr) return wanted_.has_value();
    return !positions.coversAll(projections(), base_.held(), replica->uuid);
}

void Link::broughtHere(const Positions& positions) {
    cut_.drop();  // made before these rows came: to go on with it would leave them out
    base_.add(positions);
    if (!session_.connected()) return;
    endSession();
    session_.setState(LinkState::Connecting);
    session_.open();
    gate_.check();
}

void Link::cutFailed(std::string code, std::string message) {
    backOff(std::move(code), std::move(message), 0);
}

void Link::senderPassed() {
    progressed();
    gate_.release(progress_.receivedLsn());
}

void Link::progressed() {
    if (!trouble_.active()) return;
    trouble_.clear();
    context_.host.linkChanged();
}

void Link::sessionFailed(std::string code, std::string message, std::uint64_t sequence) {
    if (sequence != 0 && cut_.active()) {
        // The same again would be refused again.
        cut_.drop();
        backOff(std::move(code), "the cut is refused: " + message, 0);
        return;
    }
    const InFlight* refused = sequence == 0 ? nullptr : progress_.inFlightAt(sequence);
    if (refused == nullptr) {
        if (code == "ErrGatewayStopped" && failsOver()) return;
        backOff(std::move(code), std::move(message), 0);
        return;
    }
    context_.seams().faults.reached("payload-refused");
    const std::string where = fmt::format("entry {} of the log ({} operations, {} bytes) is refused: ", refused->lsn,
                                          refused->operations, refused->bytes);
    backOff(std::move(code), where + message, refused->lsn);
}

/// A gateway that stops says so, and the next one is asked at once: it is trouble only where there is none. Not twice
/// within a second, whatever a gateway says.
bool Link::failsOver() {
    const Millis nowMs = context_.monotonicMs();
    if (trouble_.active() || (failedOverMs_ && nowMs - *failedOverMs_ < kFailOverApartMs)) return false;
    failedOverMs_ = nowMs;
    endSession();
    session_.setState(LinkState::Connecting);
    session_.openAfter(0);
    gate_.check();
    context_.seams().faults.reached("link-fails-over");
    return true;
}

void Link::senderFailed(std::string code, std::string message, Lsn lsn) {
    backOff(std::move(code), fmt::format("entry {} of the log: {}", lsn, message), lsn);
}

void Link::endSession() {
    session_.close();
    sender_.reset();
    cut_.reset();
    wanted_.reset();
    base_.rewind();
    progress_.rewind();
}

void Link::backOff(std::string code, std::string message, Lsn lsn) {
    // A probe costs what it sends: a large payload that is refused again and again waits longer.
    const auto probeMs = trouble_.active() ? static_cast<Millis>(progress_.inFlightBytes() / kProbeBytesPerMs) : 0;
    endSession();
    const bool agreement = code == "ErrNoUpstream";
    session_.setState(agreement ? LinkState::AgreementMissing : LinkState::BackingOff);
    const LinkConfig& config = context_.config();
    LinkTrouble::Failure failure;
    failure.code = std::move(code);
    failure.message = std::move(message);
    failure.lsn = lsn;
    failure.wallMs = context_.seams().clock.wallMs();
    failure.monotonicMs = context_.monotonicMs();
    failure.waitMsMin = config.backOffMsMin;
    failure.waitMsMax = agreement ? std::min<Millis>(500, config.backOffMsMax) : config.backOffMsMax;
    const bool news = trouble_.note(std::move(failure));
    context_.seams().faults.reached("link-backing-off");
    const Millis nextTryMs = trouble_.nextTryMs(context_.seams().random);
    session_.openAfter(std::max(nextTryMs, std::min(probeMs, kProbeWaitMsMax)));
    gate_.check();
    if (news) context_.host.linkChanged();
}

/// Why nothing was acknowledged for a while, as far as this end can see.
std::string Link::stallReason(Millis quietMs) const {
    const std::size_t queued = session_.queuedBytes();
    const Millis silentMs = context_.monotonicMs() - session_.heardMs();
    if (queued > 0) {
        const std::uint64_t rate = sender_.pace().bytesPerS();
        return fmt::format("{} bytes wait for the line to the gateway{}", queued,
                           rate == 0 ? std::string() : fmt::format(", which carried {} bytes a second", rate));
    }
    if (silentMs > 2 * context_.config().heartbeatMs) {
        return fmt::format("the gateway was last heard {} ms ago", silentMs);
    }
    return fmt::format("the replica answers, and has acknowledged nothing for {} ms", quietMs);
}

LinkStatus Link::status() const {
    LinkStatus status;
    status.state = session_.state();
    progress_.fill(status, context_.monotonicMs());
    trouble_.fill(status, context_.monotonicMs());
    status.synchronousNow = gate_.on();
    status.channel = session_.channel();
    if (status.state != LinkState::Streaming) return status;
    if (trouble_.active()) {
        status.state = LinkState::BackingOff;  // let in, and not yet one payload further
        return status;
    }
    const Millis quietSinceMs = progress_.quietSinceMs();
    const Millis quietMs = quietSinceMs == 0 ? 0 : context_.monotonicMs() - quietSinceMs;
    if (quietMs < kStallMs) return status;
    status.stallForMs = quietMs;
    status.stallReason = stallReason(quietMs);
    return status;
}

LinkSnapshot Link::snapshot() const {
    LinkSnapshot snapshot;
    progress_.fill(snapshot);
    snapshot.epoch = session_.epoch();
    if (cuts_) snapshot.base = base_.held();
    return snapshot;
}

}  // namespace tributary::engine
