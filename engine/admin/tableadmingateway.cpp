// `cluster gateway ...` and `node services` (maprdb.md section 1.7).
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "engine/admin/tableadmingateway.h"
#include "engine/admin/tableadminparts.h"

namespace tributary::engine::maprdb {
namespace {

std::vector<std::string> textsOf(const Json& list) {
    std::vector<std::string> out;
    for (const Json& item : list) {
        if (item.is_string()) out.push_back(item.get<std::string>());
    }
    return out;
}

// A gateway is set by its name or by its address.
bool isSame(const Json& gateway, const std::string& name) {
    return textOf(gateway, "name") == name || textOf(gateway, "endpoint") == name;
}

}  // namespace

Result<std::vector<GatewayReach>> gatewaysBetween(ClusterCalls& calls, const std::string& from, const std::string& to) {
    const Result<Json> info = calls.call(from, Method::GatewayInfo, Json::object());
    if (!info) return info.error();
    std::vector<GatewayReach> out;
    for (const Json& gateway : info->value("known", Json::object()).value(to, Json::array())) {
        out.push_back(GatewayReach{textOf(gateway, "name"), flagOf(gateway, "reachable")});
    }
    if (!out.empty()) return out;
    const std::vector<std::string> set = textsOf(info->value("set", Json::object()).value(to, Json::array()));
    // Asked from there: an answer has passed the network both ways, as a link's bytes and acknowledgements would.
    const Result<Json> there = calls.call(to, Method::GatewayInfo, Json::object());
    // Without an answer they are silent from here; their names an onlooker may still learn.
    ClusterCalls onlooker(calls.directory(), [&calls] { return calls.nowMs(); });
    const Result<Json> named = there ? there : onlooker.call(to, Method::GatewayInfo, Json::object());
    if (!named && set.empty()) return there.error();
    Json local = named ? named->value("local", Json::array()) : Json::array();
    if (!there) {
        for (Json& gateway : local) gateway["running"] = false;
    }
    for (const std::string& name : set) {
        bool runs = false;
        for (const Json& gateway : local) runs = runs || (isSame(gateway, name) && flagOf(gateway, "running"));
        out.push_back(GatewayReach{name, runs});
    }
    if (!set.empty()) return out;
    for (const Json& gateway : local) {
        out.push_back(GatewayReach{textOf(gateway, "name"), flagOf(gateway, "running")});
    }
    return out;
}

namespace admin {
namespace {

Result<Json> gatewayInfo(const Command& command) {
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    return command.calls.call(*cluster, Method::GatewayInfo, Json::object());
}

Json configRow(const std::string& cluster, const std::vector<std::string>& gateways) {
    return Json{{"cluster", cluster}, {"gatewayConfig", join(gateways, " ")}};
}

Result<Outcome> setGateways(const Command& command, const std::vector<std::string>& gateways) {
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    const Json body{{"cluster", command.op.text("dstcluster")}, {"gateways", gateways}};
    const Result<Json> done = command.calls.call(*cluster, Method::SetGateways, body);
    if (!done) return done.error();
    return Outcome{};
}

std::string setCommand(const std::string& destination) {
    return fmt::format("maprcli cluster gateway set -dstcluster {} -gateways \"<host> <host>\"",
                       shellWord(destination));
}

// Four lines that a zone file takes as they are.
std::vector<std::string> zoneLines(const std::string& cluster, const std::vector<std::string>& gateways) {
    return {fmt::format("; gateways of cluster {}", cluster), "$TTL 3600", "$ORIGIN gateway.",
            fmt::format("{}\tIN\tTXT\t\"{}\"", cluster, join(gateways, " "))};
}

}  // namespace

Result<Outcome> gatewaySet(const Command& command) {
    const std::string destination = command.op.text("dstcluster");
    if (const std::vector<std::string> known = command.calls.directory().clusters();
        !known.empty() && std::find(known.begin(), known.end(), destination) == known.end()) {
        const std::string near = nearest(destination, known);
        return Error{ErrorCode::NotFound, fmt::format("there is no cluster '{}'", shownLine(destination)),
                     "-dstcluster",
                     near.empty() ? "one of: " + join(known, ", ") : fmt::format("did you mean '{}'?", near)};
    }
    std::vector<std::string> names;
    for (const std::string& name : split(command.op.text("gateways"), ' ')) {
        if (!name.empty()) names.push_back(name);
    }
    if (names.empty()) {
        return Error{ErrorCode::InvalidInput, "no gateway is named", "-gateways",
                     setCommand(command.op.text("dstcluster"))};
    }
    return setGateways(command, names);
}

Result<Outcome> gatewayDelete(const Command& command) {
    return setGateways(command, {});
}

Result<Outcome> gatewayGet(const Command& command) {
    const Result<Json> info = gatewayInfo(command);
    if (!info) return info.error();
    const std::string destination = command.op.text("dstcluster");
    const Json set = info->value("set", Json::object());
    const auto found = set.find(destination);
    if (found == set.end() || found->empty()) {
        return Error{ErrorCode::NotFound, fmt::format("no gateways are set for cluster {}", destination), "-dstcluster",
                     setCommand(destination)};
    }
    Outcome outcome;
    outcome.add(configRow(destination, textsOf(*found)));
    return outcome;
}

Result<Outcome> gatewayList(const Command& command) {
    const Result<Json> info = gatewayInfo(command);
    if (!info) return info.error();
    Outcome outcome;
    const Json set = info->value("set", Json::object());
    for (const auto& [destination, gateways] : set.items()) {
        if (!gateways.empty()) outcome.add(configRow(destination, textsOf(gateways)));
    }
    return outcome;
}

Result<Outcome> gatewayLocal(const Command& command) {
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    const Result<Json> info = gatewayInfo(command);
    if (!info) return info.error();
    std::vector<std::string> names;
    for (const Json& gateway : info->value("local", Json::array())) names.push_back(textOf(gateway, "name"));
    Outcome outcome;
    if (names.empty()) return outcome;
    if (command.op.text("format") == "dns") {
        outcome.lines = zoneLines(*cluster, names);
    } else {
        outcome.add(configRow(*cluster, names));
    }
    return outcome;
}

Result<Outcome> gatewayResolve(const Command& command) {
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    const std::string destination = command.op.text("dstcluster");
    const Result<std::vector<GatewayReach>> known = gatewaysBetween(command.calls, *cluster, destination);
    if (!known) return known.error();
    if (known->empty()) {
        return Error{ErrorCode::NotFound, fmt::format("no gateways are known for cluster {}", destination),
                     "-dstcluster", setCommand(destination)};
    }
    std::vector<std::string> alive;
    for (const GatewayReach& gateway : *known) {
        if (gateway.reachable) alive.push_back(gateway.name);
    }
    if (alive.empty()) {
        return Error{
            ErrorCode::Unavailable, fmt::format("All configured gateways to cluster {} are unreachable", destination),
            "-dstcluster",
            fmt::format("maprcli node services -name gateway -action start -cluster {}", shellWord(destination))};
    }
    Outcome outcome;
    outcome.add(configRow(destination, alive));
    return outcome;
}

Result<Outcome> nodeServices(const Command& command) {
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    std::vector<std::string> names;
    for (const std::string& name : split(command.op.text("nodes"), ' ')) {
        if (!name.empty()) names.push_back(name);
    }
    if (names.empty()) names.emplace_back();  // all
    for (const std::string& name : names) {
        const Json body{{"name", name}, {"action", command.op.text("action")}};
        const Result<Json> done = command.calls.call(*cluster, Method::GatewayService, body);
        if (!done) {
            return withFix(withWhere(done.error(), "-nodes"),
                           fmt::format("maprcli cluster gateway local -cluster {}", shellWord(*cluster)));
        }
    }
    return Outcome{};
}

}  // namespace admin
}  // namespace tributary::engine::maprdb
