// Asking the clusters of a workspace.
#include "app/observe/statusmodel.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/adapters/enginechecks.h"
#include "app/adapters/observedtable.h"
#include "app/daemon/hostedstate.h"
#include "app/observe/clocks.h"
#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/registry.h"
#include "core/telemetry/humanunits.h"
#include "engine/admin/tableadmincalls.h"
#include "engine/systems/maprdb/streams/streamapi.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::flagOf;
using engine::maprdb::numberOf;
using engine::maprdb::textOf;

constexpr Millis kStatusTimeoutMs = 4'000;
constexpr std::string_view kStreamWord = "stream";  ///< a record's kind

std::optional<std::int64_t> figure(const Json& json, const char* name) {
    const auto at = json.find(name);
    if (at == json.end() || !at->is_number()) return std::nullopt;
    return at->get<std::int64_t>();
}

LinkRow linkOf(const Json& json) {
    LinkRow row;
    row.from = textOf(json, "dataset");
    row.to = textOf(json, "path");
    row.state = linkStateOf(json);
    row.error = linkErrorOf(json);
    if (row.error.empty()) row.error = linkStallOf(json);
    row.lagMs = figure(json, "lagms");
    row.transportLagMs = figure(json, "transportlagms");
    row.applyLagMs = figure(json, "applylagms");
    row.bytesPending = figure(json, "bytespending");
    row.operationsPending = figure(json, "putspending");
    row.bytesPerS = figure(json, "bytespers");
    row.operationsPerS = figure(json, "operationspers");
    row.drainMs = figure(json, "drainms");
    if (json.contains("copystalledsincems")) row.state = "stalled";
    if (row.state == "copying" || row.state == "stalled") row.copyPercent = figure(json, "copypercent");
    row.paused = flagOf(json, "paused");
    row.synchronous = flagOf(json, "synchronous");
    row.fellBack = row.synchronous && !flagOf(json, "effectivesynchronous", true);
    row.pausedMs = figure(json, "pausedms");
    row.divergedMs = figure(json, "divergedsincems");
    if (numberOf(json, "minpendingts") > 0) row.oldestMs = numberOf(json, "minpendingts");
    row.channel = textOf(json, "channel");
    row.columns = textOf(json, "columns");
    row.json = textOf(json, "kind") == "json";
    row.ofStreams = textOf(json, "kind") == kStreamWord;
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

    /// A cluster whose members are processes of their own.
    void askMembers(const MemberSystem& system, const Cluster& drawn) {
        const ClusterLook look = system.look(session_.workspace().paths, session_.topology(), drawn);
        ClusterRow row;
        row.name = drawn.name;
        row.system = drawn.system;
        row.drawn = session_.topology().cluster(drawn.name) != nullptr;
        row.ofMembers = true;
        row.state = look.state;
        row.reason = look.reason;
        row.answered = look.answered;
        row.members = look.members;
        row.role = look.role;
        for (const MemberLook& each : look.members) {
            for (const MemberAlert& alert : each.alerts) {
                row.alarms.push_back({"alert " + alert.type, each.name, alert.message, alert.sinceMs});
            }
            if (!each.uptimeMs) continue;
            row.uptimeMs = row.uptimeMs ? std::min(*row.uptimeMs, *each.uptimeMs) : *each.uptimeMs;
        }
        const System* known = findSystem(drawn.system);
        const DatasetKind kind =
            known != nullptr && !known->kinds.empty() ? known->kinds.front().kind : DatasetKind::Space;
        for (const std::string& name : look.datasets) {
            TableRow table{joinedDataset(drawn.name, name), std::string(datasetKindName(kind)), {}, 0, {}};
            ObservedDataset& described = table.described.emplace();
            described.path = table.path;
            described.kind = kind;
            row.tables.push_back(std::move(table));
        }
        for (const EdgeLook& each : look.edges) {
            LinkRow link;
            link.ofMembers = true;
            link.from = each.from;
            link.to = each.to;
            link.state = each.state;
            link.error = each.error;
            link.lagMs = each.lagMs;
            link.idleMs = each.idleMs;
            link.operationsPending = each.rowsBehind;
            link.sourceNote = each.sourceNote;
            status_.links.push_back(std::move(link));
        }
        status_.clusters.push_back(std::move(row));
    }

    /// A cluster that runs and is not in the drawing.
    void askUndrawn(const std::string& name) {
        ClusterRow row;
        row.name = name;
        row.drawn = false;
        askDoor(row);
        if (row.state == "up") askNode(row);
        if (row.state != "down") status_.clusters.push_back(std::move(row));
    }

    void askUndrawnMembers(const MemberSystem& system, const Cluster& made) {
        askMembers(system, made);
        if (status_.clusters.back().state != "down") return;
        status_.clusters.pop_back();
        std::erase_if(status_.links,
                      [&](const LinkRow& link) { return link.ofMembers && endpointOf(link.to).cluster == made.name; });
    }

private:
    // The host's door tells what lives, also when the cluster itself does not.
    void askDoor(ClusterRow& row) {
        ClusterPresence seen;
        auto door = session_.directory().door(row.name, &seen);
        row.pid = seen.process.pid;
        if (!door) {
            row.state = seen.kind == ClusterPresence::Kind::Down ? "down" : "?";
            row.reason = seen.error.what;
            row.fix = seen.error.fix;
            return;
        }
        const auto answer = door.value()->callJson(Method::NodeStatus, Json::object(), kStatusTimeoutMs);
        if (!answer) {
            row.state = "?";
            row.reason = answer.error().what;
            return;
        }
        row.state = "up";
        const HostedState hosted = hostedStateIn(*answer, row.name);
        switch (hosted.kind) {
            case HostedState::Kind::Running: break;
            case HostedState::Kind::Killed: row.state = "killed"; break;
            case HostedState::Kind::Stopped: row.state = "stopped"; break;
            case HostedState::Kind::Frozen: row.state = "frozen"; break;
        }
        row.reason = hosted.reason;
        if (!seen.movedFrom.empty()) {
            row.moved = movedText(row.name, seen);
            row.fix = "tributary down && tributary up";
        }
        if (auto told = askFaults(*door.value(), row.name); told) {
            status_.faults.insert(status_.faults.end(), told->faults.begin(), told->faults.end());
            row.network = std::move(told->network);
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
        const auto status = node.callJson(Method::NodeStatus, Json::object(), kStatusTimeoutMs);
        if (!status) return trouble(status.error());
        const auto tables = node.callJson(engine::maprdb::TableMethod::ListTables, Json::object(), kStatusTimeoutMs);
        if (!tables) return trouble(tables.error());
        const auto alarms = node.callJson(Method::ListAlarms, Json::object(), kStatusTimeoutMs);
        if (!alarms) return trouble(alarms.error());
        const auto streams = node.callJson(engine::maprdb::StreamMethod::List, Json::object(), kStatusTimeoutMs);
        if (!streams) return trouble(streams.error());
        takeTables(row, *tables, *streams);
        std::vector<TableRow> tablesNow;
        for (TableRow& table : row.tables) {
            const Method describe = table.kind == kStreamWord ? engine::maprdb::StreamMethod::Describe
                                                              : engine::maprdb::TableMethod::Describe;
            const auto told = node.callJson(describe, Json{{"path", table.path}}, kStatusTimeoutMs);
            // A table dropped between the two questions is none any more; anything else leaves them all unknown.
            if (!told && told.error().code == ErrorCode::NotFound) continue;
            if (!told) return trouble(told.error());
            if (Status taken = takeDescription(row, table, *told); !taken) return trouble(taken.error());
            tablesNow.push_back(std::move(table));
        }
        row.tables = std::move(tablesNow);
        row.answered = true;
        takeNode(row, *status);
        for (const Json& alarm : listOf(*alarms, "alarms")) {
            row.alarms.push_back({textOf(alarm, "name"), textOf(alarm, "entity"), textOf(alarm, "description"),
                                  numberOf(alarm, "raisedms")});
        }
    }

    static void takeTables(ClusterRow& row, const Json& answer, const Json& streams) {
        for (const Json& stream : listOf(streams, "streams")) {
            row.tables.push_back({textOf(stream, "path"), std::string(kStreamWord), {}, 0, {}});
        }
        for (const Json& table : listOf(answer, "tables")) {
            TableRow out{textOf(table, "path"), textOf(table, "kind"), {}, 0, textOf(table, "unavailable")};
            for (const Json& family : listOf(table, "families")) {
                if (family.is_string()) out.families.push_back(family);
            }
            out.rows = static_cast<std::uint64_t>(std::max<std::int64_t>(0, numberOf(table, "rows")));
            row.tables.push_back(std::move(out));
        }
        std::sort(row.tables.begin(), row.tables.end(),
                  [](const TableRow& a, const TableRow& b) { return a.path < b.path; });
    }

    static Status takeDescription(ClusterRow& row, TableRow& table, const Json& told) {
        const auto record = engine::maprdb::describedRecord(told);
        if (!record) return record.error();
        table.described = observedTable(*record);
        if (table.kind == kStreamWord) {
            table.unavailable = textOf(told, "unavailable");
            if (told.contains("topicnames")) table.described->topics = told.at("topicnames");
            table.rows = static_cast<std::uint64_t>(
                std::max<std::int64_t>(0, numberOf(told.value("stats", Json::object()), "rows")));
        }
        if (const auto stats = told.find("stats"); stats != told.end() && stats->is_object()) {
            const std::int64_t bytes = numberOf(*stats, "diskBytes") + numberOf(*stats, "memoryBytes");
            table.described->bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, bytes));
        }
        for (const ObservedUpstream& upstream : *table.described->upstreams) {
            row.upstreams.push_back({table.path, upstream.from});
        }
        return okStatus();
    }

    // What an older program does not tell stays unknown.
    static void takeRecords(ClusterRow& row, const Json& told) {
        using Lists = std::map<std::string, std::vector<std::string>>;
        if (told.contains("gatewayrecords")) row.gatewayRecords = told.at("gatewayrecords").get<Lists>();
        if (told.contains("users")) row.users = told.at("users").get<std::vector<std::string>>();
        if (told.contains("groups")) row.groups = told.at("groups").get<Lists>();
    }

    void takeNode(ClusterRow& row, const Json& told) {
        takeRecords(row, told);
        const std::string state = textOf(told, "state");
        if (!state.empty() && state != "ok") row.state = state;
        row.reason = textOf(told, "reason");
        if (row.reason.empty()) row.reason = row.moved;
        row.uptimeMs = figure(told, "uptimems");
        row.durability = textOf(told, "durability");
        row.gateways.clear();
        for (const Json& gateway : listOf(told, "gateways")) {
            const GatewayRow seen{textOf(gateway, "name"), textOf(gateway, "endpoint"), flagOf(gateway, "running"),
                                  textOf(gateway, "channel")};
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
        if (row->state != "?" || row->reason.empty()) {
            link.error = fmt::format("cluster {} is {}", row->name, row->state == "?" ? "not answering" : row->state);
        } else {
            link.error = fmt::format("cluster {} cannot be asked: {}", row->name, row->reason);
        }
        status.links.push_back(std::move(link));
    }
}

