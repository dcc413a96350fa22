// The one queue of a simulated world.
#include "engine/sim/simevents.h"

#include <algorithm>
#include <vector>

namespace tributary::engine::sim {

SimEvents::Key SimEvents::at(Micros when, int owner, EventKind kind, Task task) {
    const Key key{std::max(when, nowUs_), nextSequence_++};
    queue_.emplace(key, Event{owner, kind, std::move(task)});
    return key;
}

void SimEvents::dropOwner(int owner) {
    // Tasks die after the queue has been tidied: their destructors may plan or cancel events themselves.
    std::vector<Task> dying;
    for (auto at = queue_.begin(); at != queue_.end();) {
        if (at->second.owner != owner) {
            ++at;
            continue;
        }
        dying.push_back(std::move(at->second.task));
        at = queue_.erase(at);
    }
}

void SimEvents::clear() {
    std::map<Key, Event> dying;
    dying.swap(queue_);
}

bool SimEvents::runOne() {
    if (queue_.empty()) return false;
    const auto first = queue_.begin();
    nowUs_ = first->first.first;
    const Event event = std::move(first->second);
    queue_.erase(first);
    ++executed_;
    note(static_cast<std::uint64_t>(nowUs_),
         static_cast<std::uint64_t>(event.owner + 1) << 8U | static_cast<std::uint64_t>(event.kind));
    event.task();
    return true;
}

void SimEvents::note(std::uint64_t a, std::uint64_t b) {
    for (const std::uint64_t word : {a, b}) {
        hash_ = (hash_ ^ word) * 0x9fb21c651e98df25ULL;
        hash_ ^= hash_ >> 32U;
    }
}

}  // namespace tributary::engine::sim
