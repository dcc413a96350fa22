// The logical thread of a node on a Qt event loop: tasks from any thread, in order, in batches.
#pragma once

#include <QObject>
#include <deque>
#include <mutex>

#include "engine/seams/executor.h"

namespace tributary::engine {

/// Runs tasks on the thread this object lives in. post() may be called from any thread and costs one QEvent per batch,
/// not per task. A turn runs at most kTasksPerTurn tasks, so that sockets and timers get their share under a backlog.
class QtExecutor final : public QObject, public Executor {
public:
    static constexpr std::size_t kTasksPerTurn = 512;

    QtExecutor() = default;
    ~QtExecutor() override { close(); }

    /// An exception of a task leaves the event handler (GuardedApplication); from then on the executor runs only what
    /// postAlways() gave it.
    void post(Task task) override;
    /// As post(), also while setRunsOnly() holds other tasks back.
    void postAlways(Task task);
    /// With true, tasks of post() are dropped, those queued and those to come: what they work on is broken. Any thread.
    void setRunsOnly(bool always);
    /// Drops what is queued and everything posted later. Any thread; a task that is running finishes.
    void close();

protected:
    bool event(QEvent* event) override;

private:
    struct Queued {
        Task task;
        bool always = false;
    };
    void add(Queued queued);
    void wake();
    bool takeNext(Queued& out);

    std::mutex mutex_;
    std::deque<Queued> tasks_;  // guarded by mutex_
    bool runsOnly_ = false;     // guarded
    bool woken_ = false;        // guarded: an event is under way
    bool closed_ = false;       // guarded
};

}  // namespace tributary::engine