// What lies on the way is known from the faults, also before the link notices.
void noteFaultsOnTheWay(WorkspaceStatus& status) {
    for (LinkRow& link : status.links) {
        const std::string from = clusterOf(link.from);
        const std::string to = clusterOf(link.to);
        for (const FaultRow& fault : status.faults) {
            if (fault.cluster == from && fault.to == to && link.fault.empty()) link.fault = fault.what;
            // Acknowledgements come the other way.
            const bool onTheWay =
                (fault.cluster == from && fault.to == to) || (fault.cluster == to && fault.to == from);
            link.cut = link.cut || (onTheWay && fault.what == "cut");
        }
    }
}

std::string clockTime(Millis atMs) {
    return isoTime(atMs).substr(11, 8);
}

}  // namespace

std::string divergedNote(const LinkRow& link) {
    if (!link.divergedMs) return {};
    return fmt::format("diverged possible since {}: changes waited for longer than delete markers live",
                       isoTime(*link.divergedMs));
}

namespace {

/// Whether a link that works and is behind gets there; empty when it is not worth saying, or cannot be told.
std::string catchUpNote(const LinkRow& link) {
    constexpr std::int64_t kWorthSayingMs = 2'000;
    if (link.state != "replicating" || link.lagMs.value_or(0) < kWorthSayingMs) return {};
    if (link.drainMs) return fmt::format("catches up in about {}", humanDuration(*link.drainMs));
    if (link.operationsPerS.value_or(0) == 0) return {};
    return "does not catch up: changes come at least as fast as they go";
}

}  // namespace

