// What one subscribed replica is sent: rows above its clock, and the time while there are none.
#pragma once

#include <array>

#include "engine/systems/tarantool/door/doorreplicas.h"
#include "engine/systems/tarantool/iproto/replication.h"
#include "engine/systems/tarantool/replication/logfeed.h"
#include "engine/systems/tarantool/replication/masterhost.h"
#include "engine/systems/tarantool/replication/replicationseen.h"

namespace tributary::engine::tarantool {

/// Rows go on as the log holds them, whole transactions of them. A replica's own rows go back to it only as far as they
/// were here when it subscribed, and when it asks for them: it may have lost its log. Executor's thread only.
class Relay final : private LogFeed::Reader {
public:
    static constexpr std::size_t kQueuedBytesMax = 1U << 20U;

    struct Place {
        DoorLines& lines;
        std::uint64_t session = 0;
        std::uint64_t sync = 0;
    };
    struct Ends {
        std::uint32_t ownId = 0;      ///< of this instance
        std::uint32_t replicaId = 0;  ///< 0 = anonymous
        Vclock clock;                 ///< of this instance as it subscribes
    };
    class Owner {
    public:
        virtual ~Owner() = default;
        /// It cannot go on; the session is still there. The relay may be destroyed by it.
        virtual void relayFailed(std::uint64_t session, const Error& error) = 0;
    };

    Relay(MasterHost& host, Owner& owner, const Place& place, Subscription subscription, const Ends& ends);

    /// Once, when it is known where in the log the subscription's clock stands.
    void start(Lsn from);
    /// Entries were published, or there is room again.
    void pump();
    /// Heartbeats, when they are due.
    void tick(Micros nowUs);
    /// Errors: Corrupt when it is no acknowledgement.
    Status takeAcknowledgement(const Packet& packet);
    /// It was silent for four times replication.timeout.
    [[nodiscard]] bool isSilent(Micros nowUs) const { return nowUs - heardUs_ >= 4 * timeoutUs(); }
    [[nodiscard]] DownstreamSeen seen(Micros nowUs) const;
    [[nodiscard]] const Vclock& acknowledged() const { return acknowledged_; }
    [[nodiscard]] const Subscription& subscription() const { return subscription_; }
    [[nodiscard]] const Place& place() const { return place_; }
    /// The socket as it was when it subscribed.
    [[nodiscard]] const std::optional<SocketNames>& names() const { return names_; }

private:
    /// replication.timeout: a heartbeat when nothing was sent for so long.
    [[nodiscard]] Micros timeoutUs() const { return host_.settings().options.replication.timeoutMs * 1'000; }
    [[nodiscard]] bool hasRoom() const override;
    Status takeEntries(const std::vector<LogEntry>& entries) override;
    void feedIsEmpty() override {}
    void feedFailed(const Error& error) override;
    /// Whether the replica is sent a row that it lacks.
    [[nodiscard]] bool isWanted(const PacketHeader& header) const;
    void send(Bytes bytes);

    MasterHost& host_;
    Owner& owner_;
    Place place_;
    Subscription subscription_;
    Ends ends_;
    std::optional<SocketNames> names_;
    std::array<bool, Vclock::kIdsMax> leftOut_{};
    Vclock sent_;  ///< what it has, and what it has been sent
    Vclock acknowledged_;
    std::unique_ptr<LogFeed> feed_;
    Micros heardUs_;
    Micros sentUs_ = 0;
    double lagS_ = 0;
};

}  // namespace tributary::engine::tarantool
