// Asking the clusters of a workspace.
#include "app/observe/statusmodel.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/adapters/enginechecks.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::flagOf;
using engine::maprdb::numberOf;
using engine::maprdb::textOf;

constexpr Millis kStatusTimeoutMs = 4'000;

std::optional<std::int64_t> figure(const Json& json, const char* name) {
    const auto at = json.find(name);
    if (at == json.end() || !at->is_number()) return std::nullopt;
    return at->get<std::int64_t>();
}

LinkRow linkOf(const Json& json) {
    LinkRow row;
    row.from = textOf(json, "table");
    row.to = textOf(json, "path");
    row.state = linkStateOf(json);
    row.error = linkErrorOf(json);
    row.lagMs = figure(json, "lagms");
    row.transportLagMs = figure(json, "transportlagms");
    row.applyLagMs = figure(json, "applylagms");
    row.bytesPending = figure(json, "bytespending");
    row.operationsPending = figure(json, "putspending");
    if (row.state == "copying") row.copyPercent = figure(json, "copypercent");
    row.paused = flagOf(json, "paused");
    row.synchronous = flagOf(json, "synchronous");
    row.columns = textOf(json, "columns");
    return row;
}

const Json& listOf(const Json& json, const char* name) {
    static const Json kNothing = Json::array();
    const auto at = json.find(name);
    return at != json.end() && at->is_array() ? *at : kNothing;
}

class Collector {
public:
    Collector(Session& session, WorkspaceStatus& status) : session_(session), status_(status) {}

    void ask(const Cluster& drawn) {
        ClusterRow row;
        row.name = drawn.name;
        row.system = drawn.system;
        for (const Gateway& gateway : drawn.gateways) row.gateways.push_back({gateway.name, gateway.address, {}});
        askDoor(row);
        if (row.state == "up") askNode(row);
        status_.clusters.push_back(std::move(row));
    }

private:
    // The host's door tells what lives, also when the cluster itself does not.
    void askDoor(ClusterRow& row) {
        auto door = session_.directory().door(row.name);
        if (!door) {
            const bool down = door.error().code == ErrorCode::NotFound || door.error().code == ErrorCode::Unavailable;
            row.state = down ? "down" : "?";
            row.reason = door.error().what;
            return;
        }
        if (const auto ports = session_.engine().readPorts(row.name); ports) row.pid = ports->pid;
        const auto answer = door.value()->callJson(Method::NodeStatus, Json::object(), kStatusTimeoutMs);
        if (!answer) {
            row.state = "?";
            row.reason = answer.error().what;
            return;
        }
        row.state = "up";
        for (const Json& hosted : listOf(*answer, "clusters")) {
            if (textOf(hosted, "name") != row.name) continue;
            if (!flagOf(hosted, "running", true)) row.state = "killed";
            if (flagOf(hosted, "frozen")) row.state = "frozen";
        }
        if (auto faults = faultsAtDoor(*door.value(), row.name); faults) {
            status_.faults.insert(status_.faults.end(), faults->begin(), faults->end());
        }
    }

    void askNode(ClusterRow& row) {
        const auto trouble = [&row](const Error& error) {
            row.state = "?";
            row.reason = error.what;
        };
        auto client = session_.directory().client(row.name);
        if (!client) return trouble(client.error());
        engine::ControlClient& node = *client.value();
        const auto told = node.callJson(Method::NodeStatus, Json::object(), kStatusTimeoutMs);
        if (!told) return trouble(told.error());
        const auto tables = node.callJson(Method::ListTables, Json::object(), kStatusTimeoutMs);
        if (!tables) return trouble(tables.error());
        const auto alarms = node.callJson(Method::ListAlarms, Json::object(), kStatusTimeoutMs);
        if (!alarms) return trouble(alarms.error());
        takeTables(row, *tables);
        for (const TableRow& table : row.tables) {
            const auto upstreams = node.callJson(Method::ListUpstreams, Json{{"path", table.path}}, kStatusTimeoutMs);
            // A table dropped between the two questions has no upstreams; anything else leaves them unknown.
            if (!upstreams && upstreams.error().code == ErrorCode::NotFound) continue;
            if (!upstreams) return trouble(upstreams.error());
            for (const Json& upstream : listOf(*upstreams, "upstreams")) {
                row.upstreams.push_back({table.path, textOf(upstream, "path")});
            }
        }
        row.answered = true;
        takeNode(row, *told);
        for (const Json& alarm : listOf(*alarms, "alarms")) {
            row.alarms.push_back({textOf(alarm, "name"), textOf(alarm, "entity"), textOf(alarm, "description"),
                                  numberOf(alarm, "raisedms")});
        }
    }

    static void takeTables(ClusterRow& row, const Json& answer) {
        for (const Json& table : listOf(answer, "tables")) {
            TableRow out{textOf(table, "path"), textOf(table, "kind"), {}, 0};
            for (const Json& family : listOf(table, "families")) {
                if (family.is_string()) out.families.push_back(family);
            }
            out.rows = static_cast<std::uint64_t>(std::max<std::int64_t>(0, numberOf(table, "rows")));
            row.tables.push_back(std::move(out));
        }
        std::sort(row.tables.begin(), row.tables.end(),
                  [](const TableRow& a, const TableRow& b) { return a.path < b.path; });
    }

    void takeNode(ClusterRow& row, const Json& told) {
        const std::string state = textOf(told, "state");
        if (!state.empty() && state != "ok") row.state = state;
        row.reason = textOf(told, "reason");
        row.uptimeMs = figure(told, "uptimems");
        row.durability = textOf(told, "durability");
        row.gateways.clear();
        for (const Json& gateway : listOf(told, "gateways")) {
            const GatewayRow seen{textOf(gateway, "name"), textOf(gateway, "endpoint"), flagOf(gateway, "running")};
            if (!*seen.running) status_.faults.push_back(stoppedGateway(row.name, seen.name));
            row.gateways.push_back(seen);
        }
        for (const Json& link : listOf(told, "links")) status_.links.push_back(linkOf(link));
    }

    Session& session_;
    WorkspaceStatus& status_;
};

// Drawn edges whose source does not answer: they may well be there.
void addUnknownLinks(const Topology& topology, WorkspaceStatus& status) {
    for (const Replica& replica : topology.replicas) {
        const Cluster* source = topology.clusterOfPath(replica.from);
        if (source == nullptr) continue;
        const ClusterRow* row = status.cluster(source->name);
        if (row == nullptr || row->answered) continue;
        LinkRow link;
        link.from = replica.from;
        link.to = replica.to;
        link.state = "?";
        link.error = fmt::format("cluster {} is {}", row->name, row->state == "?" ? "not answering" : row->state);
        status.links.push_back(std::move(link));
    }
}

}  // namespace

const ClusterRow* WorkspaceStatus::cluster(const std::string& name) const {
    for (const ClusterRow& row : clusters) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

WorkspaceStatus collectStatus(Session& session) {
    WorkspaceStatus status;
    status.root = session.workspace().paths.root;
    status.user = session.user();
    Collector collector(session, status);
    for (const Cluster& cluster : session.topology().clusters) collector.ask(cluster);
    addUnknownLinks(session.topology(), status);
    status.differences = differencesOf(session.topology(), status);
    return status;
}

}  // namespace tributary::app