std::string linkNote(const LinkRow& link) {
    std::string note = catchUpNote(link);
    if (link.state == "paused") {
        note = link.pausedMs ? fmt::format("paused since {} UTC", clockTime(*link.pausedMs)) : std::string("paused");
    } else if (link.state == "copying") {
        note = link.copyPercent ? fmt::format("a copy is under way ({} %)", *link.copyPercent) : "a copy is under way";
    } else if (link.fellBack && link.error.empty()) {
        note = "synchronous by its record, works asynchronously now";
    }
    const bool waits = link.operationsPending.value_or(0) > 0 && link.health() != LinkHealth::Good;
    if (!waits) return note.empty() || link.state != "paused" ? note : note + "; nothing waits";
    if (!note.empty()) note += "; ";
    const auto bytes = static_cast<std::uint64_t>(link.bytesPending.value_or(0));
    note += fmt::format("{} operations ({}) wait", groupedDigits(static_cast<std::uint64_t>(*link.operationsPending)),
                        humanBytes(bytes));
    if (link.oldestMs) note += fmt::format(", the oldest from {} UTC", clockTime(*link.oldestMs));
    return note;
}

std::string resumeCommand(const LinkRow& link) {
    return fmt::format("maprcli {} replica resume -path {} -replica {}", link.ofStreams ? "stream" : "table",
                       engine::maprdb::shellWord(link.from), engine::maprdb::shellWord(link.to));
}

