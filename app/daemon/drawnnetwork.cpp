// Wan lines into rules of a transport.
#include "app/daemon/drawnnetwork.h"

#include "core/topology/measures.h"

namespace tributary::app {
namespace {

using engine::ClusterNetwork;
using engine::EgressRule;
using engine::Json;

constexpr Millis kDoorTimeoutMs = 5'000;

}  // namespace

ClusterNetwork drawnNetwork(const Topology& topology, const std::string& cluster, WanUse use) {
    ClusterNetwork network;
    network.leftOut = use == WanUse::LeftOut;
    if (network.leftOut) return network;
    for (const Wan& line : topology.wan) {
        if (line.a == line.b || (line.a != cluster && line.b != cluster)) continue;
        const Cluster* from = topology.cluster(line.a);
        const Cluster* to = topology.cluster(line.b);
        // Nothing passes between clusters of two systems: a rule would say that it is delayed.
        if (from != nullptr && to != nullptr && from->system != to->system) continue;
        EgressRule rule;
        rule.delayMs = line.latencyUs / 1000;
        rule.bytesPerSecond = line.bandwidthBytesPerSecond;
        network.rules.try_emplace(line.a == cluster ? line.b : line.a, rule);
    }
    std::erase_if(network.rules, [](const auto& line) { return line.second.harmless(); });
    return network;
}

Status sendNetwork(engine::ControlClient& door, const ClusterNetwork& network) {
    Json request{{"what", "network"}, {"leftout", network.leftOut}, {"rules", Json::array()}};
    for (const auto& [to, rule] : network.rules) {
        request["rules"].push_back(Json{{"to", to}, {"ms", rule.delayMs}, {"bytes", rule.bytesPerSecond}});
    }
    const auto done = door.callJson(engine::Method::Faults, request, kDoorTimeoutMs);
    if (!done) return done.error();
    return okStatus();
}

Result<ClusterNetwork> networkAtDoor(engine::ControlClient& door) {
    const auto answer = door.callJson(engine::Method::Faults, Json{{"what", "list"}}, kDoorTimeoutMs);
    if (!answer) return answer.error();
    return networkFromJson(answer.value());
}

Result<ClusterNetwork> networkFromJson(const Json& answer) try {
    const Json& told = answer.at("network");
    ClusterNetwork network;
    network.leftOut = told.at("leftout");
    for (const Json& line : told.at("rules")) {
        EgressRule rule;
        rule.delayMs = line.at("ms");
        rule.bytesPerSecond = line.at("bytes");
        network.rules[line.at("to").get<std::string>()] = rule;
    }
    return network;
} catch (const nlohmann::json::exception&) {
    return Error{ErrorCode::Corrupt, "the door does not tell the network in force", {}, "tributary down, tributary up"};
}

std::string networkText(const EgressRule& rule) {
    std::string out = rule.delayMs > 0 ? formatDuration(rule.delayMs * 1000) : std::string();
    if (rule.bytesPerSecond > 0) out += (out.empty() ? "" : ", ") + formatBandwidth(rule.bytesPerSecond);
    return out.empty() ? "none" : out;
}

}  // namespace tributary::app
