// Counters of a link: what is pending, in flight, received, durable.
#include "engine/replication/linkprogress.h"

#include <algorithm>
#include <cassert>

#include "engine/replication/entryparts.h"
#include "engine/replication/payload.h"

namespace tributary::engine {
namespace {

constexpr std::uint64_t kSmallBytes = 16U << 10U;  ///< so small that its way is the line's, not its own

}  // namespace

std::string_view linkStateName(LinkState state) {
    switch (state) {
        case LinkState::Paused: return "paused";
        case LinkState::Connecting: return "connecting";
        case LinkState::AgreementMissing: return "agreement-missing";
        case LinkState::Streaming: return "streaming";
        case LinkState::BackingOff: return "backing-off";
    }
    return "connecting";
}

LinkProgress::LinkProgress(const LinkSnapshot& from)
    : cursorLsn_(from.cursorLsn),
      receivedLsn_(from.cursorLsn),
      bytesPending_(from.bytesPending),
      operationsPending_(from.operationsPending),
      oldestPendingMs_(from.oldestPendingMs),
      newestPendingMs_(from.newestPendingMs) {}

void LinkProgress::count(const LogEntry& entry, Millis nowMs) {
    const BytesView payload = partsOf(entry).payload;
    const Millis ms = stampMs(stampOfPayload(payload));
    bytesPending_ += payload.size();
    operationsPending_ += entry.envelope.operations;
    arrived_.note(payload.size(), entry.envelope.operations, nowMs);
    if (oldestPendingMs_ == 0) oldestPendingMs_ = ms;
    newestPendingMs_ = std::max(newestPendingMs_, ms);
}

void LinkProgress::sent(const InFlight& item) {
    assert(item.sequence == inFlight_.sentSequence + 1);
    if (inFlight_.items.empty()) inFlight_.quietSinceMs = item.sentMs;
    inFlight_.items.push_back(item);
    inFlight_.bytes += item.wireBytes;
    inFlight_.unreceivedBytes += item.wireBytes;
    inFlight_.sentSequence = item.sequence;
}

const InFlight* LinkProgress::inFlightAt(std::uint64_t sequence) const {
    if (inFlight_.items.empty() || sequence < inFlight_.items.front().sequence) return nullptr;
    const std::uint64_t index = sequence - inFlight_.items.front().sequence;
    return index < inFlight_.items.size() ? &inFlight_.items[static_cast<std::size_t>(index)] : nullptr;
}

AckOutcome LinkProgress::acked(const Ack& ack, const Now& now, bool cursorOnReceived) {
    if (ack.received > inFlight_.sentSequence) return AckOutcome::Impossible;
    for (std::uint64_t next = inFlight_.receivedSequence + 1; next <= ack.received; ++next) {
        const InFlight* item = inFlightAt(next);
        if (item == nullptr) continue;  // known to be durable before it was said to be received
        receivedLsn_ = std::max(receivedLsn_, item->lsn);
        transportLagMs_ = now.wallMs - item->stampMs;
        inFlight_.unreceivedBytes -= item->wireBytes;
        receivedBytes_ += item->wireBytes;
        inFlight_.quietSinceMs = now.monotonicMs;
        const Millis way = now.monotonicMs - item->sentMs;
        const bool shorter = inFlight_.smallWayMs < 0 || way < inFlight_.smallWayMs;
        if (item->wireBytes <= kSmallBytes && shorter) inFlight_.smallWayMs = way;
    }
    inFlight_.receivedSequence = std::max(inFlight_.receivedSequence, ack.received);
    // Entries that were passed over behind it lie with the last one received.
    if (const InFlight* last = inFlightAt(inFlight_.receivedSequence)) receivedLsn_ = std::max(receivedLsn_, last->lsn);
    const std::uint64_t safe = cursorOnReceived ? ack.received : ack.durable;
    AckOutcome outcome = AckOutcome::Nothing;
    while (!inFlight_.items.empty() && inFlight_.items.front().sequence <= safe) {
        applyLagMs_ = now.wallMs - inFlight_.items.front().stampMs;
        inFlight_.quietSinceMs = now.monotonicMs;
        inFlight_.bytes -= inFlight_.items.front().wireBytes;
        durable_.note(inFlight_.items.front().bytes, inFlight_.items.front().operations, now.monotonicMs);
        advance(inFlight_.items.front());
        inFlight_.items.pop_front();
        outcome = AckOutcome::Moved;
    }
    return outcome;
}

void LinkProgress::advance(const InFlight& done) {
    cursorLsn_ = done.lsn;
    bytesPending_ -= std::min(bytesPending_, done.bytes);
    operationsPending_ -= std::min(operationsPending_, done.operations);
    oldestPendingMs_ = operationsPending_ == 0 ? 0 : std::max(oldestPendingMs_, done.stampMs);
    if (operationsPending_ == 0) newestPendingMs_ = 0;
}

void LinkProgress::passOver(const InFlight& passed, bool counted) {
    if (inFlight_.items.empty()) {
        if (counted) {
            advance(passed);
            receivedLsn_ = std::max(receivedLsn_, passed.lsn);
        }
        cursorLsn_ = passed.lsn;
        return;
    }
    InFlight& last = inFlight_.items.back();
    last.lsn = passed.lsn;
    last.bytes += passed.bytes;
    last.operations += passed.operations;
    if (last.sequence <= inFlight_.receivedSequence) receivedLsn_ = std::max(receivedLsn_, passed.lsn);
}

void LinkProgress::passTo(Lsn lsn) {
    Lsn& passed = inFlight_.items.empty() ? cursorLsn_ : inFlight_.items.back().lsn;
    passed = std::max(passed, lsn);
}

void LinkProgress::rewind() {
    inFlight_ = Window();
    receivedLsn_ = cursorLsn_;
}

std::uint64_t LinkProgress::bytesUnsent() const {
    return bytesPending_ - std::min(bytesPending_, inFlight_.bytes);
}

void LinkProgress::fill(LinkStatus& status, Millis nowMs) const {
    status.bytesPending = bytesPending_;
    status.operationsPending = operationsPending_;
    status.oldestPendingMs = oldestPendingMs_;
    status.newestPendingMs = newestPendingMs_;
    status.cursorLsn = cursorLsn_;
    status.sentLsn = inFlight_.items.empty() ? cursorLsn_ : inFlight_.items.back().lsn;
    status.receivedLsn = std::max(receivedLsn_, cursorLsn_);
    status.transportLagMs = transportLagMs_;
    status.applyLagMs = applyLagMs_;
    status.bytesSent = bytesSent_;
    const Throughput::Rate durable = durable_.rate(nowMs);
    status.bytesPerS = durable.bytesPerS;
    status.operationsPerS = durable.operationsPerS;
    const std::uint64_t arrivingPerS = arrived_.rate(nowMs).bytesPerS;
    if (bytesPending_ > 0 && durable.bytesPerS > arrivingPerS) {
        const std::uint64_t shrinksPerS = durable.bytesPerS - arrivingPerS;
        status.drainMs = static_cast<Millis>(bytesPending_ * 1'000 / shrinksPerS);
    }
}

void LinkProgress::fill(LinkSnapshot& snapshot) const {
    snapshot.cursorLsn = cursorLsn_;
    snapshot.bytesPending = bytesPending_;
    snapshot.operationsPending = operationsPending_;
    snapshot.oldestPendingMs = oldestPendingMs_;
    snapshot.newestPendingMs = newestPendingMs_;
}

}  // namespace tributary::engine
