// Many clusters in one process: a thread and a node each, shared workers and memory, faults, and a door for the host.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/machine/faultyfileops.h"
#include "engine/machine/realfileops.h"
#include "engine/net/nodethread.h"
#include "engine/node/node.h"
#include "engine/wire/requestserver.h"

namespace tributary::engine {

using EgressRules = std::map<std::string, EgressRule>;  ///< by the name of the other cluster

/// What lies under the faults on the way from one cluster to the others.
struct ClusterNetwork {
    EgressRules rules;
    bool leftOut = false;  ///< somebody wanted none, whatever is drawn; only told, the rules count
    friend bool operator==(const ClusterNetwork&, const ClusterNetwork&) = default;
};

/// One cluster as its owner sees it.
struct HostedCluster {
    std::string name;
    bool running = false;  ///< false after `fault kill`, and when it was stopped
    std::string stopped;   ///< why it was stopped by its host; empty otherwise
    bool frozen = false;
    std::vector<GatewayStatus> gateways;
    std::vector<Endpoint> control;
};

/// The engines of a process. Thread-safe unless said otherwise; calls block until the cluster's thread has acted. The
/// process needs a QCoreApplication.
class EngineHost {
public:
    struct Options {
        std::size_t memoryBytes = MemoryPool::kDefaultBytes;
        /// Somebody asked at a door that all clusters stop. Any thread. Empty: the owner stops them when it likes.
        std::function<void()> onShutdownRequested;
        /// Somebody asked at a door that one of several clusters stops. Any thread. Empty: none of them stops alone.
        std::function<void(const std::string& cluster)> onStopRequested;
        /// Called (any thread) when a cluster's endpoints changed: the owner records the ports.
        std::function<void(const HostedCluster&)> onEndpoints;
        /// An alarm of a cluster was raised or cleared. Called on the cluster's thread; must not block.
        std::function<void(const std::string& cluster, const Alarm& alarm, bool raised)> onAlarm;
        /// A sentence for the log of the process: what a cluster could not do. Called on any thread; must not block.
        std::function<void(const std::string& cluster, const std::string& text)> onTrouble;
        /// A cluster whose thread broke is about to start again: GuardedApplication::mend(). Any thread.
        std::function<void(const std::string& cluster)> onMended;
    };
    explicit EngineHost(Options options);
    ~EngineHost();
    EngineHost(const EngineHost&) = delete;
    EngineHost& operator=(const EngineHost&) = delete;

    /// Starts a cluster with its network to the others. Errors: those of Node::start.
    Status start(NodeConfig config, ClusterNetwork network = {});
    /// Opens the host's own door at `endpoint` for one cluster: it answers when the cluster itself is killed or frozen.
    Status openDoor(const std::string& cluster, const Endpoint& endpoint);
    /// Stops one cluster cleanly, closes its door and forgets it. Blocks; never from a door's thread. NotFound.
    Status stop(const std::string& cluster);
    /// Stops every cluster cleanly. The first error is returned, all are stopped.
    Status stopAll();
    [[nodiscard]] std::vector<HostedCluster> clusters();
    /// Something on the cluster's thread failed in a way that nobody handled: the cluster is stopped as kill -9 would
    /// and shows `reason`; the others go on. Any thread; does not block. Unknown names (the host's own thread) are told
    /// only.
    void breakOff(const std::string& cluster, const std::string& reason);
    /// Carries out a fault request (controlapi.h, Faults) for a cluster of this host and answers the active faults.
    Result<Json> fault(const std::string& cluster, const Json& request);

private:
    struct Cluster {
        NodeConfig config;
        std::unique_ptr<FaultyFileOps> files;
        std::unique_ptr<GateVfs> vfs;  // the same faults for databases
        std::unique_ptr<NodeThread> thread;
        std::string stopped;                  // why the host stopped it
        std::unique_ptr<Node> node;           // made, used and destroyed on `thread`
        std::shared_ptr<std::mutex> freezer;  // held while frozen: the thread waits on it
        std::unique_lock<std::mutex> frozen;
        EgressRules rules;       // of faults; guarded by rulesMutex where the cluster's own thread looks
        ClusterNetwork network;  // under them; guarded likewise
        mutable std::mutex rulesMutex;
    };
    Status startNode(Cluster& cluster);
    static void raiseRefused(Cluster& cluster, const Endpoint& at, const Error& why);
    Status stopNode(Cluster& cluster);
    void answerShutdown(const std::string& cluster, const RequestServer::Incoming& incoming);
    void stopBroken(const std::string& name, const std::string& reason);
    void killNode(Cluster& cluster);
    HostedCluster describe(Cluster& cluster);
    Result<Json> networkFault(Cluster& cluster, const Json& request);
    Result<Json> lifeFault(Cluster& cluster, const std::string& what);
    Result<Json> diskFault(Cluster& cluster, const Json& request);
    Result<Json> drawnNetwork(Cluster& cluster, const Json& request);
    Json faultsOf(const Cluster& cluster) const;
    Json networkOf(const Cluster& cluster) const;
    void applyNetwork(Cluster& cluster);
    void setRule(Cluster& cluster, const std::string& peer, const EgressRule& rule);
    Status mayFault(const std::string& cluster, const std::string& user, const Json& request);
    void answerDoor(const std::string& cluster, const RequestServer::Incoming& incoming);

    Options options_;
    RealFileOps realFiles_;
    RealWorkers workers_{RealWorkers::Pending::Drop};
    MemoryPool pool_;
    std::shared_ptr<OpenFiles> openFiles_;
    std::recursive_mutex mutex_;  // recursive: a fault request may come from a cluster's own thread via the door
    std::map<std::string, std::unique_ptr<Cluster>> clusters_;
    std::unique_ptr<NodeThread> doorThread_;
    std::map<std::string, std::unique_ptr<RequestServer>> doors_;  // on doorThread_
};

}  // namespace tributary::engine
