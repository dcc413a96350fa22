// What replicas and masters say to each other: votes, joins, subscriptions, rows, heartbeats, acknowledgements.
#pragma once

#include <string>

#include "engine/systems/tarantool/iproto/packet.h"
#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

/// The answer to a vote, by which a new replica set chooses who begins it.
struct Ballot {
    bool isReadOnly = false;
    bool isLoading = false;
    bool isAnonymous = false;
    Vclock clock;
    Vclock collected;  ///< logs below are gone
};
[[nodiscard]] Bytes voteRequest(std::uint64_t sync);
[[nodiscard]] Bytes ballotAnswer(std::uint64_t sync, const Ballot& ballot);
/// Errors: Corrupt.
[[nodiscard]] Result<Ballot> decodeBallot(const Packet& packet);

/// Asks for everything, and to be registered under this uuid; and under this name, unless it is empty, which those
/// before 3.0 do not read.
[[nodiscard]] Bytes joinRequest(std::uint64_t sync, const Uuid& instance, std::string_view name = {});
/// Asks for everything, as a replica that stays anonymous.
[[nodiscard]] Bytes fetchSnapshotRequest(std::uint64_t sync);
/// Ends a stage of a join.
[[nodiscard]] Bytes clockAnswer(std::uint64_t sync, const Vclock& clock);

/// Asks to be sent what is above the clock, from now on.
struct Subscription {
    Uuid replicaset;
    Uuid instance;
    Vclock clock;
    std::uint32_t version = 0x00020600;  ///< major, minor, patch; 2.6.0: what this program is held against
    bool isAnonymous = false;
    std::vector<std::uint32_t> leftOut;  ///< ids whose rows are not wanted
};
[[nodiscard]] Bytes subscribeRequest(std::uint64_t sync, const Subscription& subscription);
/// Errors: Corrupt.
[[nodiscard]] Result<Subscription> decodeSubscription(const Packet& packet);

/// The master's answer to a subscription.
struct Subscribed {
    std::uint32_t masterId = 0;
    Uuid replicaset;
    Vclock clock;  ///< the master's: who reaches it is in sync
};
[[nodiscard]] Bytes subscribedAnswer(std::uint64_t sync, const Subscribed& subscribed);
/// Errors: Corrupt.
[[nodiscard]] Result<Subscribed> decodeSubscribed(const Packet& packet);

/// A master with nothing to send is heard of by its clock's time, in seconds since 1970.
[[nodiscard]] Bytes heartbeat(std::uint32_t masterId, double now);
/// What a replica has: after every batch, and when nothing came for a while.
/// `timestamp`, in seconds since 1970, is that of the last row that was applied, from which the master tells the lag; 0
/// = there is none yet.
[[nodiscard]] Bytes acknowledgement(const Vclock& clock, double timestamp = 0);
/// The clock in an answer or acknowledgement. Errors: Corrupt.
[[nodiscard]] Result<Vclock> decodeClock(const Packet& packet);

}  // namespace tributary::engine::tarantool
