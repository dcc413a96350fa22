// What a link sends: entries from the log, filtered, batched, bounded; and the synchronous mode that waits for it.
#include <algorithm>

#include "engine/replication/shipper.h"
#include "engine/systems/maprdb/defaults.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kReadBytesMax = 1U << 20U;
constexpr std::size_t kBatchBytesMax = 512U << 10U;
constexpr std::size_t kQueuedBytesMax = 4U << 20U;
constexpr std::uint32_t kPlainBatchesAfterMiss = 31;
constexpr Millis kThrottlePauseMs = 20;

}  // namespace

bool Shipper::destined(const LogEntry& entry, const TableRecord& table, const ReplicaRecord& replica) const {
    if (entry.envelope.kind != EntryKind::Data || entry.envelope.datasetId != tableId_) return false;
    if (entry.lsn <= replica.fromLsn) return false;
    if (!host_.seams->faults.hit("bug-echo-to-origin")) {
        if (originOfPayload(*entry.payload) == replica.uuid) return false;
        if (entry.envelope.upstreamIdx != 0) {
            const UpstreamRecord* upstream = table.upstreamByIdx(entry.envelope.upstreamIdx);
            if (upstream != nullptr && upstream->uuid == replica.uuid) return false;
        }
    }
    return true;
}

void Shipper::onEntry(const LogEntry& entry) {
    const TableRecord* table = host_.table(tableId_);
    const ReplicaRecord* replica = record();
    if (table == nullptr || replica == nullptr || entry.lsn <= cursorLsn_ || !destined(entry, *table, *replica)) return;
    const Millis ms = stampMs(stampOfPayload(*entry.payload));
    bytesPending_ += entry.payload->size();
    operationsPending_ += entry.envelope.operations;
    if (oldestPendingMs_ == 0) oldestPendingMs_ = ms;
    newestPendingMs_ = std::max(newestPendingMs_, ms);
}

void Shipper::pump() {
    while (state_ == LinkState::Streaming && connection_ != nullptr && !readingStored_) {
        const ReplicaRecord* replica = record();
        if (replica == nullptr || readLsn_ > host_.log().durableLsn()) return;
        if (inFlightBytes_ >= host_.config->inFlightBytesMax || connection_->queuedBytes() >= kQueuedBytesMax) return;
        if (throttled(*replica)) return;
        auto recent = host_.log().readRecent(readLsn_, kReadBytesMax);
        if (recent) {
            if (recent->empty()) return;
            readLsn_ = recent->back().lsn + 1;
            ship(*recent);
            continue;
        }
        readingStored_ = true;
        host_.seams->faults.reached("link-laggard-read");
        host_.log().readStored(readLsn_, tableId_, kReadBytesMax,
                               [this, alive = alive_, generation = generation_](Result<CommitLog::StoredBatch> batch) {
                                   if (!*alive || generation != generation_) return;
                                   readingStored_ = false;
                                   if (!batch) {
                                       drop("ErrLogRead", batch.error().text(), true);
                                       return;
                                   }
                                   const bool moved = batch.value().next > readLsn_;
                                   readLsn_ = std::max(readLsn_, batch.value().next);
                                   ship(batch.value().entries);
                                   if (!moved || generation != generation_) return;
                                   // What lies behind the last entry for this link is passed with it, or it pins the
                                   // log.
                                   Lsn& passed = inFlight_.empty() ? cursorLsn_ : inFlight_.back().lsn;
                                   passed = std::max(passed, readLsn_ - 1);
                                   pump();
                               });
    }
}

bool Shipper::throttled(const ReplicaRecord& replica) {
    if (!replica.throttle) return false;
    const Micros nowUs = host_.seams->clock.monotonicUs();
    const auto rate = static_cast<double>(host_.config->throttleBytesPerS);
    tokens_ = std::min(rate / 4, tokens_ + static_cast<double>(nowUs - tokensAtUs_) * rate / 1e6);
    tokensAtUs_ = nowUs;
    if (tokens_ > 0) return false;
    if (pumpTimer_ == 0) {
        pumpTimer_ = host_.seams->timers.after(kThrottlePauseMs, [this] {
            pumpTimer_ = 0;
            pump();
        });
    }
    return true;
}

