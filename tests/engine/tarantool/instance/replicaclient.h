// A replica of an instance in a simulated world: what it is given, kept apart by stage; what it acknowledges, on
// request.
#pragma once

#include "engine/systems/tarantool/iproto/applier.h"
#include "engine/systems/tarantool/replication/clockmarks.h"
#include "instanceworld.h"

namespace tributary::test {

class ReplicaClient {
public:
    struct Plan {
        std::string user = "replicator";
        std::string password = "topsecret";
        bool wantsData = false;
        tt::Subscription subscription;
        std::string name;
        bool acknowledges = true;
    };

    ReplicaClient(InstanceWorld& world, Plan plan)
        : world_(world),
          acknowledges_(plan.acknowledges),
          session_({plan.user, plan.password, plan.name, plan.wantsData, plan.subscription}),
          clock(plan.subscription.clock) {
        const auto door = world.control().doorEndpoint();
        if (!door) qFatal("the instance listens nowhere");
        connection_ = world.outside().dial(*door);
        connection_->onBytes = [this](BytesView bytes) { take(bytes); };
        connection_->onClosed = [this](const Error&) { isClosed = true; };
    }
    /// Cut at once, as by kill -9.
    void cut() { connection_.reset(); }
    void pause(bool paused) { connection_->pauseReading(paused); }
    void send(Bytes bytes) { connection_->send(std::move(bytes)); }
    void acknowledge() { send(tt::acknowledgement(clock)); }
    bool until(const std::function<bool()>& done) {
        return world_.run([&] { return done() || isClosed || refused; }) && done();
    }
    bool isSubscribed() {
        return until([this] { return subscribed.has_value() || refused.has_value(); }) && subscribed.has_value();
    }
    /// Has the master's clock.
    bool isInSync() {
        return until([this] { return tt::covers(clock, world_.control().ballot().clock); });
    }

private:
    void take(BytesView bytes) {
        if (Status fed = session_.feed(bytes); !fed) qFatal("%s", fed.error().full().c_str());
        bool isRow = false;
        while (auto event = session_.next()) {
            if (const auto* row = std::get_if<tt::SnapshotRow>(&*event)) snapshot.push_back(row->row);
            if (const auto* row = std::get_if<tt::FinalRow>(&*event)) final.push_back(row->row);
            if (const auto* done = std::get_if<tt::Joined>(&*event)) clock = joinedAt = done->clock;
            if (const auto* done = std::get_if<tt::Subscribed>(&*event)) subscribed = *done;
            if (const auto* no = std::get_if<tt::Refused>(&*event)) refused = no->failure;
            if (std::holds_alternative<tt::Heartbeat>(*event)) ++heartbeats;
            if (const auto* row = std::get_if<tt::StreamRow>(&*event)) {
                isRow = true;
                const tt::PacketHeader& header = row->row.header;
                if (!clock.follow(header.replicaId, header.lsn)) ++repeated;
                stream.push_back(row->row);
            }
        }
        if (Bytes out = session_.outgoing(); !out.empty()) send(std::move(out));
        if (acknowledges_ && subscribed && !refused && (isRow || heartbeats > 0)) acknowledge();
    }

    InstanceWorld& world_;
    bool acknowledges_;
    tt::ApplierSession session_;
    std::unique_ptr<engine::Connection> connection_;

public:
    std::vector<tt::Packet> snapshot;
    std::vector<tt::Packet> final;
    std::vector<tt::Packet> stream;
    std::optional<tt::Subscribed> subscribed;
    std::optional<tt::BoxFailure> refused;
    tt::Vclock clock;
    tt::Vclock joinedAt;
    int heartbeats = 0;
    int repeated = 0;  ///< rows that it had already
    bool isClosed = false;
};

}  // namespace tributary::test
