// One-shot timers of a node on a Qt event loop.
#include "engine/net/qttimers.h"

#include <algorithm>
#include <chrono>

namespace tributary::engine {

namespace {

Micros monotonicUs() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

QtTimers::QtTimers() {
    timer_.setSingleShot(true);
    timer_.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { fire(); });
}

TimerId QtTimers::after(Millis delayMs, Task task) {
    const Micros due = monotonicUs() + std::max<Millis>(delayMs, 0) * 1000;
    const TimerId id = ++lastId_;
    queue_.emplace(Key{due, id}, std::move(task));
    due_.emplace(id, due);
    rearm();
    return id;
}

void QtTimers::cancel(TimerId id) {
    const auto at = due_.find(id);
    if (at == due_.end()) return;
    queue_.erase(Key{at->second, id});
    due_.erase(at);
    // The QTimer stays armed: firing early finds nothing due and re-arms, which is cheaper than re-arming per cancel.
}

void QtTimers::clear() {
    timer_.stop();
    armedFor_ = -1;
    queue_.clear();
    due_.clear();
}

void QtTimers::fire() {
    armedFor_ = -1;
    const Micros now = monotonicUs();
    const TimerId newest = lastId_;  // a task that asks for 0 ms gets the next turn, not this one
    for (auto at = queue_.begin(); at != queue_.end() && at->first.first <= now;) {
        if (at->first.second > newest) {
            ++at;
            continue;
        }
        const Key key = at->first;
        const Task task = std::move(at->second);
        queue_.erase(at);
        due_.erase(key.second);
        task();
        at = queue_.begin();  // the task may have added or cancelled any of them
    }
    rearm();
}

void QtTimers::rearm() {
    if (queue_.empty()) return;
    const Micros due = queue_.begin()->first.first;
    if (armedFor_ >= 0 && armedFor_ <= due) return;
    armedFor_ = due;
    // Rounded up: a timer never runs before its time.
    const Micros left = std::max<Micros>(due - monotonicUs(), 0);
    timer_.start(static_cast<int>(std::min<Micros>((left + 999) / 1000, 1'000'000'000)));
}

}  // namespace tributary::engine
