// Looks at every cluster a few times a second, on a thread of its own.
#pragma once

#include <QObject>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "app/desktop/live/livevalues.h"
#include "app/desktop/live/worklane.h"

namespace tributary::desktop {

/// Made and destroyed on the GUI thread. Snapshots are delivered there, one at a time: when the GUI is busy, looks are
/// left out instead of queued.
class StatusPoller {
public:
    using Deliver = std::function<void(LiveSnapshot)>;  ///< on the GUI thread

    /// `relay` lives on the GUI thread and outlives the poller.
    StatusPoller(QObject& relay, WorkspaceAccess access, Millis everyMs, Deliver deliver);
    ~StatusPoller();
    StatusPoller(const StatusPoller&) = delete;
    StatusPoller& operator=(const StatusPoller&) = delete;

    /// The drawing that observed clusters are compared with; without one the saved drawing is. Looks now.
    void setDrawing(Topology drawing);
    /// The workspace's files changed.
    void reopen();
    /// Looks now instead of at the next turn.
    void hurry();
    /// Whether looks ask for LiveSnapshot::parts too; at first they do not. Looks now when they did not before.
    void setWantsParts(bool wants);

private:
    /// What the thread uses: a look at a frozen cluster may outlive the poller.
    struct Core {
        QObject* relay = nullptr;  ///< guarded; nullptr when the poller is gone
        WorkspaceAccess access;
        Millis everyMs = 0;
        Deliver deliver;                    ///< of the GUI thread alone; empty when the poller is gone
        std::atomic<bool> underWay{false};  ///< a snapshot waits for the GUI thread
        std::atomic<bool> wantsParts{false};
        std::mutex mutex;
        std::condition_variable wake;
        std::condition_variable idle;
        std::shared_ptr<const Topology> drawing;  ///< guarded; replaced as a whole
        bool busy = false;
        bool stale = false;
        bool hurry = false;
        bool stopping = false;
    };
    static void loop(const std::shared_ptr<Core>& core);
    static LiveSnapshot look(Core& core, std::unique_ptr<app::Session>& session, PartsKept& parts);

    std::shared_ptr<Core> core_;
    std::thread thread_;
};

}  // namespace tributary::desktop
