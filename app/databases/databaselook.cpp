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

}  // namespace

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
    heard.tables = rowsOf(**door, "@SystemCatalog", {"TABLES"});
    return heard;
}

std::optional<NamedRows> hearQueues(const HostPlace& place) {
    const auto seen = lookAtHost(place);
    if (!seen || seen->life != HostLife::Running) return std::nullopt;
    if (stateOf({seen->pid, startTicksOf(seen->pid)}) == ProcessState::Stopped) return std::nullopt;
    const auto door = DatabaseDoor::connect(place, kHostPatienceMs);
    return door ? rowsOf(**door, "@Statistics", {"DRPRODUCERPARTITION", "0"}) : std::nullopt;
}

ClusterLook databaseLookOf(const Cluster& cluster, const std::vector<HostPlace>& places,
                           const std::vector<HostHeard>& heard, const std::map<std::int64_t, std::string>& clusterOfId,
                           const QueuesOf& queuesOf) {
    ClusterLook look;
    for (std::size_t at = 0; at < places.size(); ++at) {
        const HostHeard& one = heard[at];
        look.members.push_back(hostLook(cluster, places[at], one));
        if (one.tables) {
            look.answered = true;
            look.datasets = replicatedNames(*one.tables);
        }
        if (!one.role) continue;
        if (one.role->size() > 0) look.role = toLower(one.role->at(0, "ROLE"));
        const EdgeOwner owner{one.overview ? toldValue(*one.overview, "CLUSTERID") : std::string(),
                              joinedMember(cluster.name, places.front().name)};
        look.edges = edgesOf(*one.role, owner, clusterOfId, queuesOf);
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
