// Up, down and a look, over environment, processes and control sockets.
#include "app/instances/replicasets.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <map>

#include "app/daemon/processes.h"
#include "app/instances/environment.h"
#include "app/instances/instancebox.h"
#include "app/instances/instanceprocess.h"
#include "app/instances/replicasetlook.h"
#include "app/instances/spacefingerprint.h"
#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/tarantool/vocabulary.h"
#include "engine/machine/realfileops.h"
#include "engine/systems/tarantool/instance/instancekind.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr std::string_view kSystem = "tarantool";
constexpr Millis kPatienceMs = 3'000;  ///< an instance that says nothing for so long is not waited for
constexpr Millis kDataMs = 10'000;     ///< joins among neighbours take less
constexpr int kDataLookMs = 20;
constexpr BytesView kNoWords("\x90", 1);

/// The instances of a replica set: as configured, and drawn ones that are not configured yet.
struct Members {
    std::optional<Error> unread;  ///< why their configuration cannot be read
    Cluster configured;
    std::vector<Peer> peers;
    std::vector<InstancePlace> places;
};

InstancePlace placeOf(const std::string& root, const std::string& app, const std::string& name) {
    return {app, name, root + "/instances.enabled/" + app};
}

/// What cannot be read counts as not configured: whoever starts the instances is told why.
Members membersOf(const std::string& root, const Topology& topology, const Cluster& cluster) {
    const std::string app = tarantool::appOf(cluster);
    Members out;
    const auto configured = configuredTopology(root, app);
    if (!configured && configured.error().code != ErrorCode::NotFound) out.unread = configured.error();
    const Cluster* there = configured ? configured.value().cluster(cluster.name) : nullptr;
    out.configured = there != nullptr ? *there : cluster;
    out.peers = there != nullptr ? configured.value().peers : topology.peers;
    for (const Member& each : out.configured.members) out.places.push_back(placeOf(root, app, each.name));
    for (const Member& each : cluster.members) {
        if (out.configured.member(each.name) == nullptr) out.places.push_back(placeOf(root, app, each.name));
    }
    return out;
}

/// Replica sets that files of the workspace configure, by application.
std::vector<Cluster> configuredClusters(const std::string& root) {
    std::vector<Cluster> out;
    for (const std::string& app : findApplications(root)) {
        const auto configured = configuredTopology(root, app);
        if (!configured) continue;
        for (const Cluster& each : configured.value().clusters) out.push_back(each);
    }
    return out;
}

/// As drawn, else as configured.
std::optional<Cluster> clusterNamed(const std::string& root, const Topology& topology, const std::string& name) {
    if (const Cluster* drawn = topology.cluster(name); drawn != nullptr && drawn->system == kSystem) return *drawn;
    for (Cluster& each : configuredClusters(root)) {
        if (each.name == name) return std::move(each);
    }
    return std::nullopt;
}

/// What is stopped by a signal does nothing until it is continued, and is not waited for.
std::optional<Error> stoppedError(const InstancePlace& place, std::int64_t pid) {
    const ProcessState state = stateOf({pid, startTicksOf(pid)});
    if (state != ProcessState::Stopped) return std::nullopt;
    return unansweringError(pid, state, "runs instance " + place.title(), place.logFile());
}

/// Old instances have none; one that stops answering meanwhile is found silent at the next look.
std::vector<MemberAlert> alertsAt(InstanceBox& box) {
    const tt::BoxAnswer answer = box.call("config", kNoWords);
    const auto* encoded = std::get_if<Bytes>(&answer);
    auto alerts = encoded == nullptr ? Result<std::vector<MemberAlert>>(Error{}) : readAlerts(*encoded);
    return alerts ? std::move(alerts).value() : std::vector<MemberAlert>();
}

InstanceHeard hear(const InstancePlace& place) {
    InstanceHeard heard;
    heard.name = place.name;
    const auto seen = lookAt(place);
    if (!seen) {
        heard.silence = seen.error();
        return heard;
    }
    heard.seen = seen.value();
    if (heard.seen.life != InstanceLife::Running) return heard;
    heard.silence = stoppedError(place, heard.seen.pid);
    if (heard.silence) return heard;
    auto box = InstanceBox::connect(place, kPatienceMs);
    if (!box) {
        heard.silence = box.error();
        return heard;
    }
    const tt::BoxAnswer answer = box.value()->call("info", kNoWords);
    if (const auto* encoded = std::get_if<Bytes>(&answer)) {
        auto info = readBoxInfo(*encoded);
        if (info) {
            heard.info = std::move(info).value();
            heard.alerts = alertsAt(*box.value());
        } else {
            heard.silence = info.error();
        }
    } else {
        const auto& failure = std::get<tt::BoxFailure>(answer);
        heard.silence = Error{ErrorCode::Unavailable, failure.message, {}, {}};
    }
    return heard;
}

