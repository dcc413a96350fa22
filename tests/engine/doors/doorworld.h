// The four doors of a running engine on real sockets, and a client that says what it likes to them.
#pragma once

#include <fmt/format.h>

#include <QObject>
#include <QTemporaryDir>
#include <QThread>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/host/enginehost.h"
#include "engine/host/socketcontrolclient.h"
#include "engine/net/blockingchannel.h"
#include "engine/net/httpdoor.h"
#include "engine/sim/simrandom.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "engine/wire/greeting.h"
#include "engine/wire/wire.h"

namespace tributary::test {

/// A cluster "c0" with the table /mapr/c0/t, whose upstream is /mapr/c1/t; gateway and control over TCP, control over a
/// local socket, and a metrics page.
class DoorWorld {
public:
    DoorWorld() {
        engine::EngineHost::Options options;
        options.onEndpoints = [this](const engine::HostedCluster& cluster) { hosted_ = cluster; };
        options.onTrouble = [this](const std::string&, const std::string&) { ++troubles_; };
        host_ = std::make_unique<engine::EngineHost>(std::move(options));
        engine::NodeConfig config;
        config.kinds = engine::maprdb::onlyTables();
        config.cluster = "c0";
        config.volumeDir = dir_.path().toStdString() + "/volume";
        config.gateways = {{"gw", {"127.0.0.1", 0, {}, {}}}};
        config.control = {{"127.0.0.1", 0, {}, {}}, {{}, 0, dir_.path().toStdString() + "/control.sock", {}}};
        config.key = kKey;
        config.keyOf = [](const std::string&) -> Result<Bytes> { return Bytes(kKey); };
        config.resolve = [](const std::string&, const std::vector<std::string>&) {
            return std::vector<engine::Endpoint>{};
        };
        config.resolveControl = [](const std::string&) { return std::vector<engine::Endpoint>{}; };
        if (const Status started = host_->start(std::move(config)); !started) {
            qFatal("%s", started.error().full().c_str());
        }
        makeTable();
        pageThread_.start();
        QObject::connect(&pageThread_, &QThread::finished, &onPageThread_, [this] { page_.reset(); });
        onPageThread_.moveToThread(&pageThread_);
        run([this] {
            page_ = std::make_unique<engine::HttpDoor>(
                engine::HttpDoor::Page{"/metrics", "text/plain", [this](engine::HttpDoor::Reply reply) {
                                           ++pages_;
                                           reply("a page\n");
                                       }});
            if (const Status open = page_->open(metrics().localPath); !open) qFatal("%s", open.error().full().c_str());
        });
    }
    ~DoorWorld() {
        run([this] { page_.reset(); });
        pageThread_.quit();
        pageThread_.wait();
        (void)host_->stopAll();
    }
    DoorWorld(const DoorWorld&) = delete;
    DoorWorld& operator=(const DoorWorld&) = delete;

