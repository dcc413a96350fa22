// Opening a workspace for a verb.
#include "app/daemon/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "app/daemon/daemonlog.h"
#include "core/base/exceptions.h"
#include "core/base/text.h"
#include "core/workspace/atomicfile.h"

namespace tributary::app {

Result<std::unique_ptr<engine::EngineHost>> makeHost(
    const WorkspaceEngine& engine, std::function<void()> onShutdownRequested,
    std::function<void(const std::string& cluster)> onStopRequested,
    std::function<void(const std::string& cluster, const engine::Alarm& alarm, bool raised)> onAlarm,
    engine::GuardedApplication* application) {
    engine::EngineHost::Options options;
    options.onShutdownRequested = std::move(onShutdownRequested);
    options.onStopRequested = std::move(onStopRequested);
    options.onAlarm = std::move(onAlarm);
    options.onEndpoints = [engine](const engine::HostedCluster& cluster) {
        const Status written = engine.writePorts(cluster, engine.socketPath(cluster.name, "host"));
        if (!written) daemonLog(fmt::format("cluster {}: {}", cluster.name, written.error().text()));
    };
    if (application != nullptr) {
        options.onTrouble = [](const std::string& cluster, const std::string& text) {
            daemonLog(cluster.empty() ? text : fmt::format("cluster {}: {}", cluster, text));
        };
        options.onMended = [application](const std::string& cluster) { application->mend(cluster); };
    }
    auto host = orError([&]() -> Result<std::unique_ptr<engine::EngineHost>> {
        return std::make_unique<engine::EngineHost>(std::move(options));
    });
    if (host && application != nullptr) {
        application->setOnBroken([raw = host.value().get()](const std::string& cluster, const std::string& what) {
            raw->breakOff(cluster, what);
        });
    }
    return host;
}

namespace {

/// Why the ports of a cluster are not there: its folder is asked again, as the writer of the ports has no one to tell.
Error unwrittenPorts(const WorkspaceEngine& engine, const std::string& cluster) {
    Error error{ErrorCode::Io, fmt::format("the ports of cluster {} could not be written", cluster),
                engine.clusterDir(cluster) + "/ports.json",
                fmt::format("the reason is in {}/daemon.log; then tributary up again", engine.paths().state())};
    const std::string probe = engine.clusterDir(cluster) + "/ports.probe";
    if (const Status wrote = saveFileAtomically(probe, "probe\n"); !wrote) {
        error.code = wrote.error().code;
        error.what += ": " + wrote.error().what;
        error.fix = "remove the reason (df shows how much room is left), then tributary up again";
    }
    std::error_code ignored;
    std::filesystem::remove(probe, ignored);
    return error;
}

Status startNode(engine::EngineHost& host, const WorkspaceEngine& engine, const Topology& topology,
                 const std::string& cluster, const std::string& durability, WanUse wan) {
    auto config = engine.nodeConfig(topology, cluster);
    if (!config) return config.error();
    auto key = engine.makeKey(cluster);
    if (!key) return key.error();
    config.value().key = std::move(key).value();
    if (durability == "write") config.value().durability = engine::Durability::Write;
    return host.start(std::move(config).value(), drawnNetwork(topology, cluster, wan));
}

}  // namespace

Status startClusters(engine::EngineHost& host, const WorkspaceEngine& engine, const Topology& topology,
                     const std::vector<std::string>& clusters, const std::string& user, const std::string& durability,
                     WanUse wan) {
    if (Status built = requireBuilt(topology, engine.paths(), clusters); !built) return built;
    if (Status prepared = engine.prepareSockets(clusters); !prepared) return prepared;
    for (const std::string& cluster : clusters) {
        Status started = startNode(host, engine, topology, cluster, durability, wan);
        // A port of the last start that was free a moment ago may be taken by now: asked again, another is chosen.
        if (!started && started.error().code == ErrorCode::Conflict)
            started = startNode(host, engine, topology, cluster, durability, wan);
        if (!started) return started;
        engine::Endpoint door;
        door.localPath = engine.socketPath(cluster, "host");
        if (Status opened = host.openDoor(cluster, door); !opened) return opened;
        // Nobody would find a cluster whose ports could not be written, and its volume would look held by a stranger.
        if (const auto ports = engine.readPorts(cluster); !ports || ports->process.pid != ::getpid()) {
            return unwrittenPorts(engine, cluster);
        }
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

namespace {

/// A workspace without a drawing: the clusters that ever ran there, by name.
Workspace withoutDrawing(const WorkspacePaths& paths) {
    Workspace bare;
    bare.paths = paths;
    for (const std::string& name : WorkspaceEngine(paths).knownClusters()) {
        Cluster cluster;
        cluster.name = name;
        bare.topology.clusters.push_back(std::move(cluster));
    }
    return bare;
}

/// The error of a drawing that cannot be read, with what runs all the same.
Error stillRunning(Error error, const WorkspacePaths& paths, const std::string& user) {
    const Workspace bare = withoutDrawing(paths);
    const WorkspaceEngine engine(paths);
    const WorkspaceDirectory directory(engine, bare.topology, user.empty() ? systemUser() : user);
    std::vector<std::string> running;
    for (const std::string& name : directory.clusters()) {
        const ClusterPresence seen = directory.presence(name);
        if (seen.kind == ClusterPresence::Kind::Down) continue;
        running.push_back(seen.process.pid == 0 ? name + " (may run)"
                                                : fmt::format("{} (process {})", name, seen.process.pid));
    }
    if (running.empty()) return error;
    error.what += fmt::format("; without the drawing these clusters go on: {}", join(running, ", "));
    error.fix += fmt::format("{}`tributary down` stops them, with or without a drawing", error.fix.empty() ? "" : "; ");
    return error;
}

}  // namespace

Result<std::unique_ptr<Session>> Session::openToStop(const std::string& workspaceDir, const std::string& user) {
    auto paths = findWorkspaceOrState(workspaceDir);
    if (!paths) return paths.error();
    auto workspace = openWorkspace(paths.value());
    const std::string who = user.empty() ? systemUser() : user;
    if (workspace) return std::unique_ptr<Session>(new Session(std::move(workspace).value(), who));
    std::unique_ptr<Session> session(new Session(withoutDrawing(paths.value()), who));
    session->drawingProblem_ = workspace.error();
    return session;
}

Result<std::unique_ptr<Session>> Session::open(const SessionOptions& options) {
    auto paths = findWorkspace(options.workspaceDir);
    if (!paths) {
        const auto state = findWorkspaceOrState(options.workspaceDir);
        return state ? stillRunning(paths.error(), state.value(), options.user) : paths.error();
    }
    auto workspace = openWorkspace(paths.value());
    if (!workspace) return stillRunning(workspace.error(), paths.value(), options.user);
    const std::string user = options.user.empty() ? systemUser() : options.user;
    std::unique_ptr<Session> session(new Session(std::move(workspace).value(), user));
    if (!options.engineIfDown) return session;
    std::vector<std::string> down;
    for (const std::string& cluster : session->directory_->clusters()) {
        const ClusterPresence seen = session->directory_->presence(cluster);
        if (seen.kind == ClusterPresence::Kind::Down) down.push_back(cluster);
        const bool told = seen.kind == ClusterPresence::Kind::Down || seen.kind == ClusterPresence::Kind::Up;
        if (!told) return seen.error;  // a second engine beside one that may be there
    }
    if (down.empty()) return session;
    auto host = makeHost(session->engine_, {});
    if (!host) return host.error();
    session->host_ = std::move(host).value();
    if (Status started =
            startClusters(*session->host_, session->engine_, session->topology(), down, user, {}, options.wan);
        !started) {
        return started.error();
    }
    return session;
}

}  // namespace tributary::app
