// The one queue of a simulated world: what happens next, at which virtual instant, and a hash of all that happened.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "core/base/units.h"
#include "engine/seams/executor.h"

namespace tributary::engine::sim {

/// What an event is, for the trace.
enum class EventKind : std::uint8_t { Post = 1, Timer, Work, WorkDone, Network, World };

/// Events ordered by (virtual time, sequence): equal seeds give equal orders. Time moves only from event to event.
class SimEvents {
public:
    using Key = std::pair<Micros, std::uint64_t>;
    static constexpr int kWorld = -1;  ///< owner of events that belong to no node

    /// Plans a task; an instant in the past means now. Returns its place, for cancel().
    Key at(Micros when, int owner, EventKind kind, Task task);
    Key after(Micros delayUs, int owner, EventKind kind, Task task) {
        return at(nowUs_ + delayUs, owner, kind, std::move(task));
    }
    void cancel(const Key& key) { queue_.erase(key); }
    /// Forgets all that a dead node had planned, together with what the tasks held.
    void dropOwner(int owner);
    /// Drops everything: the world ends.
    void clear();

    /// Runs the next event; false when nothing is planned.
    bool runOne();
    /// Lets time pass to an instant before which nothing is planned.
    void passTo(Micros when) { nowUs_ = std::max(nowUs_, when); }
    /// When the next event is due; -1 when nothing is planned.
    [[nodiscard]] Micros nextUs() const { return queue_.empty() ? -1 : queue_.begin()->first.first; }
    [[nodiscard]] Micros nowUs() const { return nowUs_; }
    [[nodiscard]] std::uint64_t executed() const { return executed_; }

    /// Mixes a fact into the trace hash: what was delivered, acknowledged, decided.
    void note(std::uint64_t a, std::uint64_t b = 0);
    [[nodiscard]] std::uint64_t traceHash() const { return hash_; }

private:
    struct Event {
        int owner = kWorld;
        EventKind kind = EventKind::World;
        Task task;
    };
    std::map<Key, Event> queue_;
    Micros nowUs_ = 0;
    std::uint64_t nextSequence_ = 1;
    std::uint64_t executed_ = 0;
    std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

}  // namespace tributary::engine::sim
