// The reading side of a replication connection, without a socket: from the greeting to rows and heartbeats.
#pragma once

#include <deque>
#include <optional>
#include <variant>

#include "engine/systems/tarantool/iproto/greeting.h"
#include "engine/systems/tarantool/iproto/replication.h"

namespace tributary::engine::tarantool {

/// What an applier learns, in order.
struct SnapshotRow {
    Packet row;  ///< of the master's picture: without origin or number
};
struct FinalRow {
    Packet row;  ///< what happened while the picture was sent, the registration among it
};
struct StreamRow {
    Packet row;  ///< of the log, above the clock that was asked for
};
struct SnapshotDone {
    Vclock clock;
};
struct Joined {
    Vclock clock;  ///< go on from here
};
struct Heartbeat {
    double timestamp = 0;  ///< the master's time
};
struct Refused {
    BoxFailure failure;  ///< over: what must change first is in its text
};
struct Voted {
    Ballot ballot;  ///< the session waits for login()
};
struct LoggedIn {};  ///< the session waits for join() or subscribe()
using ApplierEvent = std::variant<SnapshotRow, FinalRow, StreamRow, SnapshotDone, Joined, Subscribed, Heartbeat,
                                  Refused, Voted, LoggedIn>;

/// Walks through greeting, login, join or fetch (when there is no data yet) and subscription. The owner sends what
/// outgoing() gives, feeds what arrives and takes events; it acknowledges and keeps the time. After Refused or an error
/// the session is over.
///
/// Of its own accord it goes from step to step; with Options::isStepwise it votes first, and waits where its owner has
/// to choose: after Voted, after LoggedIn, after Joined.
class ApplierSession {
public:
    struct Options {
        std::string user;  ///< empty = guest
        std::string password;
        std::string name;           ///< of the instance, told in a join; empty = none
        bool wantsData = false;     ///< begins with a join (anonymous: with a fetch), else with the subscription
        Subscription subscription;  ///< after a join, its clock is the joined one
        bool isStepwise = false;    ///< its owner calls login(), join() and subscribe()
    };
    enum class State { Connect, Vote, Voted, Auth, Ready, InitialJoin, FinalJoin, Subscribing, Following, Over };

    explicit ApplierSession(Options options) : options_(std::move(options)) {}

    /// Errors: Corrupt, Unsupported (a text console).
    Status feed(BytesView bytes);
    /// After Voted.
    void login();
    /// After Voted, instead of a login: asks for the ballot as it is now.
    void vote();
    /// After LoggedIn: asks for everything, as this instance.
    void join(const Uuid& instance, const std::string& name);
    /// After LoggedIn or Joined: asks for what is above the clock.
    void subscribe(const Subscription& subscription);
    /// Bytes to send now.
    [[nodiscard]] Bytes outgoing();
    std::optional<ApplierEvent> next();
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] const std::optional<Greeting>& greeting() const { return greeting_; }

private:
    Status greet();
    void loggedIn();
    Status take(Packet packet);
    Status takeJoinPacket(Packet packet);
    Status refuse(const Packet& packet);
    void ask();

    Options options_;
    State state_ = State::Connect;
    Bytes head_;
    std::optional<Greeting> greeting_;
    PacketStream stream_;
    Bytes outgoing_;
    std::deque<ApplierEvent> events_;
    bool hasSnapshotClock_ = false;  ///< the first answer of a join has come: rows of the picture follow
    std::uint64_t sync_ = 0;
};

}  // namespace tributary::engine::tarantool
