// One-shot timers of a node on a Qt event loop.
#pragma once

#include <QTimer>
#include <map>
#include <utility>

#include "engine/seams/executor.h"

namespace tributary::engine {

/// All timers of one executor behind a single precise QTimer: thousands of pending back-offs cost one kernel timer.
/// Tasks run in the order (due time, order of after()). Lives, runs and dies on the executor's thread.
class QtTimers final : public Timers {
public:
    QtTimers();
    TimerId after(Millis delayMs, Task task) override;
    void cancel(TimerId id) override;
    /// Forgets all of them.
    void clear();
    /// Timers that are waiting.
    [[nodiscard]] std::size_t pending() const { return due_.size(); }

private:
    using Key = std::pair<Micros, TimerId>;  // due on the monotonic clock, then order of creation

    void fire();
    void rearm();

    QTimer timer_;
    std::map<Key, Task> queue_;
    std::map<TimerId, Micros> due_;
    TimerId lastId_ = 0;
    Micros armedFor_ = -1;  // due time the QTimer is set to; -1 = not set
};

}  // namespace tributary::engine
