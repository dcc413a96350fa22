// One simulated host: a disk, a clock, workers, a transport, and the very same Node as in production on top of them.
#pragma once

#include <memory>
#include <string>

#include "core/db/crashdisk.h"
#include "core/db/crashvfs.h"
#include "engine/node/node.h"
#include "engine/sim/simexecutor.h"
#include "engine/sim/simfileops.h"
#include "engine/sim/simnetwork.h"

namespace tributary::engine::sim {

/// What a simulated host is made of.
struct SimNodeOptions {
    NodeConfig config;
    std::size_t poolBytes = 64U << 20U;
    std::uint64_t seed = 1;
};

/// A host with its Node. The Node dies at any instant between two events (or in the middle of one, by a disk whose
/// power goes) and comes back from the disk alone: nothing else of it survives.
class SimNode {
public:
    SimNode(SimEvents& events, SimNetwork& network, int index, SimNodeOptions options);
    ~SimNode();
    SimNode(const SimNode&) = delete;
    SimNode& operator=(const SimNode&) = delete;

    /// Starts the Node on what the disk holds. Errors: as Node::start(); the host is down then.
    Status start();
    /// Power cut: what was not synced is lost or torn by `seed`; peers hear nothing before the host is back.
    void powerCut(std::uint64_t seed);
    /// Killed process: unsynced data survives in the page cache, the kernel closes the connections.
    void kill();

    [[nodiscard]] bool up() const { return node_ != nullptr; }
    [[nodiscard]] Node& node() { return *node_; }
    [[nodiscard]] int index() const { return index_; }
    [[nodiscard]] std::uint64_t lives() const { return lives_; }  ///< starts so far
    [[nodiscard]] CrashDisk& disk() { return disk_; }
    [[nodiscard]] SimClock& clock() { return clock_; }
    [[nodiscard]] SimWorkers& workers() { return workers_; }
    [[nodiscard]] FaultPoints& faults() { return faults_; }
    [[nodiscard]] MemoryPool& pool() { return pool_; }
    [[nodiscard]] NodeConfig& config() { return options_.config; }

    /// Errors of the disk on request; asked before each operation.
    void setDiskFaults(CrashDisk::FaultHook hook) { diskFaults_ = std::move(hook); }

private:
    void end();

    SimEvents& events_;
    SimNetwork& network_;
    int index_;
    SimNodeOptions options_;
    CrashDisk disk_;
    CrashVfs vfs_;
    SimFileOps files_;
    SimClock clock_;
    SimExecutor executor_;
    SimTimers timers_;
    SimWorkers workers_;
    SimRandom random_;
    std::unique_ptr<Transport> transport_;
    FaultPoints faults_;
    MemoryPool pool_;
    Seams seams_;
    CrashDisk::FaultHook diskFaults_;
    bool dying_ = false;
    std::uint64_t lives_ = 0;
    std::unique_ptr<Node> node_;
};

}  // namespace tributary::engine::sim
