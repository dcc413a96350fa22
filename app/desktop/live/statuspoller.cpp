// The poller's loop.
#include "app/desktop/live/statuspoller.h"

#include <algorithm>
#include <chrono>

#include "app/desktop/live/livetext.h"
#include "app/observe/clocks.h"

namespace tributary::desktop {

bool LiveSnapshot::anyUp() const {
    return std::any_of(status.clusters.begin(), status.clusters.end(),
                       [](const app::ClusterRow& row) { return row.state != "down"; });
}

StatusPoller::StatusPoller(QObject& relay, WorkspaceAccess access, Millis everyMs, Deliver deliver)
    : relay_(relay), access_(std::move(access)), everyMs_(everyMs), deliver_(std::move(deliver)), thread_([this] {
          loop();
      }) {}

StatusPoller::~StatusPoller() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void StatusPoller::setDrawing(Topology drawing) {
    auto fresh = std::make_shared<const Topology>(std::move(drawing));
    const std::lock_guard lock(mutex_);
    drawing_ = std::move(fresh);
}

void StatusPoller::reopen() {
    const std::lock_guard lock(mutex_);
    stale_ = true;
}

void StatusPoller::hurry() {
    {
        const std::lock_guard lock(mutex_);
        hurry_ = true;
    }
    wake_.notify_all();
}

LiveSnapshot StatusPoller::look(std::unique_ptr<app::Session>& session) {
    LiveSnapshot snapshot;
    if (session == nullptr) {
        auto opened = app::Session::open({access_.dir, access_.user, false});
        if (!opened) {
            snapshot.problem = toQt(opened.error().text());
            snapshot.atMs = app::wallNowMs();
            return snapshot;
        }
        session = std::move(opened).value();
    }
    snapshot.status = app::collectStatus(*session);
    std::shared_ptr<const Topology> drawing;
    {
        const std::lock_guard lock(mutex_);
        drawing = drawing_;
    }
    if (drawing != nullptr) snapshot.status.differences = app::differencesOf(*drawing, snapshot.status);
    snapshot.atMs = app::wallNowMs();
    return snapshot;
}

void StatusPoller::loop() {
    std::unique_ptr<app::Session> session;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (stale_) session.reset();
        stale_ = false;
        hurry_ = false;
        lock.unlock();
        if (!underWay_.load()) {
            auto snapshot = std::make_shared<LiveSnapshot>(look(session));
            underWay_.store(true);
            QMetaObject::invokeMethod(
                &relay_,
                [this, snapshot] {
                    underWay_.store(false);
                    deliver_(std::move(*snapshot));
                },
                Qt::QueuedConnection);
        }
        lock.lock();
        wake_.wait_for(lock, std::chrono::milliseconds(everyMs_), [this] { return stopping_ || hurry_; });
    }
}

}  // namespace tributary::desktop
