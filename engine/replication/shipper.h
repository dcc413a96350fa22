// The source's end of one link: one live session to one of the destination's gateways, and what is still to be sent.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/catalog/records.h"
#include "engine/gateway/frames.h"
#include "engine/gateway/messages.h"
#include "engine/log/commitlog.h"
#include "engine/node/nodeconfig.h"
#include "engine/replication/linkfilter.h"
#include "engine/seams/seams.h"

namespace tributary::engine {

/// Where a link is. Names (linkStateName) are what status and the lag line show.
enum class LinkState { Paused, Connecting, AgreementMissing, Streaming, BackingOff };
[[nodiscard]] std::string_view linkStateName(LinkState state);

/// What an operator sees of a link. Counters are exact; times are of the source's wall clock.
struct LinkStatus {
    LinkState state = LinkState::Connecting;
    std::string errorCode;  ///< "ErrAllGatewaysUnreachable", ...; empty when healthy
    std::string errorHost;
    std::string errorMessage;
    std::uint64_t bytesPending = 0;
    std::uint64_t operationsPending = 0;
    Millis oldestPendingMs = 0;  ///< 0 when nothing is pending
    Millis newestPendingMs = 0;
    Lsn cursorLsn = 0;  ///< everything at or below it is durable at the replica, or not for it
    Lsn sentLsn = 0;
    Lsn receivedLsn = 0;
    Millis transportLagMs = -1;   ///< stamp of a payload -> its RECEIVED ack; -1 = unknown
    Millis applyLagMs = -1;       ///< stamp of a payload -> its DURABLE ack; -1 = unknown
    bool synchronousNow = false;  ///< configured synchronous and not fallen back
    std::uint64_t bytesSent = 0;  ///< since the node started
};

/// What the shipper needs of its node.
struct ShipperHost {
    Seams* seams = nullptr;
    const NodeConfig* config = nullptr;
    std::function<CommitLog&()> log;  ///< a call: links exist before the log is open (recovery)
    /// The table and the replica record as they are now; nullptr when gone.
    std::function<const TableRecord*(std::uint32_t tableId)> table;
    /// Gateway names set for a destination (`cluster gateway set`), or empty = those as drawn.
    std::function<std::vector<std::string>(const std::string& cluster)> gateways;
    /// Called when error, state or synchronous mode changed, for alarms.
    std::function<void()> changed;
};

/// Durable part of a shipper, kept in the node snapshot.
struct ShipperSnapshot {
    Lsn cursorLsn = 0;
    std::uint64_t bytesPending = 0;
    std::uint64_t operationsPending = 0;
    Millis oldestPendingMs = 0;
    Millis newestPendingMs = 0;
    std::uint64_t epoch = 0;
};

/// One link. Executor's thread only. The cursor moves on DURABLE acks only; a lost session starts again behind it and
/// the receiver's positions tell what need not be sent twice.
class Shipper {
public:
    Shipper(ShipperHost host, std::uint32_t tableId, std::uint32_t replicaIdx, const ShipperSnapshot& from);
    ~Shipper();
    Shipper(const Shipper&) = delete;
    Shipper& operator=(const Shipper&) = delete;

    /// Reads the record again: starts, stops or restarts the session as it says.
    void update();
    /// A published entry of this table: counts it when it is for this link.
    void onEntry(const LogEntry& entry);
    /// More of the log may be shipped.
    void pump();

    /// Runs `done` when the entry at `lsn` was RECEIVED, or at once when the link is not synchronous now (or the entry
    /// is not for it).
    void whenReceived(Lsn lsn, std::function<void()> done);
    [[nodiscard]] bool synchronousNow() const { return synchronousNow_; }

