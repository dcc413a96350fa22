// One verb's hold on a workspace: the drawing, the clusters, and an engine of its own when no daemon is up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/daemon/directory.h"
#include "app/daemon/drawnnetwork.h"
#include "core/workspace/workspace.h"
#include "engine/net/guardedapplication.h"

namespace tributary::app {

struct SessionOptions {
    std::string workspaceDir;      ///< empty = found from the current folder upwards
    std::string user;              ///< empty = the operating system's
    bool engineIfDown = false;     ///< start clusters that no daemon runs inside this process, until the session ends
    WanUse wan = WanUse::AsDrawn;  ///< the network between clusters that this process starts
};

/// Opening starts what the options ask for; closing stops it cleanly. One thread at a time. With engineIfDown the
/// process needs a QCoreApplication (see withEventLoop in app/daemon/daemon.h).
class Session {
public:
    static Result<std::unique_ptr<Session>> open(const SessionOptions& options);
    /// For stopping what runs, which needs no drawing: where it cannot be read, or is gone, the clusters that ever ran
    /// here stand in for it, by name alone, and drawingProblem() says why. Nothing is started. Errors: NotFound when
    /// the folder was never a workspace, PermissionDenied.
    static Result<std::unique_ptr<Session>> openToStop(const std::string& workspaceDir, const std::string& user);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] Workspace& workspace() { return workspace_; }
    [[nodiscard]] const Topology& topology() const { return workspace_.topology; }
    [[nodiscard]] WorkspaceDirectory& directory() { return *directory_; }
    [[nodiscard]] const WorkspaceEngine& engine() const { return engine_; }
    [[nodiscard]] const std::string& user() const { return directory_->user(); }
    /// Of openToStop(): why there is no drawing; ok when there is one.
    [[nodiscard]] const Status& drawingProblem() const { return drawingProblem_; }
    /// True when this process runs the engine itself.
    [[nodiscard]] bool ownsEngine() const { return host_ != nullptr; }
    /// The host, when ownsEngine().
    [[nodiscard]] engine::EngineHost* host() { return host_.get(); }

private:
    Session(Workspace workspace, std::string user);

    Workspace workspace_;
    Status drawingProblem_ = okStatus();
    WorkspaceEngine engine_;
    std::unique_ptr<WorkspaceDirectory> directory_;
    std::unique_ptr<engine::EngineHost> host_;
};

/// Starts `clusters` of a workspace in `host`: locks, volumes, doors, ports files; then creates the datasets marked
/// `exists: true`. Between the clusters lies the drawn network, unless `wan` leaves it out. Errors: those of
/// Node::start; what was started before the error is stopped.
Status startClusters(engine::EngineHost& host, const WorkspaceEngine& engine, const Topology& topology,
                     const std::vector<std::string>& clusters, const std::string& user,
                     const std::string& durability = {}, WanUse wan = WanUse::AsDrawn);

/// A host whose ports files are kept up to date for `engine`. The callbacks are those of EngineHost::Options. With an
/// `application` (which outlives the host's threads) what the clusters could not do goes to the daemon's log, and a
/// cluster whose thread breaks is stopped by itself. Errors: Io (memory, threads or files that the system refused).
Result<std::unique_ptr<engine::EngineHost>> makeHost(
    const WorkspaceEngine& engine, std::function<void()> onShutdownRequested,
    std::function<void(const std::string& cluster)> onStopRequested = {},
    std::function<void(const std::string& cluster, const engine::Alarm& alarm, bool raised)> onAlarm = {},
    engine::GuardedApplication* application = nullptr);

}  // namespace tributary::app
