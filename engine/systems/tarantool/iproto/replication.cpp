// Bodies of the replication packets.
#include "engine/systems/tarantool/iproto/replication.h"

#include <fmt/format.h>

namespace tributary::engine::tarantool {
namespace {

PacketHeader replicationHeader(PacketType type, std::uint64_t sync) {
    PacketHeader header;
    header.type = static_cast<std::uint32_t>(type);
    header.sync = sync;
    return header;
}

Error missingField(std::string_view what) {
    return {ErrorCode::Corrupt, fmt::format("{} is missing or no such value", what), {}, {}};
}

Bytes encoded(const Vclock& clock) {
    Bytes out;
    clock.append(out);
    return out;
}

Result<Vclock> clockOf(const PacketBody& body) {
    const auto map = body.field(BodyKey::Vclock);
    return map ? Vclock::decode(*map) : Result<Vclock>(missingField("the clock"));
}

}  // namespace

Bytes voteRequest(std::uint64_t sync) {
    return encodePacket(replicationHeader(PacketType::Vote, sync), BodyWriter().take());
}

Bytes ballotAnswer(std::uint64_t sync, const Ballot& ballot) {
    Bytes map;
    MsgpackWriter writer(map);
    const auto key = [&](BallotKey which) { writer.unsignedInteger(static_cast<std::uint64_t>(which)); };
    writer.map(5);
    key(BallotKey::ReadOnly);
    writer.boolean(ballot.isReadOnly);
    key(BallotKey::Loading);
    writer.boolean(ballot.isLoading);
    key(BallotKey::Anonymous);
    writer.boolean(ballot.isAnonymous);
    key(BallotKey::Vclock);
    ballot.clock.append(map);
    key(BallotKey::GcVclock);
    ballot.collected.append(map);
    return encodePacket(replicationHeader(PacketType::Ok, sync), BodyWriter().raw(BodyKey::Ballot, map).take());
}

Result<Ballot> decodeBallot(const Packet& packet) {
    const Result<PacketBody> body = PacketBody::decode(packet.body);
    if (!body) return body.error();
    const auto map = body->field(BodyKey::Ballot);
    if (!map) return missingField("the ballot");
    MsgpackReader reader(*map);
    Ballot ballot;
    for (std::uint32_t pairs = reader.map(); pairs > 0 && reader.ok(); --pairs) {
        const std::uint64_t key = reader.unsignedInteger();
        const bool isClock = key == static_cast<std::uint64_t>(BallotKey::Vclock) ||
                             key == static_cast<std::uint64_t>(BallotKey::GcVclock);
        if (isClock) {
            const Result<Vclock> clock = Vclock::decode(reader.value());
            if (!clock) return clock.error();
            (key == static_cast<std::uint64_t>(BallotKey::Vclock) ? ballot.clock : ballot.collected) = *clock;
        } else if (key == static_cast<std::uint64_t>(BallotKey::ReadOnly)) {
            ballot.isReadOnly = reader.boolean();
        } else if (key == static_cast<std::uint64_t>(BallotKey::Loading)) {
            ballot.isLoading = reader.boolean();
        } else if (key == static_cast<std::uint64_t>(BallotKey::Anonymous)) {
            ballot.isAnonymous = reader.boolean();
        } else {
            reader.value();
        }
    }
    if (!reader.ok()) return missingField("the ballot");
    return ballot;
}

Bytes joinRequest(std::uint64_t sync, const Uuid& instance, std::string_view name) {
    BodyWriter body;
    body.text(BodyKey::InstanceUuid, instance.text());
    if (!name.empty()) body.text(BodyKey::InstanceName, name);
    return encodePacket(replicationHeader(PacketType::Join, sync), body.take());
}

Bytes fetchSnapshotRequest(std::uint64_t sync) {
    return encodePacket(replicationHeader(PacketType::FetchSnapshot, sync), BodyWriter().take());
}

Bytes clockAnswer(std::uint64_t sync, const Vclock& clock) {
    return encodePacket(replicationHeader(PacketType::Ok, sync),
                        BodyWriter().raw(BodyKey::Vclock, encoded(clock)).take());
}

Bytes subscribeRequest(std::uint64_t sync, const Subscription& subscription) {
    BodyWriter body;
    body.text(BodyKey::ReplicasetUuid, subscription.replicaset.text())
        .text(BodyKey::InstanceUuid, subscription.instance.text())
        .raw(BodyKey::Vclock, encoded(subscription.clock))
        .number(BodyKey::ServerVersion, subscription.version)
        .flag(BodyKey::Anonymous, subscription.isAnonymous);
    if (!subscription.leftOut.empty()) {
        Bytes ids;
        MsgpackWriter writer(ids);
        writer.array(subscription.leftOut.size());
        for (const std::uint32_t id : subscription.leftOut) writer.unsignedInteger(id);
        body.raw(BodyKey::IdFilter, ids);
    }
    return encodePacket(replicationHeader(PacketType::Subscribe, sync), body.take());
}

Result<Subscription> decodeSubscription(const Packet& packet) {
    const Result<PacketBody> body = PacketBody::decode(packet.body);
    if (!body) return body.error();
    const auto replicaset = body->uuid(BodyKey::ReplicasetUuid);
    const auto instance = body->uuid(BodyKey::InstanceUuid);
    if (!replicaset || !instance) return missingField("a uuid of the subscription");
    Result<Vclock> clock = clockOf(*body);
    if (!clock) return clock.error();
    Subscription subscription{*replicaset, *instance, *clock, 0, body->flag(BodyKey::Anonymous), {}};
    subscription.version = static_cast<std::uint32_t>(body->number(BodyKey::ServerVersion).value_or(0));
    if (const auto ids = body->field(BodyKey::IdFilter)) {
        MsgpackReader reader(*ids);
        for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
            const std::uint64_t id = reader.unsignedInteger();
            if (id >= Vclock::kIdsMax) reader.fail();
            subscription.leftOut.push_back(static_cast<std::uint32_t>(id));
        }
        if (!reader.ok()) return missingField("the filter of the subscription");
    }
    return subscription;
}

