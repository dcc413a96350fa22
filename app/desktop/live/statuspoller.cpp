// The poller's loop.
#include "app/desktop/live/statuspoller.h"

#include <algorithm>
#include <chrono>

#include "app/desktop/live/livetext.h"
#include "app/desktop/live/threadend.h"
#include "app/observe/clocks.h"

namespace tributary::desktop {

bool LiveSnapshot::anyUp() const {
    return std::any_of(status.clusters.begin(), status.clusters.end(),
                       [](const app::ClusterRow& row) { return row.state != "down"; });
}

StatusPoller::StatusPoller(QObject& relay, WorkspaceAccess access, Millis everyMs, Deliver deliver)
    : core_(std::make_shared<Core>()) {
    core_->relay = &relay;
    core_->access = std::move(access);
    core_->everyMs = everyMs;
    core_->deliver = std::move(deliver);
    thread_ = std::thread([core = core_] { loop(core); });
}

StatusPoller::~StatusPoller() {
    core_->deliver = nullptr;
    std::unique_lock lock(core_->mutex);
    core_->stopping = true;
    core_->relay = nullptr;
    core_->wake.notify_all();
    endOrLeave(thread_, std::move(lock), core_->idle, [this] { return !core_->busy; });
}

void StatusPoller::setDrawing(Topology drawing) {
    auto fresh = std::make_shared<const Topology>(std::move(drawing));
    {
        const std::lock_guard lock(core_->mutex);
        core_->drawing = std::move(fresh);
    }
    hurry();
}

void StatusPoller::reopen() {
    const std::lock_guard lock(core_->mutex);
    core_->stale = true;
}

void StatusPoller::hurry() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->hurry = true;
    }
    core_->wake.notify_all();
}

void StatusPoller::setWantsParts(bool wants) {
    if (!core_->wantsParts.exchange(wants) && wants) hurry();
}

LiveSnapshot StatusPoller::look(Core& core, std::unique_ptr<app::Session>& session, PartsKept& parts) {
    LiveSnapshot snapshot;
    snapshot.askedMs = app::wallNowMs();
    if (session == nullptr) {
        auto opened = app::Session::open({core.access.dir, core.access.user, false});
        if (!opened) {
            snapshot.problem = toQt(opened.error().text());
            snapshot.atMs = app::wallNowMs();
            return snapshot;
        }
        session = std::move(opened).value();
    }
    snapshot.status = app::collectStatus(*session);
    snapshot.parts = parts.look(core.wantsParts.load(), app::steadyNowUs() / 1'000,
                                [&] { return partsBehind(*session, snapshot.status); });
    std::shared_ptr<const Topology> drawing;
    {
        const std::lock_guard lock(core.mutex);
        drawing = core.drawing;
    }
    if (drawing != nullptr) snapshot.status.networks = app::networksOf(*drawing, snapshot.status);
    snapshot.observation = std::make_shared<const Observation>(app::observationOf(snapshot.status));
    if (drawing != nullptr) snapshot.status.differences = differencesOf(*drawing, *snapshot.observation);
    snapshot.atMs = app::wallNowMs();
    return snapshot;
}

void StatusPoller::loop(const std::shared_ptr<Core>& core) {
    std::unique_ptr<app::Session> session;
    PartsKept parts;
    std::unique_lock lock(core->mutex);
    while (!core->stopping) {
        if (core->stale) session.reset();
        core->stale = false;
        core->hurry = false;
        core->busy = true;
        lock.unlock();
        std::shared_ptr<LiveSnapshot> snapshot;
        if (!core->underWay.load()) snapshot = std::make_shared<LiveSnapshot>(look(*core, session, parts));
        lock.lock();
        if (snapshot != nullptr && core->relay != nullptr) {
            core->underWay.store(true);
            QMetaObject::invokeMethod(
                core->relay,
                [core, snapshot] {
                    core->underWay.store(false);
                    if (core->deliver) core->deliver(std::move(*snapshot));
                },
                Qt::QueuedConnection);
        }
        core->busy = false;
        core->idle.notify_all();
        core->wake.wait_for(lock, std::chrono::milliseconds(core->everyMs),
                            [&core] { return core->stopping || core->hurry; });
    }
}

}  // namespace tributary::desktop
