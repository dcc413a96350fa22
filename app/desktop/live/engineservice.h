// The engine of a workspace inside this process, off the GUI thread.
#pragma once

#include <functional>
#include <memory>

#include "app/desktop/live/worklane.h"

namespace tributary::desktop {

/// The file of the terminal's program, which can fork: this process has threads. TRIBUTARY_EXE names another one. GUI
/// thread, or any once the application's object is there.
[[nodiscard]] QString terminalProgram();

/// How a start ended.
struct EngineStarted {
    bool owned = false;  ///< this process runs at least one cluster; else all belong to another one
    int started = 0;     ///< clusters that this call started
};

/// Starts what no process runs yet, and stops what it started. GUI thread; the work is done on a lane of its own.
/// Destruction stops the engine and waits for it.
class EngineService {
public:
    EngineService(QObject& relay, WorkspaceAccess access);
    ~EngineService();
    EngineService(const EngineService&) = delete;
    EngineService& operator=(const EngineService&) = delete;

    /// Starts every drawn cluster that no process answers for, and creates the datasets drawn as existing. Again after
    /// the drawing was saved: starts what is new. Errors: those of Session::open and of the nodes (port in use, volume
    /// owned by another process, damage): then nothing that this call would have begun goes on.
    void start(QObject* context, std::function<void(Result<EngineStarted>)> done);
    /// Stops cleanly what this process runs.
    void stop(QObject* context, std::function<void(Result<bool>)> done);
    void reopen() { lane_->reopen(); }

private:
    struct Hold;                  // the host; touched on the lane's thread only
    std::shared_ptr<Hold> hold_;  // shared with the jobs
    std::unique_ptr<WorkLane> lane_;
};

}  // namespace tributary::desktop
