// A whole world from one seed: virtual time, hosts, network. The same seed gives the same run, event by event.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/sim/simnode.h"

namespace tributary::engine::sim {

/// Owns the queue, the network and the hosts. One world at a time per process: SQLite keeps one random generator, which
/// each new world seeds anew. One thread.
class SimWorld {
public:
    explicit SimWorld(std::uint64_t seed);
    ~SimWorld();
    SimWorld(const SimWorld&) = delete;
    SimWorld& operator=(const SimWorld&) = delete;

    /// Adds a host (its Node is not started). Numbers count from 0.
    SimNode& add(NodeConfig config, std::size_t poolBytes);
    [[nodiscard]] SimNode& host(int index) { return *hosts_[static_cast<std::size_t>(index)]; }
    [[nodiscard]] int hosts() const { return static_cast<int>(hosts_.size()); }
    [[nodiscard]] SimEvents& events() { return events_; }
    [[nodiscard]] SimNetwork& network() { return network_; }
    /// Streams of randomness for whoever drives the world; never the nodes' own.
    [[nodiscard]] std::uint64_t splitSeed() { return random_.split(); }

    /// Called after each event; false ends runUntil().
    void setAfterEvent(std::function<bool()> afterEvent) { afterEvent_ = std::move(afterEvent); }
    /// A host whose disk lost power in the middle of an operation, before anything else happens to it.
    void setOnPowerLost(std::function<void(int host)> onPowerLost) { onPowerLost_ = std::move(onPowerLost); }
    /// Plans something at an instant of virtual time.
    void after(Micros delayUs, Task task) {
        events_.after(delayUs, SimEvents::kWorld, EventKind::World, std::move(task));
    }
    /// Runs events until `done` holds or virtual time passes `untilUs`. True when `done` held.
    bool runUntil(Micros untilUs, const std::function<bool()>& done);

private:
    SimEvents events_;
    SimRandom random_;
    SimNetwork network_;
    std::vector<std::unique_ptr<SimNode>> hosts_;
    std::function<bool()> afterEvent_;
    std::function<void(int)> onPowerLost_;
};

}  // namespace tributary::engine::sim
