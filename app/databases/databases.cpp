// Up, down and a look, over deployment files, processes and control sockets.
#include "app/databases/databases.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "app/daemon/processes.h"
#include "app/databases/databasefiles.h"
#include "app/databases/databaselook.h"
#include "app/databases/secondmaster.h"
#include "core/base/text.h"
#include "core/systems/naming.h"
#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

constexpr std::string_view kVoltDb = "voltdb";

Millis nowUtcMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

class Databases final : public MemberSystem {
public:
    [[nodiscard]] std::vector<std::string> clusters(const WorkspacePaths& paths,
                                                    const Topology& topology) const override {
        std::vector<std::string> out;
        for (const Cluster& each : topology.clusters) {
            if (each.system == kVoltDb) out.push_back(each.name);
        }
        for (std::string& each : madeClusters(paths)) {
            if (std::find(out.begin(), out.end(), each) == out.end()) out.push_back(std::move(each));
        }
        return out;
    }

    [[nodiscard]] std::vector<Cluster> undrawn(const WorkspacePaths& paths, const Topology& topology) const override {
        std::vector<Cluster> out;
        const auto hosts = findHosts(paths.root, {});
        if (!hosts) return out;
        for (const HostPlace& place : *hosts) {
            if (topology.cluster(place.cluster) != nullptr) continue;
            if (out.empty() || out.back().name != place.cluster) {
                out.emplace_back();
                out.back().name = place.cluster;
                out.back().system = kVoltDb;
            }
            out.back().members.emplace_back().name = place.name;
        }
        return out;
    }

    [[nodiscard]] Result<MembersStarted> start(const WorkspacePaths& paths, const Topology& topology,
                                               const std::vector<std::string>& clusters) const override {
        if (Status one = requireOneMaster(paths, topology, clusters); !one) return one.error();
        const auto made = makeDatabaseFiles(paths, topology, clusters);
        if (!made) return made.error();
        MembersStarted out;
        out.notes = made->notes;
        for (const std::string& name : clusters) {
            if (topology.cluster(name) == nullptr) continue;
            for (const HostPlace& place : hostsOf(paths, topology, name)) {
                if (Status started = startMember(place, topology, out); !started) {
                    out.problem = started.error();
                    return out;
                }
            }
        }
        return out;
    }

    [[nodiscard]] MembersStopped stop(const WorkspacePaths& paths, const Topology& topology,
                                      const std::vector<std::string>& clusters) const override {
        MembersStopped out;
        for (const std::string& name : clusters) {
            for (const HostPlace& place : hostsOf(paths, topology, name)) {
                const std::string member = joinedMember(name, place.name);
                const auto seen = lookAtHost(place);
                if (!seen) {
                    out.notStopped.emplace_back(member, seen.error());
                } else if (seen->life != HostLife::Running) {
                    out.alreadyDown.push_back(member);
                } else if (const Status stopped = stopMember(place, seen->pid); !stopped) {
                    out.notStopped.emplace_back(member, stopped.error());
                } else {
                    out.stopped.push_back(member);
                }
            }
        }
        return out;
    }

    [[nodiscard]] bool makesAnew(std::string_view name) const override {
        if (!name.starts_with("voltdb/") || name.find("/voltdbroot/") == std::string_view::npos) return false;
        constexpr std::array<std::string_view, 5> kEnds{"/voltdbroot/control.key", "/voltdbroot/identity.json",
                                                        "/voltdbroot/voltdb.pid", "/voltdbroot/replication.address",
                                                        "/voltdbroot/command_log/lock"};
        return name.ends_with(".db-shm") ||
               std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return name.ends_with(end); });
    }

    [[nodiscard]] Result<std::vector<MemberVolume>> volumes(const WorkspacePaths& paths) const override {
        std::vector<MemberVolume> out;
        engine::RealFileOps files;
        const auto hosts = findHosts(paths.root, {});
        if (!hosts) return hosts.error();
        for (const HostPlace& place : *hosts) {
            if (files.exists(place.lockFile())) out.push_back({"host " + place.title(), place.volume(), {}});
        }
        return out;
    }

    [[nodiscard]] ClusterLook look(const WorkspacePaths& paths, const Topology& topology,
                                   const Cluster& cluster) const override {
        const std::vector<HostPlace> places = hostsOf(paths, topology, cluster.name);
        std::vector<HostHeard> heard;
        heard.reserve(places.size());
        for (const HostPlace& place : places) heard.push_back(hearHost(place, nowUtcMs()));
        std::map<std::int64_t, std::string> names;
        for (const Cluster& each : topology.clusters) {
            const bool isNamed = each.system == kVoltDb && each.id && !each.members.empty();
            if (isNamed) names[*each.id] = joinedMember(each.name, each.members.front().name);
        }
        // How far behind a consumer is only its producer knows, of what it has not fetched yet.
        const auto queuesOf = [&](std::int64_t id) -> std::optional<NamedRows> {
            for (const Cluster& each : topology.clusters) {
                if (each.system != kVoltDb || each.id != id) continue;
                for (const HostPlace& place : hostsOf(paths, topology, each.name)) {
                    if (auto queues = hearQueues(place)) return queues;
                }
            }
            return std::nullopt;
        };
        ClusterLook look = databaseLookOf(cluster, places, heard, names, queuesOf);
        spellAsDrawn(topology, cluster.name, look.datasets);
        addUntold(topology, cluster, look);
        return look;
    }

