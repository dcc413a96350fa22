// States out of @SystemInformation, edges out of DRROLE and what consumers tell of their partitions.
#include "app/databases/databaselook.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/daemon/processes.h"
#include "app/databases/databasedoor.h"
#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary::app {
namespace {

namespace volt = engine::voltdb;

constexpr Millis kHostPatienceMs = 3'000;
constexpr std::int64_t kMicrosPerMs = 1'000;

std::optional<NamedRows> rowsOf(DatabaseDoor& door, const std::string& procedure,
                                const std::vector<std::string>& arguments) {
    const auto tables = door.ask(procedure, arguments);
    if (!tables || tables->empty()) return std::nullopt;
    return NamedRows(tables->front());
}

MemberLook hostLook(const Cluster& cluster, const HostPlace& place, const HostHeard& heard) {
    MemberLook look;
    look.name = place.name;
    look.drawn = cluster.member(place.name) != nullptr;
    look.state = "down";
    look.pid = heard.seen.life == HostLife::Running ? heard.seen.pid : 0;
    look.listen = replicationAddress(place, cluster.port.value_or(voltdb::kDefaultPort));
    if (heard.silence) {
        look.state = "?";
        look.reason = heard.silence->what;
        look.fix = heard.silence->fix;
    } else if (heard.seen.life == HostLife::Dead) {
        look.state = "killed";
        look.reason = fmt::format("process {} is gone, and nobody had stopped it", heard.seen.pid);
        look.fix = "tributary up";
    } else if (heard.overview) {
        const std::string state = toLower(toldValue(*heard.overview, "CLUSTERSTATE"));
        look.state = state.empty() ? "?" : state;
        std::int64_t startedMs = 0;
        const std::string started = toldValue(*heard.overview, "STARTTIME");
        const auto read = std::from_chars(started.data(), started.data() + started.size(), startedMs);
        if (read.ec == std::errc() && heard.heardAtMs >= startedMs) look.uptimeMs = heard.heardAtMs - startedMs;
        const std::string role = toldValue(*heard.overview, "REPLICATIONROLE");
        const bool isReplica = role == "REPLICA";
        if (!role.empty()) look.readOnly = isReplica || state == "paused";
        if (isReplica) look.readOnlyReason = "replica";
        if (state == "paused") look.readOnlyReason = "paused";
    }
    return look;
}

/// How far behind a consumer is, by the oldest of its partitions; absent when a partition does not tell.
std::optional<std::int64_t> lagOf(const HostHeard& heard, const std::string& remoteId) {
    if (!heard.partitions) return std::nullopt;
    std::optional<std::int64_t> worst;
    for (std::size_t row = 0; row < heard.partitions->size(); ++row) {
        if (heard.partitions->at(row, "REMOTE_CLUSTER_ID") != remoteId) continue;
        const std::string received = heard.partitions->at(row, "LAST_RECEIVED_TIMESTAMP");
        const std::string applied = heard.partitions->at(row, "LAST_APPLIED_TIMESTAMP");
        if (received.empty() || applied.empty()) return std::nullopt;
        const auto from = volt::timestampOf(applied);
        const auto to = volt::timestampOf(received);
        if (!from || !to) return std::nullopt;
        worst = std::max(worst.value_or(0), (*to - *from) / kMicrosPerMs);
    }
    return worst;
}

std::string clusterName(const std::map<std::int64_t, std::string>& names, const std::string& id) {
    std::int64_t number = -1;
    (void)std::from_chars(id.data(), id.data() + id.size(), number);
    const auto found = names.find(number);
    return found == names.end() ? "cluster " + id : found->second;
}

}  // namespace

NamedRows::NamedRows(const volt::ResultTable& table) {
    for (std::size_t at = 0; at < table.columns.size(); ++at) columns_[table.columns[at].name] = at;
    rows_.reserve(table.rows.size());
    for (const volt::RowImage& row : table.rows) {
        std::vector<std::optional<std::string>> cells;
        cells.reserve(row.size());
        for (std::size_t at = 0; at < row.size() && at < table.columns.size(); ++at) {
            cells.push_back(valueText(row[at], table.columns[at].type));
        }
        rows_.push_back(std::move(cells));
    }
}

