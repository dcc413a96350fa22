// Connecting by ports file.
#include "app/daemon/directory.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "engine/systems/maprdb/tableadmincalls.h"

namespace tributary::app {
namespace {

/// Reconnects once when the cluster was restarted between two calls; a call that may have reached it is not repeated.
class ReconnectingClient final : public engine::ControlClient {
public:
    ReconnectingClient(const WorkspaceDirectory& directory, std::string cluster,
                       std::unique_ptr<engine::SocketControlClient> client)
        : directory_(directory), cluster_(std::move(cluster)), client_(std::move(client)) {}

    Result<Bytes> call(engine::Method method, BytesView body, Millis timeoutMs) override {
        auto answer = client_->call(method, body, timeoutMs);
        if (answer || answer.error().code != ErrorCode::Unavailable) return answer;
        auto fresh = directory_.connect(cluster_);
        if (!fresh) return fresh.error();
        client_ = std::move(fresh).value();
        if (changesSomething(method)) return answer;
        return client_->call(method, body, timeoutMs);
    }
    Status send(engine::Method method, BytesView body) override { return client_->send(method, body); }
    Result<Bytes> receive(Millis timeoutMs) override { return client_->receive(timeoutMs); }
    [[nodiscard]] const std::string& cluster() const override { return cluster_; }

private:
    static bool changesSomething(engine::Method method) {
        switch (method) {
            case engine::Method::Describe:
            case engine::Method::ListTables:
            case engine::Method::ListReplicas:
            case engine::Method::ListUpstreams:
            case engine::Method::GatewayInfo:
            case engine::Method::ListAlarms:
            case engine::Method::NodeStatus:
            case engine::Method::Get:
            case engine::Method::Scan:
            case engine::Method::ReadRange:
            case engine::Method::Fingerprint: return false;
            default: return true;
        }
    }

    const WorkspaceDirectory& directory_;
    std::string cluster_;
    std::unique_ptr<engine::SocketControlClient> client_;
};

}  // namespace

WorkspaceDirectory::WorkspaceDirectory(const WorkspaceEngine& engine, const Topology& topology, std::string user)
    : engine_(engine), user_(std::move(user)) {
    for (const Cluster& cluster : topology.clusters) clusters_.push_back(cluster.name);
    if (!clusters_.empty()) defaultCluster_ = clusters_.front();
}

Result<std::unique_ptr<engine::SocketControlClient>> WorkspaceDirectory::connect(const std::string& cluster) const {
    if (std::find(clusters_.begin(), clusters_.end(), cluster) == clusters_.end()) {
        const std::string near = nearest(cluster, clusters_);
        return Error{ErrorCode::NotFound,
                     fmt::format("no cluster {} is drawn in this workspace", cluster),
                     {},
                     near.empty() ? "the clusters are: " + join(clusters_, ", ") : "did you mean " + near + "?"};
    }
    const auto down = [&](const std::string& why) {
        return Error{ErrorCode::Unavailable,
                     fmt::format("the engine of cluster {} is not up ({})", cluster, why),
                     {},
                     fmt::format("tributary up -w {}", engine::maprdb::shellWord(engine_.paths().root))};
    };
    const auto ports = engine_.readPorts(cluster);
    if (!ports) return down("never started");
    auto secret = engine_.secret();
    if (!secret) return secret.error();
    auto client = engine::SocketControlClient::connect({ports.value().control, cluster, secret.value(), user_, 3'000});
    if (!client && client.error().code != ErrorCode::PermissionDenied) return down(client.error().what);
    return client;
}

Result<std::unique_ptr<engine::SocketControlClient>> WorkspaceDirectory::door(const std::string& cluster) const {
    const auto ports = engine_.readPorts(cluster);
    if (!ports) return ports.error();
    auto secret = engine_.secret();
    if (!secret) return secret.error();
    auto client = engine::SocketControlClient::connect({ports.value().door, cluster, secret.value(), user_, 3'000});
    if (!client && client.error().code == ErrorCode::Timeout) {
        return Error{
            ErrorCode::Timeout,
            fmt::format("process {} runs cluster {} and does not answer", ports.value().pid, cluster),
            {},
            fmt::format("look into {}/daemon.log, or end it: kill -9 {}", engine_.paths().state(), ports.value().pid)};
    }
    if (!client && client.error().code != ErrorCode::PermissionDenied) {
        return Error{ErrorCode::Unavailable,
                     fmt::format("no process runs cluster {}", cluster),
                     {},
                     fmt::format("tributary up -w {}", engine::maprdb::shellWord(engine_.paths().root))};
    }
    return client;
}

bool WorkspaceDirectory::isUp(const std::string& cluster) const {
    const auto found = door(cluster);
    return found.ok() || found.error().code == ErrorCode::Timeout;
}

Result<std::shared_ptr<engine::ControlClient>> WorkspaceDirectory::client(const std::string& cluster) {
    const auto kept = open_.find(cluster);
    if (kept != open_.end()) return kept->second;
    auto fresh = connect(cluster);
    if (!fresh) return fresh.error();
    auto client = std::make_shared<ReconnectingClient>(*this, cluster, std::move(fresh).value());
    open_[cluster] = client;
    return std::shared_ptr<engine::ControlClient>(client);
}

}  // namespace tributary::app
