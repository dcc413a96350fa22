// The header, a column per remote cluster, and the same as JSON.
#include "app/databaseruns/databasestatus.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "app/databases/databaseedges.h"

namespace tributary::app {
namespace {

using nlohmann::ordered_json;

struct Remote {
    std::string state;
    std::string role;
    std::optional<double> delayS;  ///< absent: a partition does not tell
};

struct DatabaseSeen {
    std::string id;
    std::string version;
    std::string hostcount;
    std::string kfactor;
    std::string uptime;
    std::vector<std::string> hosts;
    std::map<std::string, Remote> remotes;  ///< by id
};

Result<DatabaseSeen> lookAtDatabase(DatabaseWorld& world, const std::vector<HostPlace>& places) {
    const auto overview = askRows(world, places, "@SystemInformation", {"OVERVIEW"});
    if (!overview) return overview.error();
    DatabaseSeen seen;
    seen.id = toldValue(*overview, "CLUSTERID");
    seen.version = toldValue(*overview, "VERSION");
    seen.hostcount = toldValue(*overview, "FULLCLUSTERSIZE");
    seen.uptime = toldValue(*overview, "UPTIME");
    const auto deployment = askRows(world, places, "@SystemInformation", {"DEPLOYMENT"});
    if (deployment) seen.kfactor = toldValue(*deployment, "kfactor");
    for (const HostPlace& place : places) seen.hosts.push_back(place.name);
    const auto roles = askRows(world, places, "@Statistics", {"DRROLE", "0"});
    if (!roles) return seen;  // it has no replication
    const auto queues = askRows(world, places, "@Statistics", {"DRPRODUCERPARTITION", "0"});
    for (std::size_t row = 0; row < roles->size(); ++row) {
        const std::string id = roles->at(row, "REMOTE_CLUSTER_ID");
        if (id.empty() || id == "-1") continue;
        Remote remote{roles->at(row, "STATE"), roles->at(row, "ROLE"), std::nullopt};
        const auto delayUs = queues ? queueLagOf(*queues, id).delayUs : std::nullopt;
        if (delayUs) remote.delayS = static_cast<double>(*delayUs) / 1e6;
        seen.remotes[id] = std::move(remote);
    }
    return seen;
}

std::string toldOr(const std::string& text) {
    return text.empty() ? "?" : text;
}

std::vector<std::string> statusLines(const DatabaseSeen& seen) {
    std::vector<std::string> lines{fmt::format("Cluster {}, version {}, hostcount {}, kfactor {}", toldOr(seen.id),
                                               toldOr(seen.version), toldOr(seen.hostcount), toldOr(seen.kfactor))};
    std::size_t width = 0;
    for (const std::string& host : seen.hosts) width = std::max(width, host.size());
    std::string head(width, ' ');
    for (const auto& [id, remote] : seen.remotes) head += fmt::format("  Cluster {} ({})", id, remote.state);
    if (!seen.remotes.empty()) lines.push_back(head);
    for (const std::string& host : seen.hosts) {
        std::string line = fmt::format("{:<{}}", host, width);
        for (const auto& [id, remote] : seen.remotes) {
            const std::size_t column = fmt::format("Cluster {} ({})", id, remote.state).size();
            line += fmt::format("  {:<{}}", remote.delayS ? fmt::format("{:.3f} s", *remote.delayS) : "?", column);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::move(line));
    }
    return lines;
}

ordered_json statusJson(const DatabaseSeen& seen) {
    ordered_json remotes = ordered_json::array();
    ordered_json latencies = ordered_json::array();
    for (const auto& [id, remote] : seen.remotes) {
        remotes.push_back({{"clusterId", std::stoi(id)}, {"state", remote.state}, {"role", remote.role}});
        ordered_json delay = remote.delayS ? ordered_json(*remote.delayS) : ordered_json(nullptr);
        latencies.push_back({{"clusterId", std::stoi(id)}, {"delay", std::move(delay)}});
    }
    ordered_json members = ordered_json::array();
    for (std::size_t at = 0; at < seen.hosts.size(); ++at) {
        members.push_back({{"hostId", at}, {"hostname", seen.hosts[at]}, {"replicationLatencies", latencies}});
    }
    return {{"clusterId", seen.id},          {"version", seen.version},
            {"hostcount", seen.hostcount},   {"kfactor", seen.kfactor},
            {"livehost", seen.hosts.size()}, {"uptime", seen.uptime},
            {"remoteClusters", remotes},     {"members", members}};
}

}  // namespace

Result<Outcome> databaseStatus(DatabaseWorld& world, const std::vector<HostPlace>& places,
                               const DatabaseStatusWords& words) {
    const auto seen = lookAtDatabase(world, places);
    if (!seen) return seen.error();
    std::vector<DatabaseSeen> all{*seen};
    Outcome outcome;
    if (words.remotes) {
        const auto others = world.hosts({});
        std::map<std::string, std::vector<HostPlace>> clusters;
        if (others) {
            for (const HostPlace& place : *others) clusters[place.cluster].push_back(place);
        }
        for (const auto& [name, hosts] : clusters) {
            if (hosts.front().cluster == places.front().cluster) continue;
            const auto setup = world.setup(hosts.front());
            const bool isRemote =
                setup && setup->cluster.id && seen->remotes.contains(std::to_string(*setup->cluster.id));
            if (!isRemote) continue;
            const auto remote = lookAtDatabase(world, hosts);
            if (remote) {
                all.push_back(*remote);
            } else {
                outcome.warnings.push_back(fmt::format("{} cannot be asked: {}", name, remote.error().what));
            }
        }
    }
    if (words.json) {
        ordered_json documents = ordered_json::array();
        for (const DatabaseSeen& each : all) documents.push_back(statusJson(each));
        outcome.lines.push_back(documents.dump(2));
        return outcome;
    }
    for (const DatabaseSeen& each : all) {
        if (!outcome.lines.empty()) outcome.lines.emplace_back();
        const auto lines = statusLines(each);
        outcome.lines.insert(outcome.lines.end(), lines.begin(), lines.end());
    }
    for (const std::string& warning : outcome.warnings) outcome.lines.push_back(warning);
    return outcome;
}

}  // namespace tributary::app
