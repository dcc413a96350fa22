// Opening a workspace for a verb.
#include "app/daemon/session.h"

#include <fmt/format.h>
#include <unistd.h>

namespace tributary::app {

Result<std::unique_ptr<engine::EngineHost>> makeHost(
    const WorkspaceEngine& engine, std::function<void()> onShutdownRequested,
    std::function<void(const std::string& cluster, const engine::Alarm& alarm, bool raised)> onAlarm) {
    auto secret = engine.secret();
    if (!secret) return secret.error();
    engine::EngineHost::Options options;
    options.secret = secret.value();
    options.onShutdownRequested = std::move(onShutdownRequested);
    options.onAlarm = std::move(onAlarm);
    options.onEndpoints = [engine](const engine::HostedCluster& cluster) {
        engine.writePorts(cluster, engine.socketPath(cluster.name, "host"));
    };
    return std::make_unique<engine::EngineHost>(std::move(options));
}

Status startClusters(engine::EngineHost& host, const WorkspaceEngine& engine, const Topology& topology,
                     const std::vector<std::string>& clusters, const std::string& user, const std::string& durability) {
    for (const std::string& cluster : clusters) {
        auto config = engine.nodeConfig(topology, cluster);
        if (!config) return config.error();
        if (durability == "write") config.value().durability = engine::Durability::Write;
        if (Status started = host.start(std::move(config).value()); !started) return started;
        engine::Endpoint door;
        door.localPath = engine.socketPath(cluster, "host");
        if (Status opened = host.openDoor(cluster, door); !opened) return opened;
    }
    WorkspaceDirectory directory(engine, topology, user);
    return realiseDatasets(topology, directory, clusters);
}

Session::Session(Workspace workspace, std::string user) : workspace_(std::move(workspace)), engine_(workspace_.paths) {
    directory_ = std::make_unique<WorkspaceDirectory>(engine_, workspace_.topology, std::move(user));
}

Session::~Session() {
    directory_.reset();
    if (host_ != nullptr) (void)host_->stopAll();  // an unclean stop costs a replay at the next start, nothing more
}

Result<std::unique_ptr<Session>> Session::open(const SessionOptions& options) {
    auto paths = findWorkspace(options.workspaceDir);
    if (!paths) return paths.error();
    auto workspace = openWorkspace(paths.value());
    if (!workspace) return workspace.error();
    const std::string user = options.user.empty() ? systemUser() : options.user;
    std::unique_ptr<Session> session(new Session(std::move(workspace).value(), user));
    if (!options.engineIfDown) return session;
    std::vector<std::string> down;
    for (const std::string& cluster : session->directory_->clusters()) {
        if (!session->directory_->isUp(cluster)) down.push_back(cluster);
    }
    if (down.empty()) return session;
    auto host = makeHost(session->engine_, {});
    if (!host) return host.error();
    session->host_ = std::move(host).value();
    if (Status started = startClusters(*session->host_, session->engine_, session->topology(), down, user); !started) {
        return started.error();
    }
    return session;
}

}  // namespace tributary::app
