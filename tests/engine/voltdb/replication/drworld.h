// Clusters with their replication in a simulated world: virtual time, a network with weather, processes that die.
#pragma once

#include "core/db/crashdisk.h"
#include "engine/sim/simexecutor.h"
#include "engine/sim/simfileops.h"
#include "engine/sim/simnetwork.h"
#include "memstore.h"

namespace tributary::test {

/// One cluster: its disk outlives its process.
class DrHostSim {
public:
    DrHostSim(engine::sim::SimEvents& events, engine::sim::SimNetwork& network, int index, volt::DrSettings settings,
              int partitions, std::uint64_t seed)
        : events_(events),
          network_(network),
          index_(index),
          settings(std::move(settings)),
          partitions_(partitions),
          disk_(CrashDiskOptions{seed ^ 0x5eedULL, UINT64_MAX, false}),
          files_(disk_),
          clock_(events),
          executor_(events, index),
          timers_(events, index),
          workers_(events, index, seed ^ 0x3041ULL),
          random_(seed),
          transport_(network.transportOf(index)),
          seams_{clock_, executor_, timers_, workers_, *transport_, files_, random_, faults, {}} {
        faults.countReached(true);
        (void)files_.makeDirs("dr");
    }
    ~DrHostSim() { kill(); }
    DrHostSim(const DrHostSim&) = delete;
    DrHostSim& operator=(const DrHostSim&) = delete;

    Status start() {
        network_.hostOn(index_);
        disk_.setWallMs(clock_.wallMs());
        store_ = std::make_unique<MemStore>(seams_, settings, partitions_);
        store_->recover(std::move(saved_));
        cluster_ = std::make_unique<volt::DrCluster>(*store_);
        if (Status done = cluster_->open(); !done) return done;
        store_->feed(*cluster_);
        store_->setCluster(cluster_.get());
        return cluster_->start();
    }
    /// The process is gone at once; of the log there is what was synced.
    void kill() {
        if (store_ == nullptr) return;
        saved_ = store_->disk();
        cluster_.reset();
        store_.reset();
        events_.dropOwner(index_);
        timers_.forget();
    }
    void powerCut() {
        network_.hostOff(index_);
        kill();
    }
    void stopCleanly() {
        store_->holdSync(false);
        (void)cluster_->stopCleanly();
        kill();
    }
    /// voltdb init --force.
    void init() {
        kill();
        (void)files_.removeTree("dr");
        (void)files_.makeDirs("dr");
        saved_ = {};
    }
    [[nodiscard]] bool up() const { return store_ != nullptr; }
    MemStore& store() { return *store_; }
    volt::DrCluster& cluster() { return *cluster_; }
    engine::sim::SimClock& clock() { return clock_; }
    engine::sim::SimFileOps& files() { return files_; }
    [[nodiscard]] std::uint64_t reached(const std::string& what) const {
        const auto at = faults.reach().find(what);
        return at == faults.reach().end() ? 0 : at->second;
    }
    /// "MASTER ACTIVE 2", a line for each remote cluster.
    std::string roles() {
        std::string out;
        for (const auto& [remote, state] : cluster_->states()) {
            out += std::string(volt::drRoleName(cluster_->role())) + " " + std::string(volt::drStateName(state)) + " " +
                   std::to_string(remote) + "\n";
        }
        return out.empty() ? out : out.substr(0, out.size() - 1);
    }
    std::string failures() {
        std::string out;
        for (const auto& [remote, text] : cluster_->failures()) out += std::to_string(remote) + ": " + text + "\n";
        return out;
    }

private:
    engine::sim::SimEvents& events_;
    engine::sim::SimNetwork& network_;
    int index_;

public:
    volt::DrSettings settings;
    engine::FaultPoints faults;

private:
    int partitions_;
    CrashDisk disk_;
    engine::sim::SimFileOps files_;
    engine::sim::SimClock clock_;
    engine::sim::SimExecutor executor_;
    engine::sim::SimTimers timers_;
    engine::sim::SimWorkers workers_;
    engine::sim::SimRandom random_;
    std::unique_ptr<engine::Transport> transport_;
    engine::Seams seams_;
    MemStore::Disk saved_;
    std::unique_ptr<MemStore> store_;
    std::unique_ptr<volt::DrCluster> cluster_;
};

class DrWorld {
public:
    explicit DrWorld(std::uint64_t seed = 1) : network(events, seed), seed_(seed) {}
    ~DrWorld() {
        hosts_.clear();
        events.clear();
    }
    DrWorld(const DrWorld&) = delete;
    DrWorld& operator=(const DrWorld&) = delete;

    /// Cluster ids count from 1; `sources` are ids.
    DrHostSim& add(volt::DrRole role, const std::vector<int>& sources, int partitions = 2) {
        const int index = static_cast<int>(hosts_.size());
        volt::DrSettings settings;
        settings.cluster = index + 1;
        settings.role = role;
        settings.door = {"127.0.0.1", engine::sim::SimNetwork::portOf(index, 0), {}, {}};
        settings.address = settings.door.text();
        for (const int each : sources) {
            settings.sources.push_back({"127.0.0.1", engine::sim::SimNetwork::portOf(each - 1, 0), {}, {}});
        }
        settings.flushIntervalMs = 100;
        settings.bookFile = "dr/book.json";
        settings.conflictFile = "dr/conflicts.csv";
        hosts_.push_back(std::make_unique<DrHostSim>(events, network, index, settings, partitions,
                                                     seed_ * 97 + static_cast<std::uint64_t>(index)));
        return *hosts_.back();
    }
    DrHostSim& at(int cluster) { return *hosts_[static_cast<std::size_t>(cluster - 1)]; }
    [[nodiscard]] int count() const { return static_cast<int>(hosts_.size()); }

    void runMs(Millis ms) {
        const Micros until = events.nowUs() + ms * 1'000;
        while (events.nextUs() >= 0 && events.nextUs() <= until) events.runOne();
        events.passTo(until);
    }
    bool until(const std::function<bool()>& holds, Millis mostMs = 60'000) {
        const Micros end = events.nowUs() + mostMs * 1'000;
        while (!holds()) {
            if (events.nextUs() < 0 || events.nextUs() > end) return false;
            events.runOne();
        }
        return true;
    }
    engine::sim::SimEvents events;
    engine::sim::SimNetwork network;

private:
    std::uint64_t seed_;
    std::vector<std::unique_ptr<DrHostSim>> hosts_;
};

}  // namespace tributary::test