void Shipper::ship(const std::vector<LogEntry>& entries) {
    const TableRecord* table = host_.table(tableId_);
    const ReplicaRecord* replica = record();
    if (table == nullptr || replica == nullptr) return;
    for (const LogEntry& entry : entries) {
        if (!shipOne(entry, *table, *replica)) return;
        if (batchBytes_ >= kBatchBytesMax) flushBatch();
    }
    flushBatch();
}

bool Shipper::shipOne(const LogEntry& entry, const TableRecord& table, const ReplicaRecord& replica) {
    if (!destined(entry, table, replica)) {
        passOver(entry, false);
        return true;
    }
    auto view = parsePayload(*entry.payload, false);
    if (!view) {
        drop("ErrPayload", view.error().what, true);
        return false;
    }
    const PayloadView& payload = view.value();
    const std::string& columns = replica.columnsAt(entry.lsn);
    // A payload that was projected on its way here keeps that projection; a further filter would need their
    // intersection.
    const bool filtered = !columns.empty() && payload.projection.empty();
    const Lane lane{payload.origin, payload.incarnation, filtered ? columns : std::string(payload.projection)};
    if (receiverPositions_.covers(lane, payload.sequence)) {
        passOver(entry, true);
        return true;
    }
    std::shared_ptr<const Bytes> bytes = entry.payload;
    if (filtered) {
        auto projected = filterFor(replica, entry.lsn).project(payload);
        if (!projected) {
            drop("ErrPayload", projected.error().what, true);
            return false;
        }
        if (!projected.value()) {
            if (host_.seams->faults.hit("bug-skip-omitted")) {
                passOver(entry, true);
                return true;
            }
            skipLane(entry, payload, columns);
            return true;
        }
        bytes = std::make_shared<const Bytes>(std::move(*projected.value()));
    }
    if (batch_.empty()) batchFirst_ = sessionSequence_ + 1;
    batch_.push_back(bytes);
    batchBytes_ += bytes->size();
    inFlight_.push_back(InFlight{++sessionSequence_, entry.lsn, entry.payload->size(), entry.envelope.operations,
                                 bytes->size(), stampMs(payload.stamp), host_.seams->clock.monotonicUs() / 1000});
    inFlightBytes_ += bytes->size();
    return true;
}

void Shipper::passOver(const LogEntry& entry, bool counted) {
    InFlight passed;
    passed.lsn = entry.lsn;
    if (counted) {
        passed.bytes = entry.payload->size();
        passed.operations = entry.envelope.operations;
        passed.stampMs = stampMs(stampOfPayload(*entry.payload));
    }
    if (inFlight_.empty()) {
        if (counted) {
            advanceCursor(passed);
            receivedLsn_ = std::max(receivedLsn_, entry.lsn);
            releaseWaiters(receivedLsn_);
        }
        cursorLsn_ = entry.lsn;
        return;
    }
    InFlight& last = inFlight_.back();
    last.lsn = entry.lsn;
    last.bytes += passed.bytes;
    last.operations += passed.operations;
}

void Shipper::skipLane(const LogEntry& entry, const PayloadView& view, const std::string& columns) {
    flushBatch();
    Skip skip;
    skip.sequence = ++sessionSequence_;
    skip.lane = Lane{view.origin, view.incarnation, columns};
    skip.from = skip.to = view.sequence;
    connection_->send(encodeFrame(FrameType::Skip, encodeSkip(skip)));
    inFlight_.push_back(InFlight{skip.sequence, entry.lsn, entry.payload->size(), entry.envelope.operations, 64,
                                 stampMs(view.stamp), host_.seams->clock.monotonicUs() / 1000});
    inFlightBytes_ += 64;
}

