// The logical thread of a node on a Qt event loop: tasks from any thread, in order, in batches.
#include "engine/net/qtexecutor.h"

#include <QCoreApplication>
#include <QEvent>
#include <utility>

namespace tributary::engine {

namespace {
constexpr auto kWake = static_cast<QEvent::Type>(QEvent::User + 1);
}

void QtExecutor::post(Task task) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    tasks_.push_back(std::move(task));
    if (!woken_) wake();
}

void QtExecutor::wake() {
    woken_ = true;
    QCoreApplication::postEvent(this, new QEvent(kWake));
}

void QtExecutor::close() {
    std::deque<Task> dropped;  // dies outside the lock: what a task captured may post again
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(tasks_);
}

bool QtExecutor::event(QEvent* event) {
    if (event->type() != kWake) return QObject::event(event);
    // One task is taken at a time, so that close() from another thread stops the batch where it is.
    for (std::size_t ran = 0; ran < kTasksPerTurn; ++ran) {
        Task task;
        {
            const std::lock_guard lock(mutex_);
            if (tasks_.empty()) {
                woken_ = false;
                return true;
            }
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
    }
    const std::lock_guard lock(mutex_);
    if (tasks_.empty()) {
        woken_ = false;
    } else {
        wake();
    }
    return true;
}

}  // namespace tributary::engine