std::string NamedRows::at(std::size_t row, const std::string& column) const {
    const auto found = columns_.find(column);
    if (found == columns_.end() || row >= rows_.size() || found->second >= rows_[row].size()) return {};
    return rows_[row][found->second].value_or(std::string());
}

std::optional<std::int64_t> NamedRows::numberAt(std::size_t row, const std::string& column) const {
    const std::string text = at(row, column);
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isWhole = !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
    return isWhole ? std::optional(number) : std::nullopt;
}

std::string toldValue(const NamedRows& information, const std::string& key) {
    for (std::size_t row = 0; row < information.size(); ++row) {
        const std::string column = information.has("KEY") ? "KEY" : "PROPERTY";
        if (toLower(information.at(row, column)) == toLower(key)) return information.at(row, "VALUE");
    }
    return {};
}

HostHeard hearHost(const HostPlace& place, Millis nowMs) {
    HostHeard heard;
    heard.heardAtMs = nowMs;
    const auto seen = lookAtHost(place);
    if (!seen) {
        heard.silence = seen.error();
        return heard;
    }
    heard.seen = *seen;
    if (seen->life != HostLife::Running) return heard;
    const ProcessState state = stateOf({seen->pid, startTicksOf(seen->pid)});
    if (state == ProcessState::Stopped) {
        heard.silence = unansweringError(seen->pid, state, "runs host " + place.title(), place.logFile());
        return heard;
    }
    auto door = DatabaseDoor::connect(place, kHostPatienceMs);
    if (!door) {
        heard.silence = door.error();
        return heard;
    }
    heard.overview = rowsOf(**door, "@SystemInformation", {"OVERVIEW"});
    if (!heard.overview) {
        heard.silence = Error{ErrorCode::Unavailable, "it says nothing of itself", place.logFile(), {}};
        return heard;
    }
    heard.role = rowsOf(**door, "@Statistics", {"DRROLE", "0"});
    heard.partitions = rowsOf(**door, "@Statistics", {"DRCONSUMERPARTITION", "0"});
    heard.queues = rowsOf(**door, "@Statistics", {"DRPRODUCERPARTITION", "0"});
    heard.tables = rowsOf(**door, "@SystemCatalog", {"TABLES"});
    return heard;
}

ClusterLook databaseLookOf(const Cluster& cluster, const std::vector<HostPlace>& places,
                           const std::vector<HostHeard>& heard,
                           const std::map<std::int64_t, std::string>& clusterOfId) {
    ClusterLook look;
    for (std::size_t at = 0; at < places.size(); ++at) {
        const HostHeard& one = heard[at];
        look.members.push_back(hostLook(cluster, places[at], one));
        if (one.tables) {
            look.answered = true;
            for (std::size_t row = 0; row < one.tables->size(); ++row) {
                const std::string remarks = toLower(one.tables->at(row, "REMARKS"));
                const bool isReplicated = remarks.find("\"drenabled\":\"true\"") != std::string::npos;
                if (isReplicated) look.datasets.push_back(one.tables->at(row, "TABLE_NAME"));
            }
        }
        if (!one.role) continue;
        for (std::size_t row = 0; row < one.role->size(); ++row) {
            const std::string id = one.role->at(row, "REMOTE_CLUSTER_ID");
            const std::string state = one.role->at(row, "STATE");
            if (id.empty() || id == "-1" || one.role->at(row, "ROLE") == "MASTER") continue;  // a consumer tells it
            EdgeLook edge;
            edge.from = clusterName(clusterOfId, id);
            edge.to = joinedMember(cluster.name, places.front().name);
            edge.state = toLower(state);
            if (edge.state == "active") edge.lagMs = lagOf(one, id);
            if (edge.state == "stopped")
                edge.error = "broken by an error: tributary sqlcmd, exec @Statistics DRCONSUMER 0";
            look.edges.push_back(std::move(edge));
        }
    }
    if (look.members.empty()) {
        look.state = "down";
        return look;
    }
    // One host: its state is the cluster's.
    const MemberLook& first = look.members.front();
    look.state = first.state == "running" ? "up" : first.state;
    look.reason = first.reason;
    return look;
}

}  // namespace tributary::app