    [[nodiscard]] engine::Endpoint gateway() const { return hosted_.gateways.front().endpoint; }
    [[nodiscard]] engine::Endpoint tcp() const { return hosted_.control.front(); }
    [[nodiscard]] engine::Endpoint local() const { return hosted_.control.back(); }
    [[nodiscard]] engine::Endpoint metrics() const { return {{}, 0, dir_.path().toStdString() + "/metrics.sock", {}}; }
    [[nodiscard]] bool isRunning() { return host_->clusters().front().running; }
    [[nodiscard]] int pages() const { return pages_; }
    [[nodiscard]] const Uuid& uuid() const { return uuid_; }
    [[nodiscard]] static Uuid upstream() { return Uuid::fromRandom(9, 9); }
    static constexpr const char* kKey = "the key of c0";

private:
    void run(std::function<void()> work) {
        QMetaObject::invokeMethod(&onPageThread_, std::move(work), Qt::BlockingQueuedConnection);
    }
    void makeTable() {
        auto client = engine::SocketControlClient::connect({tcp(), "c0", kKey, {}, 5'000});
        if (!client) qFatal("%s", client.error().full().c_str());
        const engine::Json table{{"path", "/mapr/c0/t"},
                                 {"perms", {{"replperm", "p"}, {"defaultreadperm", "p"}, {"defaultwriteperm", "p"}}},
                                 {"families", {{{"name", "a"}}, {{"name", "b"}}}}};
        const auto made = client.value()->callJson(engine::maprdb::TableMethod::CreateTable, table);
        const auto described =
            client.value()->callJson(engine::maprdb::TableMethod::Describe, {{"path", "/mapr/c0/t"}});
        const auto named = client.value()->callJson(
            engine::maprdb::TableMethod::AddUpstream,
            {{"path", "/mapr/c0/t"}, {"upstream", "/mapr/c1/t"}, {"cluster", "c1"}, {"uuid", upstream().text()}});
        if (!made || !described || !named) qFatal("no table");
        uuid_ = Uuid::parse(described.value()["uuid"].get<std::string>()).value();
    }

    QTemporaryDir dir_;
    engine::HostedCluster hosted_;
    std::atomic<int> troubles_{0};
    std::unique_ptr<engine::EngineHost> host_;
    Uuid uuid_;
    QThread pageThread_;
    QObject onPageThread_;
    std::atomic<int> pages_{0};
    std::unique_ptr<engine::HttpDoor> page_;
};

/// One connection with the proofs behind it.
class DoorCaller {
public:
    static constexpr Millis kPatienceMs = 10'000;

    /// Dials; nothing is said yet.
    DoorCaller(const engine::Endpoint& door, engine::ConnectionClass kind, engine::Random& random)
        : wire_(engine::Wire::dialling(engine::wireDoorOf(door, "c0"), kind, DoorWorld::kKey, random)),
          channel_(engine::BlockingChannel::connect(door, kPatienceMs)) {}

    [[nodiscard]] bool isOpen() const { return channel_.ok(); }
    [[nodiscard]] Bytes challenge() { return wire_.takeOutput(); }
    void say(BytesView bytes) {
        if (channel_ && !channel_.value().send(bytes, kPatienceMs)) ended_ = true;
    }
    void seal(engine::FrameType type, BytesView body) { say(wire_.seal(type, body)); }
    /// The proofs; false when the door ended it.
    bool prove() {
        say(wire_.takeOutput());
        while (!wire_.isOpen()) {
            if (!hear()) return false;
            (void)next();
        }
        say(wire_.takeOutput());
        wire_.setFrameBytesMax(engine::kFrameBytesMax);
        return !ended_;
    }
    /// Reads until a frame of this type has come; false when the door ended the connection before. Silence is a
    /// failure of the door: it is told by stalled().
    bool await(engine::FrameType type) {
        while (!ended_) {
            while (const auto frame = next()) {
                if (*frame == type) return true;
            }
            if (!hear()) return false;
        }
        return false;
    }
    [[nodiscard]] bool stalled() const { return stalled_; }
    /// Body of the last frame.
    [[nodiscard]] const Bytes& body() const { return body_; }

private:
    bool hear() {
        if (!channel_ || ended_) return false;
        const auto bytes = channel_.value().receiveSome(kPatienceMs);
        if (!bytes) {
            stalled_ = bytes.error().code == ErrorCode::Timeout;
            ended_ = true;
            return false;
        }
        wire_.feed(bytes.value());
        return true;
    }
    std::optional<engine::FrameType> next() {
        const auto frame = wire_.next();
        if (!frame) ended_ = true;
        if (!frame || !frame.value()) return std::nullopt;
        body_ = Bytes(frame.value()->body);
        return frame.value()->type;
    }

    engine::Wire wire_;
    Result<engine::BlockingChannel> channel_;
    Bytes body_;
    bool ended_ = false;
    bool stalled_ = false;
};

}  // namespace tributary::test