Bytes subscribedAnswer(std::uint64_t sync, const Subscribed& subscribed) {
    PacketHeader header = replicationHeader(PacketType::Ok, sync);
    header.replicaId = subscribed.masterId;
    return encodePacket(header, BodyWriter()
                                    .raw(BodyKey::Vclock, encoded(subscribed.clock))
                                    .text(BodyKey::ReplicasetUuid, subscribed.replicaset.text())
                                    .take());
}

Result<Subscribed> decodeSubscribed(const Packet& packet) {
    const Result<PacketBody> body = PacketBody::decode(packet.body);
    if (!body) return body.error();
    const auto replicaset = body->uuid(BodyKey::ReplicasetUuid);
    if (!replicaset) return missingField("the uuid of the replica set");
    Result<Vclock> clock = clockOf(*body);
    if (!clock) return clock.error();
    return Subscribed{packet.header.replicaId, *replicaset, *clock};
}

Bytes heartbeat(std::uint32_t masterId, double now) {
    PacketHeader header = replicationHeader(PacketType::Ok, 0);
    header.replicaId = masterId;
    header.timestamp = now;
    return encodePacket(header, {});
}

Bytes acknowledgement(const Vclock& clock, double timestamp) {
    PacketHeader header = replicationHeader(PacketType::Ok, 0);
    header.timestamp = timestamp;
    return encodePacket(header, BodyWriter().raw(BodyKey::Vclock, encoded(clock)).take());
}

Result<Vclock> decodeClock(const Packet& packet) {
    const Result<PacketBody> body = PacketBody::decode(packet.body);
    if (!body) return body.error();
    return clockOf(*body);
}

}  // namespace tributary::engine::tarantool
