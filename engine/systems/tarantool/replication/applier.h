// Follows one peer: connects, votes, logs in, joins or subscribes, writes what comes and acknowledges it.
//
// Decision: one write is under way at a time (two parts of a join), of all whole transactions that have come
// meanwhile. Transactions are decided in their order, and a refused one is known before anything behind it is decided;
// a slow disk makes larger entries, not longer queues. What has not been written when a connection ends is asked for
// again.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "engine/seams/seams.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/iproto/applier.h"
#include "engine/systems/tarantool/replication/applierbox.h"
#include "engine/systems/tarantool/replication/peeraddress.h"
#include "engine/systems/tarantool/replication/replicationseen.h"
#include "engine/systems/tarantool/replication/rowqueue.h"

namespace tributary::engine::tarantool {

/// As box.info.replication calls them, in lower case and with underscores.
enum class ApplierState {
    Off,
    Connect,
    Connected,
    Auth,
    Ready,
    WaitSnapshot,
    FetchSnapshot,
    FinalJoin,
    Joined,
    Sync,
    Follow,
    Stopped,
    Disconnected,
    Loading
};
[[nodiscard]] std::string_view nameOf(ApplierState state);

/// Executor's thread only; not destroyed in its own callback.
class Applier {
public:
    enum class Goal {
        Connect,  ///< to know who is there, and its ballot
        Join,     ///< to get its data, and to follow it then
        Follow
    };
    static constexpr std::size_t kQueuedBytesMax = 8U << 20U;  ///< of rows that wait to be written; no more is read
    static constexpr std::size_t kPartRows = 20'000;           ///< a part of a join ends behind them,
    static constexpr std::size_t kPartBytes = 4U << 20U;       ///< or behind so much
    static constexpr std::size_t kPartsWriting = 2;            ///< one that the disk has, one that is decided meanwhile

    /// `changed` is called when a state, a ballot or a uuid has changed.
    Applier(Seams& seams, ApplierBox& box, PeerAddress address, std::function<void()> changed);
    ~Applier();
    Applier(const Applier&) = delete;
    Applier& operator=(const Applier&) = delete;

    void start();
    void setGoal(Goal goal);
    /// For good: the peer is this instance, or is followed by another applier.
    void turnOff();

    [[nodiscard]] const PeerAddress& address() const { return address_; }
    [[nodiscard]] ApplierState state() const { return state_; }
    /// Of whoever answers there; nothing before the first greeting.
    [[nodiscard]] const std::optional<Uuid>& peer() const { return peer_; }
    /// Of this connection; nothing while there is none.
    [[nodiscard]] const std::optional<Ballot>& ballot() const { return ballot_; }
    [[nodiscard]] UpstreamSeen seen() const;
    /// A part of a join has been written on this connection or an earlier one, and the join has not ended.
    [[nodiscard]] bool hasHalfAJoin() const { return hasHalf_; }
    [[nodiscard]] bool isWriting() const { return writing_ > 0; }
    void forgotHalf() { hasHalf_ = false; }

private:
    void dial();
    void take(BytesView bytes);
    void takeEvent(ApplierEvent& event);
    void takeSubscribed(const Subscribed& subscribed);
    void proceed();
    void subscribe();
    void takeJoinRow(Packet row);
    void pump();
    void writePart();
    void writeBatch();
    void written(std::uint64_t life, RowQueue::Batch batch, const Result<Bytes>& reply);
    void refusedAt(RowQueue::Batch batch, const ReplicatedAnswer& answer);
    void wrotePart(std::uint64_t life, const Status& status, bool wasLast);
    void acknowledge(const Vclock& clock);
    void considerFollow();
    void heard(double timestamp);
    void considerPause();
    void tick();
    void refused(const BoxFailure& failure);
    void fail(ApplierState state, std::string message, std::string systemMessage = {});
    void closed(const Error& error);
    void dropConnection();
    void setState(ApplierState state);
    [[nodiscard]] double idleS() const;

    Seams& seams_;
    ApplierBox& box_;
    PeerAddress address_;
    std::function<void()> changed_;
    Goal goal_ = Goal::Connect;
    ApplierState state_ = ApplierState::Off;
    std::uint64_t life_ = 0;  ///< of connections
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<ApplierSession> session_;
    std::optional<SocketNames> names_;  ///< of the connection
    std::optional<Uuid> peer_;
    std::optional<Ballot> ballot_;
    Vclock wanted_;  ///< the master's when it was subscribed to: whoever has it is in sync
    RowQueue queue_;
    std::vector<Packet> part_;  ///< rows of a join that wait to be written
    std::size_t partBytes_ = 0;
    std::optional<Vclock> joinedAt_;  ///< the join's end has come
    std::size_t writing_ = 0;         ///< writes under way
    bool isPaused_ = false;
    bool hasHalf_ = false;
    std::string message_;
    std::string systemMessage_;
    std::string logged_;  ///< what the log was told last
    double lagS_ = 0;
    double appliedAt_ = 0;  ///< timestamp of the last row that was written
    Micros heardUs_ = 0;
    Micros stageUs_ = 0;  ///< since when something is awaited
    TimerId tick_ = 0;
    TimerId retry_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine::tarantool
