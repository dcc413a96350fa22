// How far a link is: cursors, what is pending, what is in flight.
#pragma once

#include <deque>

#include "engine/log/commitlog.h"
#include "engine/replication/linkstatus.h"
#include "engine/replication/messages.h"
#include "engine/replication/throughput.h"

namespace tributary::engine {

/// One payload, or a filter's skip, that was sent and is not acknowledged as durable.
struct InFlight {
    std::uint64_t sequence = 0;
    Lsn lsn = 0;
    std::uint64_t bytes = 0;  ///< as counted in pending (raw payload sizes)
    std::uint64_t operations = 0;
    std::uint64_t wireBytes = 0;
    Millis stampMs = 0;
    Millis sentMs = 0;  ///< of the monotonic clock
};

/// What an acknowledgement came to.
enum class AckOutcome {
    Nothing,
    Moved,      ///< the cursor moved: progress
    Impossible  ///< it speaks of what was never sent
};

/// Counts what is pending, holds what is in flight, moves the cursor. The cursor moves on DURABLE acks only.
class LinkProgress {
public:
    explicit LinkProgress(const LinkSnapshot& from);

    /// The clocks that an acknowledgement is looked at with.
    struct Now {
        Millis wallMs = 0;
        Millis monotonicMs = 0;
    };

    /// A published entry that is for this link. Times of the monotonic clock, like all that is called nowMs here.
    void count(const LogEntry& entry, Millis nowMs);
    void sent(const InFlight& item);
    /// `cursorOnReceived` is a seeded bug.
    AckOutcome acked(const Ack& ack, const Now& now, bool cursorOnReceived);
    /// An entry that needs no sending: not for this link (not `counted`), or already at the replica.
    void passOver(const InFlight& passed, bool counted);
    /// Nothing up to `lsn` is for this link beyond what is in flight.
    void passTo(Lsn lsn);
    /// The session is gone: what was in flight is to be sent again.
    void rewind();
    void countSentBytes(std::uint64_t bytes) { bytesSent_ += bytes; }

    [[nodiscard]] Lsn cursorLsn() const { return cursorLsn_; }
    [[nodiscard]] Lsn receivedLsn() const { return receivedLsn_; }
    [[nodiscard]] std::uint64_t inFlightBytes() const { return inFlight_.bytes; }
    /// Of what is in flight: not even received.
    [[nodiscard]] std::uint64_t unreceivedBytes() const { return inFlight_.unreceivedBytes; }
    /// Bytes acknowledged as received since the start; what a pace is measured with.
    [[nodiscard]] std::uint64_t receivedBytes() const { return receivedBytes_; }
    /// Shortest way of a small payload to its RECEIVED ack in this session; -1 = not seen yet.
    [[nodiscard]] Millis smallWayMs() const { return inFlight_.smallWayMs; }
    [[nodiscard]] const InFlight* oldestInFlight() const {
        return inFlight_.items.empty() ? nullptr : &inFlight_.items.front();
    }
    /// The one with this session sequence; nullptr = none.
    [[nodiscard]] const InFlight* inFlightAt(std::uint64_t sequence) const;
    /// Since when (monotonic) nothing was acknowledged although something is in flight; 0 = nothing is.
    [[nodiscard]] Millis quietSinceMs() const { return inFlight_.items.empty() ? 0 : inFlight_.quietSinceMs; }
    /// Pending bytes that are not even in flight.
    [[nodiscard]] std::uint64_t bytesUnsent() const;
    void fill(LinkStatus& status, Millis nowMs) const;
    void fill(LinkSnapshot& snapshot) const;

private:
    void advance(const InFlight& done);

    Lsn cursorLsn_ = 0;
    Lsn receivedLsn_ = 0;
    struct Window {
        std::deque<InFlight> items;  ///< of consecutive sequences
        std::uint64_t bytes = 0;
        std::uint64_t unreceivedBytes = 0;
        std::uint64_t receivedSequence = 0;
        std::uint64_t sentSequence = 0;
        Millis smallWayMs = -1;
        Millis quietSinceMs = 0;
    } inFlight_;
    std::uint64_t receivedBytes_ = 0;
    std::uint64_t bytesPending_ = 0;
    std::uint64_t operationsPending_ = 0;
    Millis oldestPendingMs_ = 0;
    Millis newestPendingMs_ = 0;
    Millis transportLagMs_ = -1;
    Millis applyLagMs_ = -1;
    std::uint64_t bytesSent_ = 0;
    Throughput arrived_;  ///< what became pending
    Throughput durable_;  ///< what the replica has acknowledged as durable
};

}  // namespace tributary::engine