    [[nodiscard]] LinkStatus status() const;
    [[nodiscard]] ShipperSnapshot snapshot() const;
    [[nodiscard]] Lsn cursorLsn() const { return cursorLsn_; }

private:
    struct InFlight {
        std::uint64_t sequence = 0;
        Lsn lsn = 0;
        std::uint64_t bytes = 0;  ///< as counted in pending (raw payload sizes)
        std::uint64_t operations = 0;
        std::uint64_t wireBytes = 0;
        Millis stampMs = 0;
        Millis sentMs = 0;  ///< of the monotonic clock
    };
    struct Waiter {
        Lsn lsn = 0;
        Millis sinceMs = 0;
        std::function<void()> done;
    };

    [[nodiscard]] const ReplicaRecord* record() const;
    [[nodiscard]] bool destined(const LogEntry& entry, const TableRecord& table, const ReplicaRecord& replica) const;
    void connect();
    void dialNext();
    void onBytes(BytesView bytes);
    bool onFrame(const Frame& frame);
    void onAck(const Ack& ack);
    void startStreaming(HelloOk ok);
    void drop(std::string code, std::string message, bool backOff);
    void scheduleRetry(Millis delayMs);
    void heartbeat();
    void ship(const std::vector<LogEntry>& entries);
    bool shipOne(const LogEntry& entry, const TableRecord& table, const ReplicaRecord& replica);
    void flushBatch();
    void passOver(const LogEntry& entry, bool counted);
    void skipLane(const LogEntry& entry, const PayloadView& view, const std::string& columns);
    const LinkFilter& filterFor(const ReplicaRecord& replica, Lsn lsn);
    bool throttled(const ReplicaRecord& replica);
    void advanceCursor(const InFlight& done);
    void setSynchronous(bool on);
    void checkSynchronous();
    void releaseWaiters(Lsn upTo);

    ShipperHost host_;
    std::uint32_t tableId_;
    std::uint32_t replicaIdx_;
    LinkState state_ = LinkState::Connecting;
    std::string errorCode_;
    std::string errorHost_;
    std::string errorMessage_;

    // session
    std::unique_ptr<Connection> connection_;
    FrameReader reader_;
    std::vector<Endpoint> endpoints_;
    std::size_t endpointNext_ = 0;  ///< round-robin over the gateways, across sessions
    std::size_t endpointsTried_ = 0;
    std::uint64_t epoch_ = 0;
    std::uint64_t sessionSequence_ = 0;
    Positions receiverPositions_;
    Lsn readLsn_ = 0;  ///< next lsn to look at
    bool readingStored_ = false;
    std::uint64_t generation_ = 0;  ///< fences answers of an older session's reads
    std::deque<InFlight> inFlight_;
    std::uint64_t inFlightBytes_ = 0;
    std::vector<std::shared_ptr<const Bytes>> batch_;
    std::size_t batchBytes_ = 0;
    std::uint64_t batchFirst_ = 0;
    std::uint32_t plainBatches_ = 0;  ///< batches still to be sent plain after one that did not shrink
    Millis lastHeardMs_ = 0;
    TimerId retryTimer_ = 0;
    TimerId heartbeatTimer_ = 0;
    TimerId pumpTimer_ = 0;
    Millis backOffMs_ = 0;
    std::optional<LinkFilter> filter_;
    double tokens_ = 0;
    Micros tokensAtUs_ = 0;

    // progress
    Lsn cursorLsn_ = 0;
    Lsn receivedLsn_ = 0;
    std::uint64_t bytesPending_ = 0;
    std::uint64_t operationsPending_ = 0;
    Millis oldestPendingMs_ = 0;
    Millis newestPendingMs_ = 0;
    Millis transportLagMs_ = -1;
    Millis applyLagMs_ = -1;
    std::uint64_t bytesSent_ = 0;

    // synchronous mode
    bool synchronousNow_ = false;
    Millis healthySinceMs_ = 0;
    std::deque<Waiter> waiters_;
    TimerId syncTimer_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// Origin uuid of a payload without parsing it; nil when it is too short.
[[nodiscard]] Uuid originOfPayload(BytesView payload);
/// Stamp of a payload without parsing it; 0 when it is too short.
[[nodiscard]] Stamp stampOfPayload(BytesView payload);

}  // namespace tributary::engine
