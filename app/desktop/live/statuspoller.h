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

    /// The drawing that observed clusters are compared with; without one the saved drawing is.
    void setDrawing(Topology drawing);
    /// The workspace's files changed.
    void reopen();
    /// Looks now instead of at the next turn.
    void hurry();

private:
    void loop();
    LiveSnapshot look(std::unique_ptr<app::Session>& session);

    QObject& relay_;
    const WorkspaceAccess access_;
    const Millis everyMs_;
    const Deliver deliver_;
    std::atomic<bool> underWay_{false};  // a snapshot waits for the GUI thread
    std::mutex mutex_;
    std::condition_variable wake_;
    std::shared_ptr<const Topology> drawing_;  // guarded; replaced as a whole
    bool stale_ = false;
    bool hurry_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace tributary::desktop