private:
    /// A drawn connection that the consumer says nothing of waits for its producer: it has no row before the two have
    /// spoken, and none when what it knew of the other is gone.
    static void addUntold(const Topology& topology, const Cluster& cluster, ClusterLook& look) {
        const bool fetches = look.role == "replica" || look.role == "xdcr";
        if (!look.answered || !fetches || cluster.members.empty()) return;
        for (const Connection& each : topology.connections) {
            const Cluster* from = each.at == cluster.name ? topology.cluster(each.from) : nullptr;
            if (from == nullptr || from->members.empty()) continue;
            const bool isTold = std::any_of(look.edges.begin(), look.edges.end(), [&](const EdgeLook& edge) {
                return endpointOf(edge.from).cluster == each.from;
            });
            if (isTold) continue;
            EdgeLook edge;
            edge.from = joinedMember(from->name, from->members.front().name);
            edge.to = joinedMember(cluster.name, cluster.members.front().name);
            edge.state = "pending";
            look.edges.push_back(std::move(edge));
        }
    }
    /// SQL knows no case in names; a drawing has its own spelling of them.
    static void spellAsDrawn(const Topology& topology, const std::string& cluster, std::vector<std::string>& names) {
        for (std::string& name : names) {
            for (const Dataset& drawn : topology.datasets) {
                const Endpoint end = endpointOf(drawn.path);
                if (end.cluster == cluster && toLower(end.dataset) == toLower(name)) name = end.dataset;
            }
        }
    }
    /// What is stopped by a signal does nothing until it is continued: it is neither up nor down.
    static Status answering(const HostPlace& place, std::int64_t pid) {
        const ProcessState state = stateOf({pid, startTicksOf(pid)});
        if (state != ProcessState::Stopped) return okStatus();
        return unansweringError(pid, state, "runs host " + place.title(), place.logFile());
    }
    static Status stopMember(const HostPlace& place, std::int64_t pid) {
        if (Status answers = answering(place, pid); !answers) return answers;
        const auto stopped = stopHost(place, pid);
        return stopped ? okStatus() : Status(stopped.error());
    }
    static Status startMember(const HostPlace& place, const Topology& topology, MembersStarted& out) {
        const std::string member = joinedMember(place.cluster, place.name);
        const auto seen = lookAtHost(place);
        if (!seen) return seen.error();
        if (seen->life == HostLife::Running) {
            if (Status answers = answering(place, seen->pid); !answers) return answers;
            out.running.push_back(member);
            return okStatus();
        }
        const auto setup = readHost(place);
        if (!setup) return setup.error();
        const Cluster* cluster = topology.cluster(place.cluster);
        const Member* drawn = cluster == nullptr ? nullptr : cluster->member(place.name);
        HostStart how;
        if (drawn != nullptr) how.replication = drawn->listen;
        for (const Cluster& each : topology.clusters) {
            if (each.system != kVoltDb) continue;
            for (const Member& other : each.members) how.addresses[other.name] = other.listen;
        }
        if (Status started = startHost(place, *setup, how); !started) return started;
        out.started.push_back(member);
        return okStatus();
    }
};

}  // namespace

const MemberSystem& databases() {
    static const Databases kSystemOfDatabases;
    return kSystemOfDatabases;
}

}  // namespace tributary::app
