// The process's threads for blocking work, one per kind.
#include "engine/machine/realworkers.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace tributary::engine {

namespace {

const char* threadName(WorkKind kind) {
    switch (kind) {
        case WorkKind::LogSync: return "trb-logsync";
        case WorkKind::Materialise: return "trb-material";
        case WorkKind::Checkpoint: return "trb-checkpoint";
        case WorkKind::Read: return "trb-read";
    }
    return "trb-worker";
}

/// Steps behind the log and the sockets. Refusals are ignored: the work is right at any priority.
void lowerPriority() {
    constexpr int kNice = 10;
    constexpr int kIoWhoProcess = 1;
    constexpr int kIoLowestBestEffort = (2 << 13) | 7;  // not the idle class: it may starve, and flushes then never end
    const auto self = static_cast<id_t>(::syscall(SYS_gettid));  // on Linux both are per thread
    (void)::setpriority(PRIO_PROCESS, self, kNice);
    (void)::syscall(SYS_ioprio_set, kIoWhoProcess, self, kIoLowestBestEffort);
}

constexpr std::chrono::milliseconds kMemoryAgain{10};

/// Posts a task that throws the exception again; false when there is no memory for that now.
bool told(Executor& reply, const std::exception_ptr& problem) {
    try {
        reply.post([problem] { std::rethrow_exception(problem); });
        return true;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

}  // namespace

RealWorkers::RealWorkers(Pending onDestroy) : onDestroy_(onDestroy) {
    try {
        for (std::size_t i = 0; i < kKinds; ++i) {
            lanes_[i].thread = std::thread([this, i] { work(lanes_[i], static_cast<WorkKind>(i)); });
        }
    } catch (...) {
        stopThreads();
        throw;
    }
}

RealWorkers::~RealWorkers() {
    stopThreads();
}

void RealWorkers::stopThreads() {
    for (Lane& lane : lanes_) {
        std::deque<Job> dropped;
        const std::lock_guard lock(lane.mutex);
        lane.stopping = true;
        if (onDestroy_ == Pending::Drop) dropped.swap(lane.jobs);
        lane.changed.notify_all();
    }
    for (Lane& lane : lanes_) {
        if (lane.thread.joinable()) lane.thread.join();
    }
}

void RealWorkers::run(WorkKind kind, Executor& reply, Task work, Task done) {
    Lane& lane = lanes_.at(static_cast<std::size_t>(kind));
    const std::lock_guard lock(lane.mutex);
    lane.jobs.push_back({&reply, std::move(work), std::move(done)});
    lane.changed.notify_all();
}

void RealWorkers::work(Lane& lane, WorkKind kind) {
    ::pthread_setname_np(::pthread_self(), threadName(kind));
    if (kind == WorkKind::Materialise || kind == WorkKind::Checkpoint) lowerPriority();
    std::unique_lock lock(lane.mutex);
    while (true) {
        lane.changed.wait(lock, [&] { return lane.stopping || !lane.jobs.empty(); });
        if (lane.jobs.empty()) return;
        {
            Job job = std::move(lane.jobs.front());
            lane.jobs.pop_front();
            lane.running = job.reply;
            lock.unlock();
            carryOut(job);
        }  // what the task captured dies here, before release() may return
        lock.lock();
        lane.running = nullptr;
        lane.changed.notify_all();
    }
}

void RealWorkers::carryOut(Job& job) {
    try {
        if (job.work) job.work();
        if (job.done) job.reply->post(std::move(job.done));
    } catch (...) {
        // Without its outcome nobody may go on: whoever asked learns it where he would have heard of success.
        const std::exception_ptr problem = std::current_exception();
        while (!told(*job.reply, problem)) std::this_thread::sleep_for(kMemoryAgain);
    }
}

void RealWorkers::release(Executor& reply, Pending pending) {
    for (Lane& lane : lanes_) {
        assert(lane.thread.get_id() != std::this_thread::get_id());
        std::deque<Job> dropped;  // dies outside the lock
        std::unique_lock lock(lane.mutex);
        const auto isOurs = [&reply](const Job& job) { return job.reply == &reply; };
        if (pending == Pending::Drop) {
            const auto keepEnd = std::stable_partition(lane.jobs.begin(), lane.jobs.end(), std::not_fn(isOurs));
            std::move(keepEnd, lane.jobs.end(), std::back_inserter(dropped));
            lane.jobs.erase(keepEnd, lane.jobs.end());
        }
        lane.changed.wait(
            lock, [&] { return lane.running != &reply && std::none_of(lane.jobs.begin(), lane.jobs.end(), isOurs); });
    }
}

}  // namespace tributary::engine
