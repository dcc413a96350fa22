// The process's threads for blocking work, one per kind.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "engine/seams/executor.h"

namespace tributary::engine {

/// One thread per WorkKind, shared by all nodes of a process: tasks of a kind run one at a time, in the order of run(),
/// and their `done` reach the reply executor in that order. Materialise and Checkpoint run at lower CPU and I/O
/// priority, so that they never delay the log. Any thread may call run(), any but a worker's release().
class RealWorkers final : public Workers {
public:
    enum class Pending { Finish, Drop };  ///< what becomes of tasks that are queued and not yet running

    /// Throws std::system_error when the system refuses a thread.
    /// @param onDestroy what the destructor does with queued tasks; the running ones are always finished.
    explicit RealWorkers(Pending onDestroy = Pending::Finish);
    ~RealWorkers() override;
    RealWorkers(const RealWorkers&) = delete;
    RealWorkers& operator=(const RealWorkers&) = delete;

    /// An exception that leaves `work` is thrown again by a task of `reply`, in the place of `done`.
    void run(WorkKind kind, Executor& reply, Task work, Task done) override;

    /// Returns when nothing that replies to `reply` is queued or running any more: afterwards the executor may die.
    /// With Drop neither `work` nor `done` of a queued task runs. Blocks for as long as the running task takes.
    void release(Executor& reply, Pending pending);

private:
    static constexpr std::size_t kKinds = 4;

    struct Job {
        Executor* reply = nullptr;
        Task work;
        Task done;
    };
    struct Lane {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<Job> jobs;         // guarded by mutex
        Executor* running = nullptr;  // guarded: whose task runs
        bool stopping = false;        // guarded
        std::thread thread;
    };

    static void work(Lane& lane, WorkKind kind);
    static void carryOut(Job& job);
    void stopThreads();

    Pending onDestroy_;
    std::array<Lane, kKinds> lanes_;
};

}  // namespace tributary::engine
