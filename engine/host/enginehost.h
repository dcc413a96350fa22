// Many clusters in one process: a thread and a node each, shared workers and memory, faults, and a door for the host.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/host/faultyfileops.h"
#include "engine/host/realfileops.h"
#include "engine/net/nodethread.h"
#include "engine/node/node.h"
#include "engine/node/requestserver.h"

namespace tributary::engine {

/// One cluster as its owner sees it.
struct HostedCluster {
    std::string name;
    bool running = false;  ///< false after `fault kill`
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
        Bytes secret;
        std::function<void()> onShutdownRequested;  ///< any thread
        /// Called (any thread) when a cluster's endpoints changed: the owner records the ports.
        std::function<void(const HostedCluster&)> onEndpoints;
        /// An alarm of a cluster was raised or cleared. Called on the cluster's thread; must not block.
        std::function<void(const std::string& cluster, const Alarm& alarm, bool raised)> onAlarm;
    };
    explicit EngineHost(Options options);
    ~EngineHost();
    EngineHost(const EngineHost&) = delete;
    EngineHost& operator=(const EngineHost&) = delete;

    /// Starts a cluster. Errors: those of Node::start.
    Status start(NodeConfig config);
    /// Opens the host's own door at `endpoint` for one cluster: it answers when the cluster itself is killed or frozen.
    Status openDoor(const std::string& cluster, const Endpoint& endpoint);
    /// Stops every cluster cleanly. The first error is returned, all are stopped.
    Status stopAll();
    [[nodiscard]] std::vector<HostedCluster> clusters();
    /// Carries out a fault request (controlapi.h, Faults) for a cluster of this host and answers the active faults.
    Result<Json> fault(const std::string& cluster, const Json& request);

private:
    struct Cluster {
        NodeConfig config;
        std::unique_ptr<FaultyFileOps> files;
        std::unique_ptr<NodeThread> thread;
        std::unique_ptr<Node> node;           // made, used and destroyed on `thread`
        std::shared_ptr<std::mutex> freezer;  // held while frozen: the thread waits on it
        std::unique_lock<std::mutex> frozen;
        std::map<std::string, EgressRule> rules;  // guarded by rulesMutex where the cluster's own thread looks
        mutable std::mutex rulesMutex;
    };
    Status startNode(Cluster& cluster);
    void killNode(Cluster& cluster);
    HostedCluster describe(Cluster& cluster);
    Result<Json> networkFault(Cluster& cluster, const Json& request);
    Result<Json> lifeFault(Cluster& cluster, const std::string& what);
    Result<Json> diskFault(Cluster& cluster, const Json& request);
    Json faultsOf(const Cluster& cluster) const;
    void setRule(Cluster& cluster, const std::string& peer, const EgressRule& rule);
    void answerDoor(const std::string& cluster, const RequestServer::Incoming& incoming);

    Options options_;
    RealFileOps realFiles_;
    RealWorkers workers_{RealWorkers::Pending::Drop};
    MemoryPool pool_;
    std::recursive_mutex mutex_;  // recursive: a fault request may come from a cluster's own thread via the door
    std::map<std::string, std::unique_ptr<Cluster>> clusters_;
    std::unique_ptr<NodeThread> doorThread_;
    std::map<std::string, std::unique_ptr<RequestServer>> doors_;  // on doorThread_
};

}  // namespace tributary::engine
