// Faults as an operator injects them: the network by peer, the life of a cluster, its disk.
#include <fmt/format.h>

#include "engine/host/enginehost.h"

namespace tributary::engine {

Result<Json> EngineHost::fault(const std::string& name, const Json& request) try {
    const std::lock_guard lock(mutex_);
    const auto at = clusters_.find(name);
    if (at == clusters_.end()) {
        return Error{
            ErrorCode::NotFound, fmt::format("cluster {} is not of this process", name), {}, "tributary status"};
    }
    Cluster& cluster = *at->second;
    const std::string what = request.at("what");
    if (what == "list") return Json{{"faults", faultsOf(cluster)}, {"network", networkOf(cluster)}};
    if (what == "network") return drawnNetwork(cluster, request);
    if (what == "disk") return diskFault(cluster, request);
    if (what == "kill" || what == "freeze" || what == "thaw" || what == "start") return lifeFault(cluster, what);
    if (what == "clear") {
        if (cluster.frozen.owns_lock()) cluster.frozen.unlock();
        cluster.files->heal();
        while (!cluster.rules.empty()) {
            const std::string peer = cluster.rules.begin()->first;
            setRule(cluster, peer, EgressRule{});
        }
        if (cluster.node == nullptr) {
            if (Status started = startNode(cluster); !started) return started.error();
            if (options_.onEndpoints) options_.onEndpoints(describe(cluster));
        }
        return Json{{"faults", faultsOf(cluster)}};
    }
    return networkFault(cluster, request);
} catch (const nlohmann::json::exception& problem) {
    return Error{ErrorCode::InvalidInput, fmt::format("malformed fault request: {}", problem.what()), {}, {}};
}

Result<Json> EngineHost::networkFault(Cluster& cluster, const Json& request) {
    const std::string what = request.at("what");
    const std::string peer = request.at("peer");
    EgressRule rule = cluster.rules.count(peer) != 0 ? cluster.rules.at(peer) : EgressRule{};
    if (what == "cut") {
        rule.cut = true;
    } else if (what == "delay") {
        rule.delayMs = request.at("ms");
    } else if (what == "bandwidth") {
        rule.bytesPerSecond = request.at("bytes");
    } else if (what == "heal") {
        rule = EgressRule{};
    } else {
        return Error{ErrorCode::InvalidInput, fmt::format("unknown fault {}", what), {}, "tributary fault --help"};
    }
    setRule(cluster, peer, rule);
    return Json{{"faults", faultsOf(cluster)}};
}

void EngineHost::setRule(Cluster& cluster, const std::string& peer, const EgressRule& rule) {
    {
        const std::lock_guard lock(cluster.rulesMutex);
        if (rule.harmless()) {
            cluster.rules.erase(peer);
        } else {
            cluster.rules[peer] = rule;
        }
    }
    if (!cluster.frozen.owns_lock()) cluster.thread->run([&] { applyNetwork(cluster); });
}

/// What the transport does is made of the faults and of the network under them. On the cluster's thread.
void EngineHost::applyNetwork(Cluster& cluster) {
    const std::lock_guard lock(cluster.rulesMutex);
    EgressRules wanted = cluster.network.rules;
    for (const auto& [peer, fault] : cluster.rules) wanted[peer] = above(fault, wanted[peer]);
    FaultyTransport& transport = cluster.thread->network();
    for (const PeerRule& now : transport.list()) wanted.try_emplace(now.peer);  // harmless: removes it
    for (const PeerRule& now : transport.list()) {
        if (wanted.at(now.peer) == now.rule) wanted.erase(now.peer);
    }
    for (const auto& [peer, rule] : wanted) transport.setRule(peer, rule);
}

Result<Json> EngineHost::drawnNetwork(Cluster& cluster, const Json& request) {
    ClusterNetwork network;
    network.leftOut = request.value("leftout", false);
    for (const Json& line : request.at("rules")) {
        EgressRule rule;
        rule.delayMs = line.at("ms");
        rule.bytesPerSecond = line.at("bytes");
        if (!rule.harmless()) network.rules[line.at("to").get<std::string>()] = rule;
    }
    {
        const std::lock_guard lock(cluster.rulesMutex);
        cluster.network = std::move(network);
    }
    if (!cluster.frozen.owns_lock()) cluster.thread->run([&] { applyNetwork(cluster); });
    return Json{{"faults", faultsOf(cluster)}, {"network", networkOf(cluster)}};
}

Json EngineHost::networkOf(const Cluster& cluster) const {
    Json list = Json::array();
    const std::lock_guard lock(cluster.rulesMutex);
    for (const auto& [peer, rule] : cluster.network.rules) {
        list.push_back(Json{{"to", peer}, {"ms", rule.delayMs}, {"bytes", rule.bytesPerSecond}});
    }
    return Json{{"leftout", cluster.network.leftOut}, {"rules", list}};
}

Result<Json> EngineHost::lifeFault(Cluster& cluster, const std::string& what) {
    if (what == "kill") {
        if (cluster.frozen.owns_lock()) cluster.frozen.unlock();
        killNode(cluster);
    } else if (what == "start") {
        if (cluster.node == nullptr) {
            if (Status started = startNode(cluster); !started) return started.error();
            if (options_.onEndpoints) options_.onEndpoints(describe(cluster));
        }
    } else if (what == "freeze") {
        if (!cluster.frozen.owns_lock() && cluster.node != nullptr) {
            cluster.freezer = std::make_shared<std::mutex>();
            cluster.frozen = std::unique_lock(*cluster.freezer);
            // The cluster's thread stands still, with everything it holds, until the lock is released.
            cluster.thread->seams().executor.post(
                [freezer = cluster.freezer] { const std::lock_guard wait(*freezer); });
        }
    } else if (cluster.frozen.owns_lock()) {
        cluster.frozen.unlock();
        cluster.thread->run([&] { applyNetwork(cluster); });
    }
    return Json{{"faults", faultsOf(cluster)}};
}

Result<Json> EngineHost::diskFault(Cluster& cluster, const Json& request) {
    const std::string mode = request.at("mode");
    if (mode == "full") {
        cluster.files->makeFull();
    } else if (mode == "slow") {
        cluster.files->makeSlow(request.value("ms", Millis{50}));
    } else if (mode == "ok") {
        cluster.files->heal();
    } else {
        return Error{ErrorCode::InvalidInput, fmt::format("unknown disk mode {}", mode), {}, "full, slow or ok"};
    }
    return Json{{"faults", faultsOf(cluster)}};
}

Json EngineHost::faultsOf(const Cluster& cluster) const {
    Json list = Json::array();
    const std::string& name = cluster.config.cluster;
    const std::lock_guard lock(cluster.rulesMutex);
    for (const auto& [peer, rule] : cluster.rules) {
        if (rule.cut) list.push_back(Json{{"what", "cut"}, {"from", name}, {"to", peer}});
        if (rule.delayMs != 0)
            list.push_back(Json{{"what", "delay"}, {"from", name}, {"to", peer}, {"ms", rule.delayMs}});
        if (rule.bytesPerSecond != 0) {
            list.push_back(Json{{"what", "bandwidth"}, {"from", name}, {"to", peer}, {"bytes", rule.bytesPerSecond}});
        }
    }
    if (cluster.node == nullptr && cluster.thread != nullptr && cluster.stopped.empty())
        list.push_back(Json{{"what", "kill"}, {"cluster", name}});
    if (cluster.frozen.owns_lock()) list.push_back(Json{{"what", "freeze"}, {"cluster", name}});
    const auto disk = cluster.files->state();
    if (disk.disk == FaultyFileOps::Disk::Full) list.push_back(Json{{"what", "disk full"}, {"cluster", name}});
    if (disk.disk == FaultyFileOps::Disk::Slow) {
        list.push_back(Json{{"what", "disk slow"}, {"cluster", name}, {"ms", disk.syncDelayMs}});
    }
    return list;
}

}  // namespace tributary::engine
