// The loop of a lane.
#include "app/desktop/live/worklane.h"

namespace tributary::desktop {

WorkLane::WorkLane(QObject& relay, WorkspaceAccess access)
    : relay_(relay), access_(std::move(access)), thread_([this] { loop(); }) {}

WorkLane::~WorkLane() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void WorkLane::push(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

void WorkLane::reopen() {
    const std::lock_guard lock(mutex_);
    stale_ = true;
}

void WorkLane::loop() {
    std::unique_ptr<app::Session> session;
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return;
        Job job = std::move(jobs_.front());
        jobs_.pop_front();
        const bool renew = stale_ || session == nullptr;
        stale_ = false;
        lock.unlock();
        Error trouble;
        if (renew) {
            session.reset();
            auto opened = app::Session::open({access_.dir, access_.user, false});
            if (opened) {
                session = std::move(opened).value();
            } else {
                trouble = opened.error();
            }
        }
        job(session.get(), trouble);
        job = nullptr;  // what it captured dies before the next wait
        lock.lock();
    }
}

}  // namespace tributary::desktop
