// Requests about faults to the doors of a workspace's clusters.
#include "app/observe/faultcalls.h"

#include <fmt/format.h>

#include "app/systems/membersystem.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "engine/admin/tableadmincalls.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::flagOf;
using engine::maprdb::numberOf;
using engine::maprdb::textOf;

constexpr Millis kFaultTimeoutMs = 5'000;
constexpr Millis kRestartTimeoutMs = 60'000;  // a killed cluster replays its log first

FaultRow faultOf(const Json& json, const std::string& cluster) {
    FaultRow row;
    row.what = textOf(json, "what");
    row.cluster = json.contains("from") ? textOf(json, "from") : cluster;
    row.to = textOf(json, "to");
    row.value = json.contains("bytes") ? numberOf(json, "bytes") : numberOf(json, "ms");
    const std::string way = fmt::format("{} -> {}", row.cluster, row.to);
    if (row.what == "cut") {
        row.text = "cut        " + way;
    } else if (row.what == "delay") {
        row.text = fmt::format("delay      {} by {}", way, humanDuration(row.value));
    } else if (row.what == "bandwidth") {
        row.text = fmt::format("bandwidth  {} at {}/s", way, humanBytes(static_cast<std::uint64_t>(row.value)));
    } else if (row.what == "kill") {
        row.text = fmt::format("killed     {}", row.cluster);
    } else if (row.what == "freeze") {
        row.text = fmt::format("frozen     {}", row.cluster);
    } else if (row.what == "disk slow") {
        row.text = fmt::format("disk slow  {}, {} for each sync", row.cluster, humanDuration(row.value));
    } else {
        row.text = fmt::format("{:<10} {}", row.what, row.cluster);
    }
    return row;
}

// The gateways of a running cluster that do not listen.
Result<std::vector<std::string>> stoppedGateways(Session& session, const std::string& cluster) {
    auto client = session.directory().client(cluster);
    if (!client) return client.error();
    const auto info = client.value()->callJson(Method::GatewayInfo, Json::object(), kFaultTimeoutMs);
    if (!info) return info.error();
    std::vector<std::string> names;
    for (const Json& gateway : info->value("local", Json::array())) {
        if (!flagOf(gateway, "running")) names.push_back(textOf(gateway, "name"));
    }
    return names;
}

bool nodeAnswers(const std::vector<FaultRow>& faults) {
    for (const FaultRow& fault : faults) {
        if (fault.what == "kill" || fault.what == "freeze") return false;
    }
    return true;
}

bool isDown(const Error& error) {
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::Unavailable;
}

}  // namespace

nlohmann::ordered_json FaultRow::json() const {
    nlohmann::ordered_json out{{"what", what}, {"cluster", cluster}};
    if (what == "gateway stopped") {
        out["gateway"] = to;
    } else if (!to.empty()) {
        out["to"] = to;
    }
    if (what == "bandwidth") out["bytesPerSecond"] = value;
    if (what == "delay" || what == "disk slow") out["ms"] = value;
    return out;
}

FaultRow stoppedGateway(const std::string& cluster, const std::string& gateway) {
    return {"gateway stopped", cluster, gateway, 0, fmt::format("stopped    gateway {} of {}", gateway, cluster)};
}

Result<DoorFaults> askFaults(engine::ControlClient& door, const std::string& cluster) {
    const auto answer = door.callJson(Method::Faults, Json{{"what", "list"}}, kFaultTimeoutMs);
    if (!answer) return answer.error();
    DoorFaults told;
    for (const Json& fault : answer->value("faults", Json::array())) told.faults.push_back(faultOf(fault, cluster));
    if (auto network = networkFromJson(*answer)) told.network = std::move(*network);
    return told;
}

Result<std::vector<FaultRow>> faultsAtDoor(engine::ControlClient& door, const std::string& cluster) {
    auto told = askFaults(door, cluster);
    if (!told) return told.error();
    return std::move(told->faults);
}

FaultList listFaults(Session& session) {
    FaultList list;
    for (const Cluster& cluster : session.topology().clusters) {
        if (memberSystem(cluster.system) != nullptr) {
            list.ofMembers.push_back(cluster.name);
            continue;
        }
        auto door = session.directory().door(cluster.name);
        if (!door) {
            if (isDown(door.error())) {
                list.down.push_back(cluster.name);
            } else {
                list.unknown.push_back(fmt::format("{}: {}", cluster.name, door.error().text()));
            }
            continue;
        }
        const auto faults = faultsAtDoor(*door.value(), cluster.name);
        if (!faults) {
            list.unknown.push_back(fmt::format("{}: {}", cluster.name, faults.error().text()));
            continue;
        }
        list.faults.insert(list.faults.end(), faults->begin(), faults->end());
        if (!nodeAnswers(*faults)) continue;
        const auto stopped = stoppedGateways(session, cluster.name);
        if (!stopped) {
            list.unknown.push_back(fmt::format("{}: {}", cluster.name, stopped.error().text()));
            continue;
        }
        for (const std::string& gateway : *stopped) list.faults.push_back(stoppedGateway(cluster.name, gateway));
    }
    return list;
}

std::vector<std::string> clearFaults(Session& session) {
    std::vector<std::string> problems;
    const auto note = [&problems](const std::string& cluster, const Error& error) {
        problems.push_back(fmt::format("{}: {}", cluster, error.text()));
    };
    std::vector<std::string> reached;
    for (const Cluster& cluster : session.topology().clusters) {
        if (memberSystem(cluster.system) != nullptr) continue;
        auto door = session.directory().door(cluster.name);
        if (!door) {
            if (!isDown(door.error())) note(cluster.name, door.error());
            continue;
        }
        const auto cleared = door.value()->callJson(Method::Faults, Json{{"what", "clear"}}, kRestartTimeoutMs);
        if (!cleared) note(cluster.name, cleared.error());
        reached.push_back(cluster.name);
    }
    session.directory().forget();  // what was killed answers at a new connection
    for (const std::string& cluster : reached) {
        const auto stopped = stoppedGateways(session, cluster);
        if (!stopped) {
            note(cluster, stopped.error());
            continue;
        }
        for (const std::string& gateway : *stopped) {
            auto client = session.directory().client(cluster);
            if (!client) continue;
            const auto started = client.value()->callJson(
                Method::GatewayService, Json{{"name", gateway}, {"action", "start"}}, kFaultTimeoutMs);
            if (!started) note(cluster, started.error());
        }
    }
    return problems;
}

Status sendFault(Session& session, const std::string& cluster, const engine::Json& request) {
    auto door = session.directory().door(cluster);
    if (!door) return door.error();
    const auto answer = door.value()->callJson(Method::Faults, request, kRestartTimeoutMs);
    if (!answer) return answer.error();
    return okStatus();
}

Result<std::string> clusterOfGateway(const Topology& topology, const std::string& gateway) {
    std::vector<std::string> names;
    for (const Cluster& cluster : topology.clusters) {
        for (const Gateway& drawn : cluster.gateways) {
            if (drawn.name == gateway) return cluster.name;
            names.push_back(drawn.name);
        }
    }
    const std::string near = nearest(gateway, names);
    return Error{ErrorCode::NotFound,
                 fmt::format("no gateway {} is drawn in this workspace", gateway),
                 {},
                 near.empty() ? "the gateways are: " + join(names, ", ") : fmt::format("did you mean {}?", near)};
}

}  // namespace tributary::app
