// Starting and stopping clusters.
#include "engine/host/enginehost.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/exceptions.h"
#include "core/base/limits.h"
#include "engine/alarms/alarmboard.h"
#include "engine/node/administrators.h"
#include "engine/node/controlapi.h"
#include "engine/node/volumelife.h"
#include "engine/security/tlstransport.h"
#include "engine/storage/openfiles.h"

namespace tributary::engine {

namespace {

constexpr const char* kDoorThread = "/door";  // no cluster has a slash in its name
constexpr std::uint64_t kOpenFilesMin = 2;

/// A third of the descriptors is for state files; the others are for connections and logs.
std::size_t openFilesMost(std::uint64_t freeHandles) {
    const std::uint64_t fit = freeHandles / 3 / limits::kHandlesOfDataset;
    return std::clamp<std::uint64_t>(fit, kOpenFilesMin, limits::kOpenDatasetsMax);
}

}  // namespace

EngineHost::EngineHost(Options options) : options_(std::move(options)), pool_(options_.memoryBytes) {
    openFiles_ = std::make_shared<OpenFiles>(openFilesMost(realFiles_.freeHandles()));
    doorThread_ = std::make_unique<NodeThread>(kDoorThread, SharedSeams{workers_, realFiles_, {}});
}

EngineHost::~EngineHost() {
    doorThread_->run([this] { doors_.clear(); });
    doorThread_->stop();
    for (auto& [name, cluster] : clusters_) {
        if (cluster->frozen.owns_lock()) cluster->frozen.unlock();
        killNode(*cluster);
        if (cluster->thread != nullptr) cluster->thread->stop();
    }
}

Status EngineHost::start(NodeConfig config, ClusterNetwork network) {
    const std::lock_guard lock(mutex_);
    auto cluster = std::make_unique<Cluster>();
    const std::string name = config.cluster;
    if (clusters_.count(name) != 0)
        return Error{ErrorCode::Conflict, fmt::format("cluster {} runs already", name), {}, {}};
    cluster->config = std::move(config);
    cluster->network = std::move(network);
    cluster->config.openFiles = openFiles_;
    cluster->config.onShutdownRequested = options_.onShutdownRequested;
    if (options_.onAlarm) {
        cluster->config.onAlarm = [this, name](const Alarm& alarm, bool raised) {
            options_.onAlarm(name, alarm, raised);
        };
    }
    if (options_.onTrouble) {
        cluster->config.onTrouble = [this, name](const std::string& text) { options_.onTrouble(name, text); };
    }
    cluster->files = std::make_unique<FaultyFileOps>(realFiles_);
    cluster->vfs = std::make_unique<GateVfs>(
        *cluster->files, fmt::format("tributary-{}-{}", name, static_cast<const void*>(cluster->files.get())),
        fmt::format("{}{}", cluster->config.volumeDir, kStateFolder));
    cluster->thread =
        std::make_unique<NodeThread>(name, SharedSeams{workers_, *cluster->files, cluster->vfs->name(), true});
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
    if (!cluster.stopped.empty()) {
        cluster.thread->run([&] { cluster.thread->startAfresh(); });
        if (options_.onMended) options_.onMended(cluster.config.cluster);
        cluster.stopped.clear();
    }
    const auto make = [&]() -> Status {
        TlsTransport& secure = cluster.thread->secure();
        secure.setOnRefused({});
        if (cluster.config.tls != nullptr) secure.setSource(*cluster.config.tls);
        auto node = Node::start(cluster.thread->seams(), cluster.config, pool_);
        if (!node) return node.error();
        cluster.node = std::move(node).value();
        // The ports that the system chose stay this cluster's while the host lives.
        const auto gateways = cluster.node->gateways().list();
        for (std::size_t i = 0; i < gateways.size(); ++i) cluster.config.gateways[i].listen = gateways[i].endpoint;
        const auto control = cluster.node->controlEndpoints();
        for (std::size_t i = 0; i < control.size(); ++i) cluster.config.control[i] = control[i];
        applyNetwork(cluster);
        secure.setOnRefused([&cluster](const Endpoint& at, const Error& why) { raiseRefused(cluster, at, why); });
        return okStatus();
    };
    return cluster.thread->run([&] { return orError(make); });
}

/// On the cluster's thread.
void EngineHost::raiseRefused(Cluster& cluster, const Endpoint& at, const Error& why) {
    if (cluster.node == nullptr) return;
    const Millis nowMs = cluster.thread->seams().clock.wallMs();
    cluster.node->alarms().raise(std::string(kAlarmCertificateRefused), at.text(), why.what, nowMs);
}

void EngineHost::breakOff(const std::string& cluster, const std::string& reason) {
    if (options_.onTrouble) options_.onTrouble(cluster, reason);
    if (cluster == kDoorThread) {
        // It holds sessions of clients only, and stands between them and every other cluster: it goes on.
        doorThread_->startAfresh();
        if (options_.onMended) options_.onMended(cluster);
        return;
    }
    // Not here: whoever waits for the cluster's thread may hold the lock.
    doorThread_->seams().executor.post([this, cluster, reason] { stopBroken(cluster, reason); });
}

void EngineHost::stopBroken(const std::string& name, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    const auto at = clusters_.find(name);
    if (at == clusters_.end() || at->second->node == nullptr) return;
    Cluster& cluster = *at->second;
    cluster.thread->setAside();
    if (cluster.frozen.owns_lock()) cluster.frozen.unlock();
    killNode(cluster);
    cluster.stopped = reason;
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
    for (auto& [name, cluster] : clusters_) {
        const Status stopped = stopNode(*cluster);
        if (!stopped && first) first = stopped;
    }
    return first;
}

Status EngineHost::stopNode(Cluster& cluster) {
    if (cluster.frozen.owns_lock()) cluster.frozen.unlock();
    if (cluster.node == nullptr) return okStatus();
    cluster.thread->run([&] { cluster.node->prepareStop(); });
    // The answers of the workers are handled first, then the node stops. Under load each answer may send the next group
    // on its way.
    const auto isWriting = [&] {
        const CommitLog& log = cluster.node->log();
        return !log.failure() && log.headLsn() > log.durableLsn();
    };
    do {
        cluster.thread->settleWorkers(RealWorkers::Pending::Finish);
    } while (cluster.thread->run(isWriting));
    const Status stopped = cluster.thread->run([&]() -> Status { return cluster.node->stopCleanly(); });
    killNode(cluster);
    return stopped;
}

Status EngineHost::stop(const std::string& name) {
    std::unique_ptr<Cluster> cluster;
    {
        const std::lock_guard lock(mutex_);
        const auto found = clusters_.find(name);
        if (found == clusters_.end())
            return Error{ErrorCode::NotFound, fmt::format("no cluster {} runs in this process", name), {}, {}};
        cluster = std::move(found->second);
        clusters_.erase(found);
    }
    // Without the lock: the doors of the other clusters answer meanwhile. Nobody finds this cluster any more.
    const Status stopped = stopNode(*cluster);
    cluster->thread->stop();
    if (doorThread_ != nullptr) doorThread_->run([this, &name] { doors_.erase(name); });
    return stopped;
}

HostedCluster EngineHost::describe(Cluster& cluster) {
    HostedCluster out;
    out.name = cluster.config.cluster;
    out.running = cluster.node != nullptr;
    out.stopped = cluster.stopped;
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
    Bytes key;
    {
        const std::lock_guard lock(mutex_);
        const auto at = clusters_.find(cluster);
        if (at != clusters_.end()) key = at->second->config.key;
    }
    // Without the lock: that thread may be answering at the door of another cluster, and the answer waits for the lock.
    return doorThread_->run([&]() -> Status {
        auto server = std::make_unique<RequestServer>(
            doorThread_->seams(),
            RequestServer::Config{cluster, key, {}, fmt::format("the host of cluster {}", cluster), {endpoint}},
            [this, cluster](const RequestServer::Incoming& incoming) { answerDoor(cluster, incoming); });
        if (Status started = server->startAll(); !started) return started;
        doors_[cluster] = std::move(server);
        return okStatus();
    });
}

Status EngineHost::mayFault(const std::string& cluster, const std::string& user, const Json& request) {
    if (request.is_object() && request.contains("what") && request["what"] == "list") return okStatus();
    const std::lock_guard lock(mutex_);
    const auto at = clusters_.find(cluster);
    return at == clusters_.end() ? okStatus() : requireAdministrator(at->second->config, user, "make or clear faults");
}

void EngineHost::answerShutdown(const std::string& cluster, const RequestServer::Incoming& incoming) {
    const Json request = Json::parse(incoming.body, nullptr, false);
    const bool alone = request.is_object() && request.contains("alone") && request["alone"] == true;
    Json stopping = Json::array();
    for (const HostedCluster& hosted : clusters()) {
        if (!alone || hosted.name == cluster) stopping.push_back(hosted.name);
    }
    const bool last = alone && clusters().size() <= 1;
    if (alone && !last ? !options_.onStopRequested : !options_.onShutdownRequested) {
        incoming.reply(Error{ErrorCode::Conflict,
                             fmt::format("the process that runs cluster {} does so for itself", cluster),
                             {},
                             "end that process, or what it does, first"});
        return;
    }
    incoming.reply(Json{{"stopping", stopping}}.dump());
    if (alone && !last) {
        options_.onStopRequested(cluster);
    } else {
        options_.onShutdownRequested();
    }
}

void EngineHost::answerDoor(const std::string& cluster, const RequestServer::Incoming& incoming) {
    switch (Method{incoming.method}) {
        case Method::Faults: {
            const Json request = Json::parse(incoming.body, nullptr, false);
            if (Status allowed = mayFault(cluster, incoming.user, request); !allowed) {
                incoming.reply(allowed.error());
                return;
            }
            auto done = request.is_object() ? fault(cluster, request)
                                            : Result<Json>(Error{ErrorCode::InvalidInput, "malformed request", {}, {}});
            if (done) {
                incoming.reply(done.value().dump());
            } else {
                incoming.reply(done.error());
            }
            return;
        }
        case Method::Shutdown: answerShutdown(cluster, incoming); return;
        case Method::NodeStatus: {
            Json json{{"clusters", Json::array()}};
            for (const HostedCluster& hosted : clusters()) {
                json["clusters"].push_back(
                    Json{{"name", hosted.name}, {"running", hosted.running}, {"frozen", hosted.frozen}});
                if (!hosted.stopped.empty()) json["clusters"].back()["stopped"] = hosted.stopped;
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
