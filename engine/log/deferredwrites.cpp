// Durability::Deferred: entries are published at once, and written a while
// later.
#include "engine/log/segmentedlog.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kWaitingBytesMax = 8U << 20U;  ///< less than the ring holds: what is published can be read

}  // namespace

void SegmentedLog::appendDeferred(Lsn lsn, OnDurable onDurable) {
    const OutgoingEntry& entry = waiting_.back().entry;
    waitingBytes_ += entry.payload->size();
    const bool isPosted = !announcing_.empty();
    announcing_.emplace_back(LogEntry{lsn, entry.envelope, entry.payload}, std::move(onDurable));
    if (!isPosted) {
        const std::weak_ptr<int> alive = alive_;
        seams_.executor.post([this, alive] {
            if (!alive.expired()) announce();
        });
    }
    if (waitingBytes_ > kWaitingBytesMax) {
        waitingBytes_ = 0;
        writeDue_ = true;
        startNext();
    }
    armDefer();
}

void SegmentedLog::announce() {
    if (failure_) return;  // they were refused
    std::vector<OnDurable> callbacks;
    callbacks.reserve(announcing_.size());
    for (auto& [entry, onDurable] : announcing_) {
        durableLsn_ = entry.lsn;
        ring_.push(std::move(entry));
        callbacks.push_back(std::move(onDurable));
    }
    announcing_.clear();
    const std::weak_ptr<int> alive = alive_;
    if (!callAll(callbacks, okStatus())) return;
    if (!alive.expired() && onPublished_) onPublished_(durableLsn_);
}

void SegmentedLog::armDefer() {
    if (deferTimer_ != 0) return;
    deferTimer_ = seams_.timers.after(options_.deferMs, [this] {
        deferTimer_ = 0;
        if (waiting_.empty()) {
            writeDue_ = false;
            return;
        }
        if (seams_.faults.hit("log-window-held")) seams_.faults.reached("log-window-held");
        waitingBytes_ = 0;
        writeDue_ = true;
        startNext();
        armDefer();
    });
}

/// What was acknowledged cannot be taken back: nothing more is taken.
void SegmentedLog::failDeferred(const Error& error) {
    failure_ = error;
    waiting_.clear();
    headLsn_ = durableLsn_;
    std::vector<OnDurable> callbacks;
    callbacks.reserve(announcing_.size());
    for (auto& [entry, onDurable] : announcing_) callbacks.push_back(std::move(onDurable));
    announcing_.clear();
    (void)callAll(callbacks, error);
}

/// Before a clean end; blocks.
Status SegmentedLog::writeWaiting() {
    if (waiting_.empty()) return okStatus();
    WriteOrder order;
    order.firstLsn = writtenLsn_ + 1;
    order.sync = true;
    order.entries.reserve(waiting_.size());
    for (Waiting& each : waiting_) order.entries.push_back(std::move(each.entry));
    waiting_.clear();
    const auto count = static_cast<Lsn>(order.entries.size());
    const WriteOutcome outcome = writer_->carryOut(order);
    if (!outcome.status) return outcome.status;
    writtenLsn_ += count;
    syncedLsn_ = writtenLsn_;
    segments_.back().end = outcome.end;
    segments_.back().lastLsn = writtenLsn_;
    return okStatus();
}

}  // namespace tributary::engine
