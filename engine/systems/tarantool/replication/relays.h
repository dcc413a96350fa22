// Those whom an instance serves: who joins, who is subscribed, how far each is, and what the log is held for.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "engine/systems/tarantool/replication/clockfinder.h"
#include "engine/systems/tarantool/replication/join.h"
#include "engine/systems/tarantool/replication/relay.h"

namespace tributary::engine::tarantool {

/// The master's side of replication. A replica that is registered in _cluster holds the log from what it has
/// acknowledged on; one that has not been heard of since the start, everything. Anonymous ones hold nothing. Executor's
/// thread only; destroying it leaves all sessions as they are.
class Relays final : public DoorReplicas, private Relay::Owner, private Join::Owner {
public:
    /// `host` outlives it.
    explicit Relays(MasterHost& host);
    ~Relays() override;
    Relays(const Relays&) = delete;
    Relays& operator=(const Relays&) = delete;

    void asked(DoorLines& lines, std::uint64_t session, const DoorUser& user, const Packet& packet) override;
    void heard(std::uint64_t session, const Packet& packet) override;
    void drained(std::uint64_t session) override;
    void ended(std::uint64_t session) override;

    /// Entries were published, or the instance has become ready.
    void published();
    /// The oldest entry that a registered replica, or one that joins, may still need; the largest number when there is
    /// none.
    [[nodiscard]] Lsn neededFrom();
    /// Nothing when that replica has not subscribed since the start.
    [[nodiscard]] std::optional<DownstreamSeen> seen(const std::string& uuid) const;
    /// What registered replicas hold the log at, by uuid: box.info.gc().consumers.
    [[nodiscard]] std::map<std::string, Vclock> consumers();
    [[nodiscard]] std::size_t anonymous() const;

private:
    /// One that has joined or subscribed since the start.
    struct Replica {
        std::uint64_t session = 0;  ///< which relays to it; 0 = none
        bool isAnonymous = false;
        bool hasSubscribed = false;
        Vclock clock;  ///< acknowledged last
        Lsn heldFrom = 0;
        std::string message;  ///< why the last relay ended
        std::string systemMessage;
    };
    struct Member {
        std::uint32_t id = 0;
        std::string name;
    };
    using Members = std::map<Uuid, Member>;
    using Refusal = std::optional<BoxFailure>;

    // relays.cpp: those who are subscribed
    void relayFailed(std::uint64_t session, const Error& error) override;
    void stopRelay(std::uint64_t session, const std::string& message, const std::string& systemMessage);
    void acknowledged(const Relay& relay);
    void tick();
    void keepTime();
    Result<Members> members() const;
    // relayrequests.cpp: what is asked
    void join(DoorLines& lines, std::uint64_t session, const DoorUser& user, Join::Order order);
    void subscribe(DoorLines& lines, std::uint64_t session, const DoorUser& user, const Packet& packet);
    Result<Refusal> whyNoJoin(const DoorUser& user, const Join::Order& order);
    Result<Refusal> whyNoSubscription(const DoorUser& user, const Subscription& wanted, Relay::Ends& ends);
    void enrol(const Join::Order& order, std::function<void(Refusal)> done) override;
    void enrolNext();
    void enrolled(const Refusal& outcome);
    [[nodiscard]] bool isConnected(const Uuid& instance) const;
    Result<std::optional<Packet>> enrolment(const Join::Order& order) const;
    void joined(std::uint64_t session, Lsn upTo) override;
    void joinRefused(std::uint64_t session, const BoxFailure& failure) override;

    /// Destroys it in another turn: it may be in a call of its own.
    template <typename One>
    void later(std::unique_ptr<One> one) {
        host_.seams().executor.post([old = std::shared_ptr<One>(std::move(one))] {});
    }

    struct Enrolling {
        Join::Order order;
        std::function<void(Refusal)> done;
    };
    struct Joining {
        DoorLines* lines = nullptr;
        std::unique_ptr<Join> join;
    };
    MasterHost& host_;
    ClockFinder finder_;
    std::map<std::uint64_t, Joining> joins_;  ///< by session
    std::deque<Enrolling> enrolling_;         ///< the first of them is at work: no two are given one id
    std::map<std::uint64_t, std::unique_ptr<Relay>> relays_;
    std::map<Uuid, Replica> replicas_;
    TimerId timer_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine::tarantool