/// Names of spaces, of the first instance that tells them.
std::optional<std::vector<std::string>> spacesAt(const std::vector<InstancePlace>& places,
                                                 const std::vector<InstanceHeard>& heard) {
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!heard[i].info || heard[i].info->status == "loading") continue;
        auto box = InstanceBox::connect(places[i], kPatienceMs);
        if (!box) continue;
        if (auto names = replicatedSpaces(*box.value())) return std::move(names).value();
    }
    return std::nullopt;
}

/// Running instances read a configuration that has changed.
void reload(const InstancePlace& place, std::vector<std::string>& notes) {
    auto box = InstanceBox::connect(place, kPatienceMs);
    if (!box) return;
    const tt::BoxAnswer answer = box.value()->call("reload", kNoWords);
    const auto* failure = std::get_if<tt::BoxFailure>(&answer);
    notes.push_back(failure == nullptr
                        ? fmt::format("{} has read its configuration anew", place.title())
                        : fmt::format("{} goes on as it was configured before: {}", place.title(), failure->message));
}

/// Until those who were started have their data. Who waits for longer waits for somebody: that is told.
void awaitData(const std::vector<InstancePlace>& started, std::vector<std::string>& notes) {
    Millis waited = 0;
    for (const InstancePlace& place : started) {
        while (true) {
            const InstanceHeard heard = hear(place);
            if (!heard.info || heard.info->status != "loading") break;
            if (waited >= kDataMs) {
                notes.push_back(fmt::format(
                    "{} has no data yet and waits for the others of its replica set: tributary status", place.title()));
                break;
            }
            (void)::poll(nullptr, 0, kDataLookMs);
            waited += kDataLookMs;
        }
    }
}

class ReplicaSets final : public MemberSystem {
public:
    [[nodiscard]] std::vector<std::string> clusters(const WorkspacePaths& paths,
                                                    const Topology& topology) const override {
        std::vector<std::string> out;
        for (const Cluster& each : topology.clusters) {
            if (each.system == kSystem) out.push_back(each.name);
        }
        for (const Cluster& each : configuredClusters(paths.root)) {
            if (std::find(out.begin(), out.end(), each.name) == out.end()) out.push_back(each.name);
        }
        return out;
    }

    [[nodiscard]] std::vector<Cluster> undrawn(const WorkspacePaths& paths, const Topology& topology) const override {
        std::vector<Cluster> out = configuredClusters(paths.root);
        std::erase_if(out, [&](const Cluster& each) { return topology.cluster(each.name) != nullptr; });
        return out;
    }

    [[nodiscard]] Result<MembersStarted> start(const WorkspacePaths& paths, const Topology& topology,
                                               const std::vector<std::string>& clusters) const override {
        const auto made = makeEnvironment(paths, topology, clusters);
        if (!made) return made.error();
        MembersStarted out;
        out.notes = made.value().notes;
        std::vector<InstancePlace> fresh;
        for (const std::string& name : clusters) {
            const Cluster* drawn = topology.cluster(name);
            if (drawn == nullptr) continue;
            const Members members = membersOf(paths.root, topology, *drawn);
            const auto& changed = made.value().changed;
            const bool isChanged = std::find(changed.begin(), changed.end(), tarantool::appOf(*drawn)) != changed.end();
            for (const InstancePlace& place : members.places) {
                const std::size_t before = out.started.size();
                if (Status started = startMember(place, name, isChanged, out); !started) {
                    out.problem = started.error();
                    return out;
                }
                if (out.started.size() > before) fresh.push_back(place);
            }
        }
        awaitData(fresh, out.notes);
        return out;
    }

