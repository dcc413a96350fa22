// When writes wait for a replica, and when they no longer do.
#include "engine/replication/syncgate.h"

namespace tributary::engine {

SyncGate::SyncGate(const LinkContext& context, const LinkSession& session, const LinkProgress& progress,
                   const LinkTrouble& trouble)
    : context_(context), session_(session), progress_(progress), trouble_(trouble) {
    if (const ReplicaRecord* replica = context_.replica()) on_ = configured_ = replica->synchronous;
}

SyncGate::~SyncGate() {
    context_.seams().timers.cancel(timer_);
    release(UINT64_MAX);
}

void SyncGate::whenReceived(Lsn lsn, std::function<void()> done) {
    if (!on_ || lsn <= progress_.receivedLsn() || session_.state() == LinkState::Paused) {
        done();
        return;
    }
    waiters_.push_back(Waiter{lsn, context_.monotonicMs(), std::move(done)});
    if (timer_ == 0) check();
}

void SyncGate::release(Lsn upTo) {
    while (!waiters_.empty() && waiters_.front().lsn <= upTo) {
        auto done = std::move(waiters_.front().done);
        waiters_.pop_front();
        done();
    }
}

void SyncGate::configure(bool synchronous) {
    const bool again = configured_ == synchronous;
    configured_ = synchronous;
    if (!synchronous) {
        set(false);
    } else if (!again && !trouble_.active()) {
        set(true);
    } else if (timer_ == 0) {
        check();  // it returns by itself once the link is healthy
    }
}

void SyncGate::set(bool on) {
    if (on_ == on) return;
    on_ = on;
    context_.seams().faults.reached(on ? "sync-returned" : "sync-fell-back");
    if (!on) release(UINT64_MAX);
    context_.host.linkChanged();
}

bool SyncGate::healthy(Millis nowMs) const {
    const InFlight* oldest = progress_.oldestInFlight();
    const bool answered = oldest == nullptr || nowMs - oldest->sentMs <= context_.config().syncLatencyMsMax;
    return session_.state() == LinkState::Streaming && !trouble_.active() && answered && progress_.bytesUnsent() == 0;
}

void SyncGate::check() {
    context_.seams().timers.cancel(timer_);
    timer_ = 0;
    const ReplicaRecord* replica = context_.replica();
    if (replica == nullptr || !replica->synchronous || replica->held()) return;
    const Millis nowMs = context_.monotonicMs();
    const bool well = healthy(nowMs);
    if (!well) healthySinceMs_ = 0;
    if (well && healthySinceMs_ == 0) healthySinceMs_ = nowMs;
    if (on_) {
        const bool slow = !waiters_.empty() && nowMs - waiters_.front().sinceMs > context_.config().syncLatencyMsMax;
        const bool unreachable =
            session_.state() == LinkState::BackingOff && trouble_.code() == "ErrAllGatewaysUnreachable";
        if (slow || unreachable) {
            healthySinceMs_ = 0;
            set(false);
        }
    } else if (well && nowMs - healthySinceMs_ >= kSyncReturnAfterMs) {
        set(true);
    }
    timer_ = context_.seams().timers.after(100, [this] {
        timer_ = 0;
        check();
    });
}

}  // namespace tributary::engine
