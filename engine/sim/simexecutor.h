// A simulated node's logical thread, timers, workers and clock: all of them are events of the world.
#pragma once

#include <array>
#include <map>

#include "engine/seams/clock.h"
#include "engine/seams/executor.h"
#include "engine/sim/simevents.h"
#include "engine/sim/simrandom.h"

namespace tributary::engine::sim {

/// Virtual time as one node sees it: its wall clock may be wrong and may jump.
class SimClock final : public Clock {
public:
    static constexpr Millis kStartMs = 1'700'000'000'000;

    explicit SimClock(const SimEvents& events) : events_(events) {}
    [[nodiscard]] Millis wallMs() const override { return kStartMs + events_.nowUs() / 1000 + skewMs_; }
    [[nodiscard]] Micros monotonicUs() const override { return 1'000'000 + events_.nowUs(); }
    /// How far the wall clock is ahead of (or behind) the world's; setting it is a step.
    void setSkewMs(Millis skewMs) { skewMs_ = skewMs; }
    [[nodiscard]] Millis skewMs() const { return skewMs_; }

private:
    const SimEvents& events_;
    Millis skewMs_ = 0;
};

class SimExecutor final : public Executor {
public:
    SimExecutor(SimEvents& events, int owner) : events_(events), owner_(owner) {}
    void post(Task task) override { events_.after(1, owner_, EventKind::Post, std::move(task)); }

private:
    SimEvents& events_;
    int owner_;
};

class SimTimers final : public Timers {
public:
    SimTimers(SimEvents& events, int owner) : events_(events), owner_(owner) {}
    TimerId after(Millis delayMs, Task task) override;
    void cancel(TimerId id) override;
    /// Forgets all timers (the events themselves are dropped by SimEvents::dropOwner).
    void forget() { planned_.clear(); }
    [[nodiscard]] std::size_t count() const { return planned_.size(); }

private:
    SimEvents& events_;
    int owner_;
    TimerId next_ = 1;
    std::map<TimerId, SimEvents::Key> planned_;
};

/// How long work takes. Values are drawn between the two, with a rare slow one.
struct WorkPace {
    Micros leastUs = 20;
    Micros mostUs = 300;
    std::uint64_t slowOneIn = 0;  ///< 0 = never
    Micros slowUs = 0;            ///< added to a slow one
};

/// Workers of one node. Work and reply are separate events, so that crashes fall between them; work of one kind keeps
/// its order, different kinds overlap in any order. Nothing is ever lost unless the node dies.
class SimWorkers final : public Workers {
public:
    SimWorkers(SimEvents& events, int owner, std::uint64_t seed) : events_(events), owner_(owner), random_(seed) {}
    void run(WorkKind kind, Executor& reply, Task work, Task done) override;
    void setPace(WorkKind kind, const WorkPace& pace) { lanes_[static_cast<std::size_t>(kind)].pace = pace; }

private:
    struct Lane {
        WorkPace pace;
        Micros workUs = 0;  ///< when the newest work of this kind runs
        Micros doneUs = 0;  ///< and its reply
    };
    SimEvents& events_;
    int owner_;
    SimRandom random_;
    std::array<Lane, 4> lanes_;
};

}  // namespace tributary::engine::sim
