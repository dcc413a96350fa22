// A master by script: it greets, votes, proves, gives a picture and sends what it is told to, in a simulated world.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/systemspaces.h"
#include "engine/systems/tarantool/iproto/greeting.h"
#include "engine/systems/tarantool/iproto/replication.h"
#include "engine/systems/tarantool/iproto/requests.h"
#include "tests/engine/tarantool/instance/instanceworld.h"

namespace tributary::test {

inline Bytes tupleOf(std::uint64_t id, std::string_view name, std::uint64_t year) {
    Bytes out;
    tt::MsgpackWriter writer(out);
    writer.array(3);
    writer.unsignedInteger(id);
    writer.string(name);
    writer.unsignedInteger(year);
    return out;
}

class ScriptedMaster {
public:
    static constexpr std::uint32_t kBands = 512;
    static constexpr std::uint32_t kLater = 400;  ///< a system space that no version has yet, and a view of it
    static constexpr std::uint32_t kLaterView = 401;

    explicit ScriptedMaster(InstanceWorld& world, std::uint16_t port = 3301) : world_(world) {
        uuid = tt::uuidFromName("instance001");
        replicaset = tt::uuidFromName("replicaset001");
        (void)ballot.clock.follow(1, 10).ok();
        makePicture();
        auto opened = world.outside().listen({"127.0.0.1", port, {}, {}},
                                             [this](auto connection) { accept(std::move(connection)); });
        if (!opened) qFatal("%s", opened.error().full().c_str());
        listener_ = std::move(opened).value();
    }