const ClusterRow* WorkspaceStatus::cluster(const std::string& name) const {
    for (const ClusterRow& row : clusters) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

std::string copyAgainCommand(const LinkRow& link) {
    using engine::maprdb::shellWord;
    return fmt::format("tributary {} -src {} -dst {} -bulkload false{}",
                       link.json ? "mapr copytable" : "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable",
                       shellWord(link.from), shellWord(link.to),
                       link.columns.empty() ? "" : " -columns " + shellWord(link.columns));
}

WorkspaceStatus collectStatus(Session& session) {
    WorkspaceStatus status;
    status.root = session.workspace().paths.root;
    status.user = session.user();
    Collector collector(session, status);
    for (const Cluster& cluster : session.topology().clusters) {
        if (const MemberSystem* system = memberSystem(cluster.system)) {
            collector.askMembers(*system, cluster);
        } else {
            collector.ask(cluster);
        }
    }
    for (const std::string& name : session.directory().undrawn()) collector.askUndrawn(name);
    for (const MemberSystem* system : memberSystems()) {
        for (const Cluster& each : system->undrawn(session.workspace().paths, session.topology())) {
            collector.askUndrawnMembers(*system, each);
        }
    }
    addUnknownLinks(session.topology(), status);
    noteFaultsOnTheWay(status);
    status.atMs = wallNowMs();
    status.networks = networksOf(session.topology(), status);
    status.differences = differencesOf(session.topology(), status);
    return status;
}

}  // namespace tributary::app
