// Starting and stopping clusters.
#include "engine/host/enginehost.h"

#include <fmt/format.h>

#include "engine/node/controlapi.h"

namespace tributary::engine {

EngineHost::EngineHost(Options options) : options_(std::move(options)), pool_(options_.memoryBytes) {}

EngineHost::~EngineHost() {
    if (doorThread_ != nullptr) {
        doorThread_->run([this] { doors_.clear(); });
        doorThread_->stop();
    }
    for (auto& [name, cluster] : clusters_) {
        if (cluster->frozen.owns_lock()) cluster->frozen.unlock();
        killNode(*cluster);
        if (cluster->thread != nullptr) cluster->thread->stop();
    }
}

Status EngineHost::start(NodeConfig config) {
    const std::lock_guard lock(mutex_);
    auto cluster = std::make_unique<Cluster>();
    const std::string name = config.cluster;
    if (clusters_.count(name) != 0)
        return Error{ErrorCode::Conflict, fmt::format("cluster {} runs already", name), {}, {}};
    cluster->config = std::move(config);
    cluster->config.secret = options_.secret;
    cluster->config.onShutdownRequested = options_.onShutdownRequested;
    if (options_.onAlarm) {
        cluster->config.onAlarm = [this, name](const Alarm& alarm, bool raised) {
            options_.onAlarm(name, alarm, raised);
        };
    }
    cluster->files = std::make_unique<FaultyFileOps>(realFiles_);
    cluster->thread = std::make_unique<NodeThread>(name, SharedSeams{workers_, *cluster->files, {}});
    Cluster* raw = cluster.get();
    // Inside the cluster: only to list; changes come through the door, which does not depend on the node.
    cluster->config.faults = [this, raw](const Json& request) -> Result<Json> {
        if (request.value("what", "") != "list") {
            return Error{ErrorCode::Unsupported, "faults are set at the host's door", {}, "tributary fault list"};
        }
        return Json{{"faults", faultsOf(*raw)}};
    };
    if (Status started = startNode(*raw); !started) {
        raw->thread->stop();
        return started;
    }
    clusters_[name] = std::move(cluster);
    if (options_.onEndpoints) options_.onEndpoints(describe(*raw));
    return okStatus();
}

Status EngineHost::startNode(Cluster& cluster) {
    return cluster.thread->run([&]() -> Status {
        auto node = Node::start(cluster.thread->seams(), cluster.config, pool_);
        if (!node) return node.error();
        cluster.node = std::move(node).value();
        // The ports that the system chose stay this cluster's while the host lives.
        const auto gateways = cluster.node->gateways().list();
        for (std::size_t i = 0; i < gateways.size(); ++i) cluster.config.gateways[i].listen = gateways[i].endpoint;
        const auto control = cluster.node->controlEndpoints();
        for (std::size_t i = 0; i < control.size(); ++i) cluster.config.control[i] = control[i];
        for (const auto& [peer, rule] : cluster.rules) cluster.thread->network().setRule(peer, rule);
        return okStatus();
    });
}

void EngineHost::killNode(Cluster& cluster) {
    if (cluster.node == nullptr) return;
    // As kill -9 would: what was written to files stays, nothing more is written. Worker tasks in flight must end
    // first, because they use the node's files.
    cluster.thread->settleWorkers(RealWorkers::Pending::Drop);
    cluster.thread->run([&] { cluster.node.reset(); });
}

Status EngineHost::stopAll() {
    const std::lock_guard lock(mutex_);
    Status first;
    for (auto& entry : clusters_) {
        auto& cluster = entry.second;  // clang 14 captures no structured binding
        if (cluster->frozen.owns_lock()) cluster->frozen.unlock();
        if (cluster->node == nullptr) continue;
        cluster->thread->run([&] { cluster->node->prepareStop(); });
        cluster->thread->settleWorkers(RealWorkers::Pending::Finish);
        // The answers of the workers are handled first, then the node stops.
        const Status stopped = cluster->thread->run([&]() -> Status { return cluster->node->stopCleanly(); });
        if (!stopped && first) first = stopped;
        killNode(*cluster);
    }
    return first;
}

HostedCluster EngineHost::describe(Cluster& cluster) {
    HostedCluster out;
    out.name = cluster.config.cluster;
    out.running = cluster.node != nullptr;
    out.frozen = cluster.frozen.owns_lock();
    for (const GatewayConfig& gateway : cluster.config.gateways) {
        out.gateways.push_back(GatewayStatus{gateway.name, gateway.listen, out.running});
    }
    out.control = cluster.config.control;
    return out;
}

std::vector<HostedCluster> EngineHost::clusters() {
    const std::lock_guard lock(mutex_);
    std::vector<HostedCluster> out;
    for (auto& [name, cluster] : clusters_) out.push_back(describe(*cluster));
    return out;
}

Status EngineHost::openDoor(const std::string& cluster, const Endpoint& endpoint) {
    {
        const std::lock_guard lock(mutex_);
        if (doorThread_ == nullptr)
            doorThread_ = std::make_unique<NodeThread>("host", SharedSeams{workers_, realFiles_, {}});
    }
    // Without the lock: that thread may be answering at the door of another cluster, and the answer waits for the lock.
    return doorThread_->run([&]() -> Status {
        auto server = std::make_unique<RequestServer>(
            doorThread_->seams(),
            RequestServer::Config{options_.secret, {}, fmt::format("the host of cluster {}", cluster), {endpoint}},
            [this, cluster](const RequestServer::Incoming& incoming) { answerDoor(cluster, incoming); });
        if (Status started = server->startAll(); !started) return started;
        doors_[cluster] = std::move(server);
        return okStatus();
    });
}

void EngineHost::answerDoor(const std::string& cluster, const RequestServer::Incoming& incoming) {
    switch (static_cast<Method>(incoming.method)) {
        case Method::Faults: {
            const Json request = Json::parse(incoming.body, nullptr, false);
            auto done = request.is_object() ? fault(cluster, request)
                                            : Result<Json>(Error{ErrorCode::InvalidInput, "malformed request", {}, {}});
            if (done) {
                incoming.reply(done.value().dump());
            } else {
                incoming.reply(done.error());
            }
            return;
        }
        case Method::Shutdown:
            incoming.reply(Bytes("{}"));
            if (options_.onShutdownRequested) options_.onShutdownRequested();
            return;
        case Method::NodeStatus: {
            Json json{{"clusters", Json::array()}};
            for (const HostedCluster& hosted : clusters()) {
                json["clusters"].push_back(
                    Json{{"name", hosted.name}, {"running", hosted.running}, {"frozen", hosted.frozen}});
            }
            incoming.reply(json.dump());
            return;
        }
        default:
            incoming.reply(
                Error{ErrorCode::Unsupported, "the host's door answers faults, status and shutdown only", {}, {}});
    }
}

}  // namespace tributary::engine
