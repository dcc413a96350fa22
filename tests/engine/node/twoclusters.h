// Two (or more) real clusters on loopback for tests: real disk, real sockets, the blocking client.
#pragma once

#include <fmt/format.h>
#include <QTemporaryDir>

#include <QTest>
#include <map>
#include <memory>
#include <string>

#include "engine/host/enginehost.h"
#include "engine/host/socketcontrolclient.h"
#include "engine/replication/payload.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::test {

/// Starts clusters by name with two gateways each; calls go through real control connections as user "ana".
class Clusters {
public:
    explicit Clusters(const std::vector<std::string>& names, std::function<void(engine::NodeConfig&)> tune = {})
        : tune_(std::move(tune)) {
        restart(names);
    }
    ~Clusters() { (void)host_->stopAll(); }

    void restart(const std::vector<std::string>& names) {
        clients_.clear();
        host_.reset();
        engine::EngineHost::Options options;
        options.onEndpoints = [this](const engine::HostedCluster& cluster) {
            const std::lock_guard lock(mutex_);
            hosted_[cluster.name] = cluster;
        };
        host_ = std::make_unique<engine::EngineHost>(std::move(options));
        for (const std::string& name : names) {
            engine::NodeConfig config;
            config.kinds = engine::maprdb::onlyTables();
            config.cluster = name;
            config.volumeDir = dir_.path().toStdString() + "/with space/" + name;
            config.gateways = {{"gw-" + name + "-1", {"127.0.0.1", 0, {}, {}}},
                               {"gw-" + name + "-2", {"127.0.0.1", 0, {}, {}}}};
            config.control = {{"127.0.0.1", 0, {}, {}}};
            config.key = keyOf(name);
            config.keyOf = [](const std::string& cluster) -> Result<Bytes> { return keyOf(cluster); };
            config.backOffMsMin = 20;
            config.backOffMsMax = 200;
            config.resolve = [this](const std::string& cluster, const std::vector<std::string>&) {
                const std::lock_guard lock(mutex_);
                std::vector<engine::Endpoint> out;
                for (const auto& gateway : hosted_[cluster].gateways) {
                    out.push_back(gateway.endpoint);
                    out.back().peer = cluster;
                }
                return out;
            };
            config.resolveControl = [this](const std::string& cluster) {
                const std::lock_guard lock(mutex_);
                const auto at = hosted_.find(cluster);
                std::vector<engine::Endpoint> out;
                if (at != hosted_.end()) out.push_back(at->second.control.front());
                for (engine::Endpoint& endpoint : out) endpoint.peer = cluster;
                return out;
            };
            if (tune_) tune_(config);
            const Status started = host_->start(std::move(config), network_);
            if (!started) qFatal("%s", started.error().full().c_str());
        }
    }

