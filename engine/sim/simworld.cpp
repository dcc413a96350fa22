// A whole world from one seed.
#include "engine/sim/simworld.h"

namespace tributary::engine::sim {

SimWorld::SimWorld(std::uint64_t seed) : random_(seed), network_(events_, random_.split()) {
    CrashVfs::seedSqlite(static_cast<std::uint32_t>(random_.split()));
}

SimWorld::~SimWorld() {
    // Nodes first: their connections and timers still need the network and the queue.
    for (auto& host : hosts_) {
        if (host->up()) host->kill();
    }
    events_.clear();
    hosts_.clear();
}

SimNode& SimWorld::add(NodeConfig config, std::size_t poolBytes) {
    const int index = hosts();
    hosts_.push_back(std::make_unique<SimNode>(events_, network_, index,
                                               SimNodeOptions{std::move(config), poolBytes, random_.split()}));
    return *hosts_.back();
}

bool SimWorld::runUntil(Micros untilUs, const std::function<bool()>& done) {
    while (!done()) {
        const Micros next = events_.nextUs();
        if (next < 0 || next > untilUs) {
            events_.passTo(untilUs);
            return done();
        }
        events_.runOne();
        for (auto& host : hosts_) {
            if (host->up() && host->disk().powerIsOff() && onPowerLost_) onPowerLost_(host->index());
        }
        if (afterEvent_ && !afterEvent_()) return false;
    }
    return true;
}

}  // namespace tributary::engine::sim
