// What the daemon does beside running clusters: its log, the alarm hook, the page for monitoring systems.
#pragma once

#include <QObject>
#include <QTimer>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/daemon/alarmhooks.h"
#include "app/daemon/daemonlog.h"
#include "app/daemon/workspaceengine.h"
#include "core/workspace/settings.h"
#include "engine/net/httpdoor.h"

namespace tributary::app {

/// Makes one text after the other on a thread of its own: asking clusters may block.
class PageMaker {
public:
    explicit PageMaker(std::function<std::string()> make) : make_(std::move(make)), worker_([this] { work(); }) {}
    ~PageMaker();
    PageMaker(const PageMaker&) = delete;
    PageMaker& operator=(const PageMaker&) = delete;

    void ask(engine::HttpDoor::Reply reply);

private:
    void work();

    std::function<std::string()> make_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<engine::HttpDoor::Reply> waiting_;
    bool stopping_ = false;
    std::thread worker_;
};

/// Lives on the daemon's main thread, which runs an event loop; made before the clusters and destroyed after them.
class DaemonCare {
public:
    struct Options {
        WorkspaceSettings settings;
        std::string logFile;                   ///< empty: stderr is somebody else's, nothing is rotated
        std::function<std::string()> metrics;  ///< the text of the page; any thread, may block; empty = no page
    };
    DaemonCare(const WorkspaceEngine& engine, Options options);

    /// An alarm of a cluster was raised or cleared. Any thread; does not block.
    void alarm(const std::string& cluster, const engine::Alarm& alarm, bool raised);

private:
    void look();

    WorkspaceEngine engine_;
    std::unique_ptr<DaemonLogFile> log_;
    std::unique_ptr<AlarmHooks> hooks_;
    std::unique_ptr<engine::HttpDoor> door_;
    std::unique_ptr<PageMaker> pages_;  ///< dies before the door, whose replies it holds
    QTimer timer_;
    bool complained_ = false;
};

}  // namespace tributary::app