    /// The network that the clusters of the next restart() are started with.
    void setNetwork(engine::ClusterNetwork network) { network_ = std::move(network); }
    /// A client of `cluster` that stands at `from`.
    Result<std::unique_ptr<engine::SocketControlClient>> clientThrough(const std::string& from,
                                                                       const std::string& cluster,
                                                                       const std::string& user = "ana") {
        engine::Endpoint endpoint;
        {
            const std::lock_guard lock(mutex_);
            endpoint = hosted_[from].control.front();
        }
        return engine::SocketControlClient::connectThrough({endpoint, from, keyOf(from), user, 5'000}, cluster,
                                                           keyOf(cluster));
    }

    static Bytes keyOf(const std::string& cluster) { return "the key of " + cluster; }
    engine::EngineHost& host() { return *host_; }
    [[nodiscard]] std::string volumeDir(const std::string& name) const {
        return dir_.path().toStdString() + "/with space/" + name;
    }
    void forget(const std::string& cluster) { clients_.erase(cluster); }
    engine::ControlClient& client(const std::string& cluster, const std::string& user = "ana") {
        auto& client = clients_[cluster + "/" + user];
        if (client == nullptr) {
            engine::Endpoint endpoint;
            {
                const std::lock_guard lock(mutex_);
                endpoint = hosted_[cluster].control.front();
            }
            auto made = engine::SocketControlClient::connect({endpoint, cluster, keyOf(cluster), user, 5'000});
            if (!made) qFatal("%s", made.error().full().c_str());
            client = std::move(made).value();
        }
        return *client;
    }
    Result<engine::Json> ask(const std::string& cluster, engine::Method method, const engine::Json& body) {
        return client(cluster).callJson(method, body);
    }
    static std::string path(const std::string& cluster) { return "/mapr/" + cluster + "/customers"; }
    Status createTable(const std::string& cluster) {
        const engine::Json body{{"path", path(cluster)}, {"families", {{{"name", "profile"}}, {{"name", "orders"}}}}};
        const auto made = ask(cluster, engine::maprdb::TableMethod::CreateTable, body);
        return made ? okStatus() : Status(made.error());
    }
    std::string uuid(const std::string& cluster) {
        return ask(cluster, engine::maprdb::TableMethod::Describe, {{"path", path(cluster)}}).value()["uuid"];
    }
    Status addReplica(const std::string& from, const std::string& to, engine::Json extra = engine::Json::object()) {
        engine::Json body{{"path", path(from)}, {"replica", path(to)}, {"cluster", to}, {"uuid", uuid(to)}};
        body.update(extra);
        const auto made = ask(from, engine::maprdb::TableMethod::AddReplica, body);
        return made ? okStatus() : Status(made.error());
    }
    Status addUpstream(const std::string& at, const std::string& from) {
        const auto made = ask(at, engine::maprdb::TableMethod::AddUpstream,
                              {{"path", path(at)}, {"upstream", path(from)}, {"cluster", from}, {"uuid", uuid(from)}});
        return made ? okStatus() : Status(made.error());
    }
    Status pause(const std::string& from, const std::string& to, bool paused) {
        const auto made = ask(from, engine::maprdb::TableMethod::PauseReplica,
                              {{"path", path(from)}, {"replica", path(to)}, {"paused", paused}});
        return made ? okStatus() : Status(made.error());
    }
    Status put(const std::string& cluster, const std::string& key, const std::string& value,
               const std::string& family = "profile") {
        Bytes mutations;
        engine::maprdb::MutationBuilder builder(mutations);
        builder.put(key, {0, "v", value, {}});
        return putBody(cluster, engine::maprdb::encodeBody({family}, mutations));
    }
    Status putMany(const std::string& cluster, int from, int count, const std::string& value) {
        Bytes mutations;
        engine::maprdb::MutationBuilder builder(mutations);
        for (int i = 0; i < count; ++i) builder.put(fmt::format("key{:08}", from + i), {0, "v", value, {}});
        return putBody(cluster, engine::maprdb::encodeBody({"profile"}, mutations));
    }
    Status putBody(const std::string& cluster, const Bytes& body) {
        Bytes request;
        appendBlob(request, path(cluster));
        appendFixed<std::uint8_t>(request, 0);
        request += body;
        const auto done = client(cluster).call(engine::maprdb::TableMethod::Put, request);
        return done ? okStatus() : Status(done.error());
    }
    std::string get(const std::string& cluster, const std::string& key) {
        const auto got = ask(cluster, engine::maprdb::TableMethod::Get, {{"path", path(cluster)}, {"key", key}});
        if (!got || got.value()["cells"].empty()) return {};
        return got.value()["cells"][0]["value"];
    }
    engine::Json fingerprint(const std::string& cluster) {
        return ask(cluster, engine::maprdb::TableMethod::Fingerprint, {{"path", path(cluster)}, {"rowsperrange", 0}})
            .value()["ranges"][0];
    }
    /// Rows and hash as text: equal texts are equal tables.
    std::string print(const std::string& cluster) { return fingerprint(cluster).dump(); }
    std::string errorCode(const std::string& from) {
        const engine::Json json = link(from);
        return json.contains("error") ? json["error"]["code"].get<std::string>() : std::string();
    }
    engine::Json link(const std::string& from) {
        return ask(from, engine::maprdb::TableMethod::ListReplicas, {{"path", path(from)}, {"refresh", true}})
            .value()["replicas"][0];
    }

private:
    QTemporaryDir dir_;
    engine::ClusterNetwork network_;
    std::function<void(engine::NodeConfig&)> tune_;
    std::mutex mutex_;
    std::map<std::string, engine::HostedCluster> hosted_;
    std::unique_ptr<engine::EngineHost> host_;
    std::map<std::string, std::unique_ptr<engine::SocketControlClient>> clients_;
};

}  // namespace tributary::test
