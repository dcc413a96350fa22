// Rows out, acknowledgements in.
#include "engine/systems/tarantool/replication/relay.h"

#include "engine/systems/tarantool/replication/clockmarks.h"
#include "engine/systems/tarantool/replication/loggedrows.h"

namespace tributary::engine::tarantool {

Relay::Relay(MasterHost& host, Owner& owner, const Place& place, Subscription subscription, const Ends& ends)
    : host_(host),
      owner_(owner),
      place_(place),
      subscription_(std::move(subscription)),
      ends_(ends),
      names_(place.lines.names(place.session)),
      sent_(subscription_.clock),
      acknowledged_(subscription_.clock),
      heardUs_(host.seams().clock.monotonicUs()) {
    for (const std::uint32_t id : subscription_.leftOut) leftOut_.at(id) = true;
    send(subscribedAnswer(place_.sync, {ends_.ownId, host_.settings().replicasetUuid, ends_.clock}));
    // A replica counts as connected from the first of them on.
    send(heartbeat(ends_.ownId, static_cast<double>(host_.seams().clock.wallMs()) / kMsPerS));
}

void Relay::start(Lsn from) {
    LogFeed::Reader& reader = *this;
    feed_ = std::make_unique<LogFeed>(host_.log(), host_.datasetId(), reader, from);
    feed_->pump();
}

void Relay::pump() {
    if (feed_ != nullptr) feed_->pump();
}

bool Relay::hasRoom() const {
    return place_.lines.queuedBytes(place_.session) < kQueuedBytesMax;
}

bool Relay::isWanted(const PacketHeader& header) const {
    if (leftOut_.at(header.replicaId)) return false;
    if (header.replicaId != ends_.replicaId) return true;
    if (host_.seams().faults.hit("bug-relay-sends-own-back")) return true;
    return header.lsn <= ends_.clock.at(header.replicaId);
}

Status Relay::takeEntries(const std::vector<LogEntry>& entries) {
    Bytes out;
    for (const LogEntry& entry : entries) {
        LoggedRows rows(entry, host_.datasetId());
        for (LoggedRow row; rows.next(row);) {
            const PacketHeader& header = row.header;
            if (!isNumbered(header) || header.lsn <= sent_.at(header.replicaId)) continue;
            (void)sent_.follow(header.replicaId, header.lsn);
            if (!isWanted(header)) continue;
            if (host_.seams().faults.hit("bug-relay-skips-row") && header.lsn % 16 == 0) continue;
            appendFramed(out, row.bytes);
        }
        if (!rows.ok()) return Error{ErrorCode::Corrupt, "an entry of the log is damaged", {}, {}};
    }
    if (!out.empty()) send(std::move(out));
    return okStatus();
}

void Relay::feedFailed(const Error& error) {
    // A file that somebody removed is one of those that are not there.
    Error told = error;
    if (error.code != ErrorCode::Corrupt) told.what = gapText(sent_, ends_.clock);
    owner_.relayFailed(place_.session, told);
}

void Relay::send(Bytes bytes) {
    sentUs_ = host_.seams().clock.monotonicUs();
    place_.lines.send(place_.session, std::move(bytes));
}

void Relay::tick(Micros nowUs) {
    if (nowUs - sentUs_ < timeoutUs()) return;
    send(heartbeat(ends_.ownId, static_cast<double>(host_.seams().clock.wallMs()) / kMsPerS));
}

Status Relay::takeAcknowledgement(const Packet& packet) {
    if (!packet.header.is(PacketType::Ok)) {
        return Error{ErrorCode::Corrupt, "a replica that has subscribed acknowledges, and asks nothing", {}, {}};
    }
    auto clock = decodeClock(packet);
    if (!clock) return clock.error();
    heardUs_ = host_.seams().clock.monotonicUs();
    const bool isMore = !covers(acknowledged_, clock.value());
    if (isMore && packet.header.timestamp > 0) {
        lagS_ = static_cast<double>(host_.seams().clock.wallMs()) / kMsPerS - packet.header.timestamp;
    }
    acknowledged_ = clock.value();
    return okStatus();
}

DownstreamSeen Relay::seen(Micros nowUs) const {
    DownstreamSeen seen;
    seen.isFollowing = true;
    seen.idleS = static_cast<double>(nowUs - sentUs_) / kUsPerS;
    seen.lagS = lagS_;
    seen.clock = acknowledged_;
    return seen;
}

}  // namespace tributary::engine::tarantool