const LinkFilter& Shipper::filterFor(const ReplicaRecord& replica, Lsn lsn) {
    const std::string& columns = replica.columnsAt(lsn);
    if (!filter_ || filter_->columns() != columns) filter_.emplace(columns);
    return *filter_;
}

void Shipper::flushBatch() {
    if (batch_.empty()) return;
    const ReplicaRecord* replica = record();
    std::vector<BytesView> views;
    views.reserve(batch_.size());
    for (const auto& payload : batch_) views.emplace_back(*payload);
    Codec codec = replica == nullptr ? Codec::Off : codecOf(replica->compression);
    if (plainBatches_ > 0) {
        --plainBatches_;
        codec = Codec::Off;
    }
    Bytes body = encodeBatch(batchFirst_, views, codec);
    // Data that did not shrink is not tried again for a while: compression must not cost what it cannot save.
    if (codec != Codec::Off && body.size() >= batchBytes_) plainBatches_ = kPlainBatchesAfterMiss;
    bytesSent_ += body.size();
    tokens_ -= static_cast<double>(body.size());
    connection_->send(encodeFrame(FrameType::Batch, body));
    batch_.clear();
    batchBytes_ = 0;
}

void Shipper::whenReceived(Lsn lsn, std::function<void()> done) {
    if (!synchronousNow_ || lsn <= receivedLsn_ || state_ == LinkState::Paused) {
        done();
        return;
    }
    waiters_.push_back(Waiter{lsn, host_.seams->clock.monotonicUs() / 1000, std::move(done)});
    if (syncTimer_ == 0) checkSynchronous();
}

void Shipper::releaseWaiters(Lsn upTo) {
    while (!waiters_.empty() && waiters_.front().lsn <= upTo) {
        auto done = std::move(waiters_.front().done);
        waiters_.pop_front();
        done();
    }
}

void Shipper::setSynchronous(bool on) {
    if (synchronousNow_ == on) return;
    synchronousNow_ = on;
    host_.seams->faults.reached(on ? "sync-returned" : "sync-fell-back");
    if (!on) releaseWaiters(UINT64_MAX);
    host_.changed();
}

/// Runs while the link is configured synchronous: falls back when the oldest write waits too long or no session lives,
/// returns when the link has been healthy and caught up for a while.
void Shipper::checkSynchronous() {
    host_.seams->timers.cancel(syncTimer_);
    syncTimer_ = 0;
    const ReplicaRecord* replica = record();
    if (replica == nullptr || !replica->synchronous || replica->paused) return;
    const Millis nowMs = host_.seams->clock.monotonicUs() / 1000;
    const Millis latencyMsMax = host_.config->syncLatencyMsMax;
    const bool answered = inFlight_.empty() || nowMs - inFlight_.front().sentMs <= latencyMsMax;
    const bool healthy =
        state_ == LinkState::Streaming && answered && bytesPending_ - std::min(bytesPending_, inFlightBytes_) == 0;
    if (!healthy) healthySinceMs_ = 0;
    if (healthy && healthySinceMs_ == 0) healthySinceMs_ = nowMs;
    if (synchronousNow_) {
        const bool slow = !waiters_.empty() && nowMs - waiters_.front().sinceMs > latencyMsMax;
        const bool unreachable = state_ == LinkState::BackingOff && errorCode_ == "ErrAllGatewaysUnreachable";
        if (slow || unreachable) {
            healthySinceMs_ = 0;
            setSynchronous(false);
        }
    } else if (healthy && nowMs - healthySinceMs_ >= maprdb::kSyncReturnAfterMs) {
        setSynchronous(true);
    }
    syncTimer_ = host_.seams->timers.after(100, [this] {
        syncTimer_ = 0;
        checkSynchronous();
    });
}

}  // namespace tributary::engine
