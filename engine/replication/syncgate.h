// The synchronous mode of a link: writes wait for RECEIVED, fall back when it takes too long, and return by themselves.
#pragma once

#include <deque>
#include <functional>

#include "engine/replication/linkcontext.h"
#include "engine/replication/linkprogress.h"
#include "engine/replication/linksession.h"
#include "engine/replication/linktrouble.h"

namespace tributary::engine {

constexpr Millis kSyncReturnAfterMs = 1'000;  ///< healthy this long before a link is synchronous again (ours)

/// Holds the answers of writes back until the replica has received them. Executor's thread only.
class SyncGate {
public:
    SyncGate(const LinkContext& context, const LinkSession& session, const LinkProgress& progress,
             const LinkTrouble& trouble);
    ~SyncGate();
    SyncGate(const SyncGate&) = delete;
    SyncGate& operator=(const SyncGate&) = delete;

    /// Configured synchronous and not fallen back.
    [[nodiscard]] bool on() const { return on_; }
    /// The record says whether it is to be synchronous. A gate that has fallen back stays so when the same is said
    /// again: an unrelated edit of the record makes no replica healthy.
    void configure(bool synchronous);
    /// Runs `done` when the entry at `lsn` was RECEIVED, or at once when nobody waits here.
    void whenReceived(Lsn lsn, std::function<void()> done);
    void release(Lsn upTo);
    /// Judges and comes again: falls back when the oldest write waits too long or no gateway is reachable, returns when
    /// the link has been healthy and caught up for a while.
    void check();

private:
    struct Waiter {
        Lsn lsn = 0;
        Millis sinceMs = 0;
        std::function<void()> done;
    };
    void set(bool on);
    [[nodiscard]] bool healthy(Millis nowMs) const;

    const LinkContext& context_;
    const LinkSession& session_;
    const LinkProgress& progress_;
    const LinkTrouble& trouble_;
    bool configured_ = false;
    bool on_ = false;
    Millis healthySinceMs_ = 0;
    std::deque<Waiter> waiters_;
    TimerId timer_ = 0;
};

}  // namespace tributary::engine