    /// A row of the stream, with the next number of replica 1 (or the one that is given).
    tt::Packet row(tt::Packet made, std::int64_t lsn = 0, std::uint32_t replica = 1) {
        made.header.replicaId = replica;
        made.header.lsn = lsn != 0 ? lsn : ++lastLsn;
        made.header.timestamp = static_cast<double>(world_.host().clock().wallMs()) / 1'000;
        return made;
    }
    tt::Packet insert(std::uint64_t id, std::string_view name = "x") {
        return row(tt::putRow(tt::PacketType::Insert, kBands, tupleOf(id, name, 1)));
    }
    void send(const tt::Packet& packet) { sendBytes(tt::encodePacket(packet.header, packet.body)); }
    void sendBytes(const Bytes& bytes) {
        if (connection_ != nullptr) connection_->send(bytes);
    }
    /// One transaction of several rows.
    void sendTransaction(std::vector<tt::Packet> rows, bool whole = true) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].header.transactionId = rows.front().header.lsn;
            rows[i].header.isCommit = whole && i + 1 == rows.size();
            send(rows[i]);
        }
    }
    void beat() { sendBytes(tt::heartbeat(1, static_cast<double>(world_.host().clock().wallMs()) / 1'000)); }
    void hangUp() {
        connection_.reset();
        isSubscribed = false;
    }
    /// Beats once in a simulated second, as long as it lives and is not silent.
    void beatOn() {
        if (!isSilent && isSubscribed) beat();
        world_.world().after(1'000'000, [this, alive = std::weak_ptr<bool>(alive_)] {
            if (alive.lock()) beatOn();
        });
    }

    Uuid uuid;
    Uuid replicaset;
    tt::Ballot ballot;
    std::string password = "topsecret";
    std::vector<tt::Packet> picture;
    std::vector<tt::Packet> lastRows;
    std::size_t stopsAfter = SIZE_MAX;      ///< rows of the picture: it says no more then
    std::optional<Bytes> damagedPicture;    ///< is sent instead
    std::optional<tt::BoxFailure> refusal;  ///< of joins and subscriptions
    bool isSilent = false;
    std::int64_t lastLsn = 11;
    int accepted = 0;
    int joins = 0;
    bool isSubscribed = false;
    tt::Vclock asked;  ///< by the last subscription
    tt::Vclock acknowledged;
    double acknowledgedAt = 0;  ///< the timestamp in the last acknowledgement

private:
    void makePicture() {
        const auto add = [this](std::uint32_t space, const Bytes& tuple) {
            picture.push_back(tt::putRow(tt::PacketType::Insert, space, tuple));
        };
        for (const auto& [space, tuple] : tt::systemRows()) {
            if (space == tt::kSchemaSpace) add(space, tuple);
        }
        add(tt::kSchemaSpace, pair("replicaset_uuid", replicaset.text()));
        // A space of another version, whose rows come before what says what it is.
        Bytes later;
        tt::MsgpackWriter writer(later);
        writer.array(2);
        writer.unsignedInteger(1);
        writer.string("later");
        add(kLater, later);
        for (const auto& [space, tuple] : tt::systemRows()) {
            if (space == tt::kSpaceSpace) add(space, tuple);
        }
        add(tt::kSpaceSpace, tt::spaceRow(kLater, "_later", {{"id", tt::FieldType::Unsigned, false}}));
        add(tt::kSpaceSpace, viewRow());
        add(tt::kSpaceSpace, tt::spaceRow(kBands, "bands", {{"id", tt::FieldType::Unsigned, false}}));
        for (const auto& [space, tuple] : tt::systemRows()) {
            if (space == tt::kIndexSpace) add(space, tuple);
        }
        const tt::IndexPlan primary{0, "primary", tt::IndexKind::Tree, true, {{0, tt::FieldType::Unsigned, false}}};
        add(tt::kIndexSpace, tt::indexRow(kLater, primary));
        add(tt::kIndexSpace, tt::indexRow(kBands, primary));
        for (const auto& [space, tuple] : tt::systemRows()) {
            if (space > tt::kIndexSpace) add(space, tuple);
        }
        add(tt::kClusterSpace, member(1, uuid));
        for (std::uint64_t id = 1; id <= 20; ++id) add(kBands, tupleOf(id, "band", 1980 + id));
        lastRows.push_back(tt::putRow(tt::PacketType::Insert, tt::kClusterSpace, member(2, world_.settings().uuid)));
        lastRows.back().header.replicaId = 1;
        lastRows.back().header.lsn = 11;
    }
    static Bytes pair(std::string_view key, std::string_view value) {
        Bytes out;
        tt::MsgpackWriter writer(out);
        writer.array(2);
        writer.string(key);
        writer.string(value);
        return out;
    }
    static Bytes member(std::uint32_t id, const Uuid& uuid) {
        Bytes out;
        tt::MsgpackWriter writer(out);
        writer.array(2);
        writer.unsignedInteger(id);
        writer.string(uuid.text());
        return out;
    }
    static Bytes viewRow() {
        Bytes out;
        tt::MsgpackWriter writer(out);
        writer.array(7);
        writer.unsignedInteger(kLaterView);
        writer.unsignedInteger(1);
        writer.string("_vlater");
        writer.string("sysview");
        writer.unsignedInteger(0);
        writer.map(0);
        writer.array(0);
        return out;
    }

    void accept(std::unique_ptr<engine::Connection> connection) {
        ++accepted;
        hangUp();
        stream_ = tt::PacketStream();
        connection_ = std::move(connection);
        connection_->onBytes = [this](BytesView bytes) { take(bytes); };
        connection_->onClosed = [this](const Error&) { isSubscribed = false; };
        tt::Greeting greeting;
        greeting.version = "2.6.0";
        greeting.instance = uuid;
        greeting.salt = Bytes(tt::Greeting::kSaltBytes, 's');
        if (!isSilent) sendBytes(greeting.encode());
    }
    void take(BytesView bytes) {
        stream_.feed(bytes);
        while (true) {
            auto packet = stream_.next();
            if (!packet) qFatal("the applier sends damaged packets");
            if (!packet.value()) return;
            answer(*packet.value());
        }
    }
    void answer(const tt::Packet& packet) {
        const std::uint64_t sync = packet.header.sync;
        switch (static_cast<tt::PacketType>(packet.header.type)) {
            case tt::PacketType::Ok:
                acknowledged = tt::decodeClock(packet).value();
                acknowledgedAt = packet.header.timestamp;
                return;
            case tt::PacketType::Vote: sendBytes(tt::ballotAnswer(sync, ballot)); return;
            case tt::PacketType::Auth: prove(packet); return;
            case tt::PacketType::Join: join(sync); return;
            case tt::PacketType::Subscribe: subscribe(packet); return;
            default: qFatal("the applier asks for %u", packet.header.type);
        }
    }
    void prove(const tt::Packet& packet) {
        tt::PacketStream wanted;
        wanted.feed(tt::authRequest(packet.header.sync, Bytes(tt::Greeting::kSaltBytes, 's'), "replicator", password));
        const auto same = wanted.next();
        if (same.value()->body == packet.body) {
            sendBytes(tt::clockAnswer(packet.header.sync, {}));
        } else {
            sendBytes(tt::encodeFailure(packet.header.sync, 0,
                                        {47, "Incorrect password supplied for user 'replicator'", {}}));
        }
    }
    void join(std::uint64_t sync) {
        ++joins;
        if (refusal) {
            sendBytes(tt::encodeFailure(sync, 0, *refusal));
            return;
        }
        sendBytes(tt::clockAnswer(sync, ballot.clock));
        if (damagedPicture) {
            sendBytes(*damagedPicture);
        } else {
            for (std::size_t i = 0; i < picture.size() && i < stopsAfter; ++i) send(picture[i]);
        }
        if (stopsAfter < picture.size()) return;
        sendBytes(tt::clockAnswer(sync, ballot.clock));
        tt::Vclock clock = ballot.clock;
        for (const tt::Packet& last : lastRows) {
            send(last);
            (void)clock.follow(last.header.replicaId, last.header.lsn).ok();
        }
        sendBytes(tt::clockAnswer(sync, clock));
    }
    void subscribe(const tt::Packet& packet) {
        if (refusal) {
            sendBytes(tt::encodeFailure(packet.header.sync, 0, *refusal));
            return;
        }
        asked = tt::decodeSubscription(packet).value().clock;
        sendBytes(tt::subscribedAnswer(packet.header.sync, {1, replicaset, asked}));
        isSubscribed = true;
        if (!isSilent) beat();
    }

    InstanceWorld& world_;
    std::unique_ptr<engine::Listener> listener_;
    std::unique_ptr<engine::Connection> connection_;
    tt::PacketStream stream_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::test