    [[nodiscard]] MembersStopped stop(const WorkspacePaths& paths, const Topology& topology,
                                      const std::vector<std::string>& clusters) const override {
        MembersStopped out;
        for (const std::string& name : clusters) {
            const auto cluster = clusterNamed(paths.root, topology, name);
            if (!cluster) continue;
            for (const InstancePlace& place : membersOf(paths.root, topology, *cluster).places) {
                const std::string member = joinedMember(name, place.name);
                const auto seen = lookAt(place);
                if (!seen) {
                    out.notStopped.emplace_back(member, seen.error());
                } else if (seen.value().life != InstanceLife::Running) {
                    out.alreadyDown.push_back(member);
                } else if (const Status stopped = stopMember(place, seen.value().pid); !stopped) {
                    out.notStopped.emplace_back(member, stopped.error());
                } else {
                    out.stopped.push_back(member);
                }
            }
        }
        return out;
    }

    [[nodiscard]] bool makesAnew(std::string_view name) const override {
        if (!name.starts_with("instances.enabled/")) return false;
        const bool isRun = name.find("/var/run/") != std::string_view::npos;
        const bool isLib = name.find("/var/lib/") != std::string_view::npos;
        return (isRun && (name.ends_with("/control.key") || name.ends_with("/tt.pid"))) ||
               (isLib && (name.ends_with("/identity.json") || name.ends_with("/lock") || name.ends_with(".db-shm")));
    }

    [[nodiscard]] Result<std::vector<MemberVolume>> volumes(const WorkspacePaths& paths) const override {
        std::vector<MemberVolume> out;
        engine::RealFileOps files;
        const std::string enabled = paths.root + "/instances.enabled";
        if (!files.exists(enabled)) return out;
        const auto apps = files.list(enabled);
        if (!apps) return apps.error();
        for (const std::string& app : apps.value()) {
            const std::string lib = enabled + "/" + app + "/var/lib";
            if (!files.exists(lib)) continue;
            const auto names = files.list(lib);
            if (!names) return names.error();
            for (const std::string& name : names.value()) {
                const InstancePlace place = placeOf(paths.root, app, name);
                if (files.exists(place.lockFile())) {
                    out.push_back({"instance " + place.title(), place.volume(), tt::onlyInstance(nullptr)->volume});
                }
            }
        }
        return out;
    }

    [[nodiscard]] ClusterLook look(const WorkspacePaths& paths, const Topology& topology,
                                   const Cluster& cluster) const override {
        const Members members = membersOf(paths.root, topology, cluster);
        std::vector<InstanceHeard> heard;
        heard.reserve(members.places.size());
        for (const InstancePlace& place : members.places) heard.push_back(hear(place));
        ClusterLook out = lookOf(members.configured, members.peers, topology.cluster(cluster.name), heard);
        if (members.unread) out.reason += (out.reason.empty() ? "" : "; ") + members.unread->text();
        if (auto names = spacesAt(members.places, heard)) {
            out.datasets = std::move(*names);
        } else {
            out.answered = false;
        }
        return out;
    }

private:
    static Status stopMember(const InstancePlace& place, std::int64_t pid) {
        if (const auto silent = stoppedError(place, pid)) return *silent;
        const auto stopped = stopInstance(place, pid);
        return stopped ? okStatus() : Status(stopped.error());
    }
    static Status startMember(const InstancePlace& place, const std::string& cluster, bool isChanged,
                              MembersStarted& out) {
        const std::string member = joinedMember(cluster, place.name);
        const auto seen = lookAt(place);
        if (!seen) return seen.error();
        if (seen.value().life == InstanceLife::Running) {
            if (auto stopped = stoppedError(place, seen.value().pid)) return *stopped;
            out.running.push_back(member);
            if (isChanged) reload(place, out.notes);
            return okStatus();
        }
        const auto setup = readInstance(place);
        if (!setup) return setup.error();
        if (Status started = startInstance(place, setup.value()); !started) return started;
        out.started.push_back(member);
        return okStatus();
    }
};

}  // namespace

const MemberSystem& replicaSets() {
    static const ReplicaSets kSystemOfInstances;
    return kSystemOfInstances;
}

Result<InstancePlace> findMember(const std::string& root, const Topology& topology, const std::string& cluster,
                                 const std::string& member) {
    const auto known = clusterNamed(root, topology, cluster);
    if (!known) return Error{ErrorCode::NotFound, fmt::format("there is no replica set {}", cluster), {}, {}};
    const Members members = membersOf(root, topology, *known);
    std::vector<std::string> names;
    for (const InstancePlace& place : members.places) {
        if (place.name == member) return place;
        names.push_back(joinedMember(cluster, place.name));
    }
    return Error{
        ErrorCode::NotFound, fmt::format("{} has no instance {}", cluster, member), {}, "one of: " + join(names, ", ")};
}

}  // namespace tributary::app
