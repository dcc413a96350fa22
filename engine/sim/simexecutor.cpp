// Timers and workers as events of the world.
#include "engine/sim/simexecutor.h"

#include <algorithm>

namespace tributary::engine::sim {

TimerId SimTimers::after(Millis delayMs, Task task) {
    const TimerId id = next_++;
    planned_[id] = events_.after(std::max<Millis>(0, delayMs) * 1000 + 1, owner_, EventKind::Timer,
                                 [this, id, task = std::move(task)] {
                                     planned_.erase(id);
                                     task();
                                 });
    return id;
}

void SimTimers::cancel(TimerId id) {
    const auto at = planned_.find(id);
    if (at == planned_.end()) return;
    events_.cancel(at->second);
    planned_.erase(at);
}

void SimWorkers::run(WorkKind kind, Executor& /*reply*/, Task work, Task done) {
    Lane& lane = lanes_[static_cast<std::size_t>(kind)];
    Micros takes = random_.between(lane.pace.leastUs, lane.pace.mostUs);
    if (random_.oneIn(lane.pace.slowOneIn)) takes += lane.pace.slowUs;
    lane.workUs = std::max(lane.workUs, events_.nowUs()) + takes;
    lane.doneUs = std::max(lane.doneUs, lane.workUs) + random_.between(1, 60);
    events_.at(lane.workUs, owner_, EventKind::Work, std::move(work));
    // The reply comes on the node's logical thread, which in this world is the queue itself.
    events_.at(lane.doneUs, owner_, EventKind::WorkDone, std::move(done));
}

}  // namespace tributary::engine::sim
