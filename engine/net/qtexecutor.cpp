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
    add({std::move(task), false});
}

void QtExecutor::postAlways(Task task) {
    add({std::move(task), true});
}

void QtExecutor::add(Queued queued) {
    const std::lock_guard lock(mutex_);
    if (closed_ || (runsOnly_ && !queued.always)) return;
    tasks_.push_back(std::move(queued));
    if (woken_) return;
    try {
        wake();
    } catch (...) {
        tasks_.pop_back();  // whoever posted learns that it is not carried out: it must not be, later
        throw;
    }
}

void QtExecutor::setRunsOnly(bool always) {
    std::deque<Queued> before;  // dies outside the lock: what a task captured may post again
    const std::lock_guard lock(mutex_);
    runsOnly_ = always;
    if (!always) return;
    before.swap(tasks_);
    for (Queued& queued : before) {
        if (queued.always) tasks_.push_back(std::move(queued));
    }
    if (!tasks_.empty()) wake();
}

void QtExecutor::wake() {
    // Only then: with the event refused, the next post() must wake the thread.
    QCoreApplication::postEvent(this, new QEvent(kWake));
    woken_ = true;
}

void QtExecutor::close() {
    std::deque<Queued> dropped;  // dies outside the lock: what a task captured may post again
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(tasks_);
}

/// False when there is none: the next post() wakes the thread again.
bool QtExecutor::takeNext(Queued& out) {
    const std::lock_guard lock(mutex_);
    if (tasks_.empty()) {
        woken_ = false;
        return false;
    }
    out = std::move(tasks_.front());
    tasks_.pop_front();
    return true;
}

bool QtExecutor::event(QEvent* event) {
    if (event->type() != kWake) return QObject::event(event);
    // One task is taken at a time, so that close() from another thread stops the batch where it is.
    for (std::size_t ran = 0; ran < kTasksPerTurn; ++ran) {
        Queued next;
        if (!takeNext(next)) return true;
        try {
            next.task();
        } catch (...) {
            {
                const std::lock_guard lock(mutex_);
                woken_ = false;
            }
            setRunsOnly(true);
            throw;
        }
    }
    const std::lock_guard lock(mutex_);
    woken_ = false;
    if (!tasks_.empty()) wake();
    return true;
}

}  // namespace tributary::engine
