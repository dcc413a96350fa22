// The loop of a lane.
#include "app/desktop/live/worklane.h"

#include "app/desktop/live/threadend.h"

namespace tributary::desktop {

WorkLane::WorkLane(QObject& relay, WorkspaceAccess access, AtEnd atEnd)
    : core_(std::make_shared<Core>(relay, std::move(access))),
      atEnd_(atEnd),
      thread_([core = core_] { loop(*core); }) {}

WorkLane::~WorkLane() {
    std::deque<Job> dropped;  // they hold the core: it would never die with them
    std::unique_lock lock(core_->mutex);
    dropped.swap(core_->jobs);
    core_->stopping = true;
    core_->relay = nullptr;
    core_->wake.notify_all();
    if (atEnd_ == AtEnd::LeaveBehind) {
        endOrLeave(thread_, std::move(lock), core_->idle, [this] { return !core_->busy; });
    } else {
        lock.unlock();
        thread_.join();
    }
}

void WorkLane::Core::deliver(std::function<void()> answer) {
    const std::lock_guard lock(mutex);
    if (relay != nullptr) QMetaObject::invokeMethod(relay, std::move(answer), Qt::QueuedConnection);
}

void WorkLane::push(Job job) {
    {
        const std::lock_guard lock(core_->mutex);
        core_->jobs.push_back(std::move(job));
    }
    core_->wake.notify_one();
}

void WorkLane::reopen() {
    const std::lock_guard lock(core_->mutex);
    core_->stale = true;
}

void WorkLane::loop(Core& core) {
    std::unique_ptr<app::Session> session;
    std::unique_lock lock(core.mutex);
    while (true) {
        core.wake.wait(lock, [&core] { return core.stopping || !core.jobs.empty(); });
        if (core.stopping) return;
        Job job = std::move(core.jobs.front());
        core.jobs.pop_front();
        const bool renew = core.stale || session == nullptr;
        core.stale = false;
        core.busy = true;
        lock.unlock();
        Error trouble;
        if (renew) {
            session.reset();
            auto opened = app::Session::open({core.access.dir, core.access.user, false});
            if (opened) {
                session = std::move(opened).value();
            } else {
                trouble = opened.error();
            }
        }
        job(session.get(), trouble);
        job = nullptr;  // what it captured dies before the next wait
        lock.lock();
        core.busy = false;
        core.idle.notify_all();
    }
}

}  // namespace tributary::desktop
