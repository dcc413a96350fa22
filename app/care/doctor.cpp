// The examination, from the machine to the links.
#include "app/care/doctor.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "app/care/modescheck.h"
#include "app/care/portowner.h"
#include "app/care/volumecheck.h"
#include "app/daemon/clustercertificates.h"
#include "app/daemon/session.h"
#include "app/observe/clocks.h"
#include "app/observe/statusmodel.h"
#include "app/systems/membersystem.h"
#include "core/base/hostport.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "core/workspace/settings.h"
#include "engine/admin/tableadmincalls.h"
#include "engine/machine/realfileops.h"
#include "engine/net/blockingchannel.h"
#include "engine/net/endpoints.h"

namespace tributary::app {
namespace {

constexpr std::uint64_t kSpaceTight = 1'000'000'000;
constexpr std::uint64_t kSpaceNone = 100'000'000;
constexpr Millis kConnectMs = 500;
constexpr std::int64_t kCertificateDaysTight = 30;

bool isOnPath(const std::string& program) {
    const char* path = std::getenv("PATH");
    for (const std::string& folder : split(path == nullptr ? "" : path, ':')) {
        if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
    }
    return false;
}

class Doctor {
public:
    Doctor(std::string workspaceDir, std::string user, HealthDepth depth)
        : workspaceDir_(std::move(workspaceDir)), user_(std::move(user)), depth_(depth) {}

    std::vector<HealthFinding> examine() {
        add("version", Health::Good, TRIBUTARY_VERSION);
        for (const char* tool : {"bash", "jq", "flock", "timeout"}) {
            if (isOnPath(tool)) {
                add(tool, Health::Good, "is on PATH");
            } else {
                add(tool, Health::Warning, "is not on PATH; exported scripts need it",
                    fmt::format("apt-get install {}", std::string_view(tool) == "flock"     ? "util-linux"
                                                      : std::string_view(tool) == "timeout" ? "coreutils"
                                                                                            : tool));
            }
        }
        const auto paths = findWorkspace(workspaceDir_);
        if (!paths) {
            add("workspace", Health::Warning, paths.error().text(), paths.error().fix);
            return std::move(findings_);
        }
        files(*paths);
        if (depth_ == HealthDepth::Deep) volumes(*paths);
        clusters();
        return std::move(findings_);
    }

private:
    void add(std::string subject, Health health, std::string detail, std::string fix = {}) {
        findings_.push_back({std::move(subject), health, std::move(detail), std::move(fix)});
    }
    void bad(std::string subject, const Error& error) {
        add(std::move(subject), Health::Bad, error.text(), error.fix.empty() ? "correct it" : error.fix);
    }

    void files(const WorkspacePaths& paths) {
        if (const auto workspace = openWorkspace(paths); workspace) {
            add("drawing", Health::Good, paths.topology());
        } else {
            bad("drawing", workspace.error());
        }
        settings(paths);
        for (HealthFinding& each : examineModes(paths)) findings_.push_back(std::move(each));
        struct statvfs space {};
        if (::statvfs(paths.root.c_str(), &space) == 0) {
            const std::uint64_t free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
            const Health health = free < kSpaceNone ? Health::Bad : free < kSpaceTight ? Health::Warning : Health::Good;
            add("space", health, humanBytes(free) + " free at " + paths.root,
                health == Health::Good ? "" : "a full disk makes clusters read-only: free some");
        }
        std::vector<std::string> keys{paths.state() + "/secret"};
        std::error_code ignored;
        for (const auto& each : std::filesystem::directory_iterator(paths.state() + "/clusters", ignored)) {
            keys.push_back(each.path().string() + "/key");
        }
        std::sort(keys.begin() + 1, keys.end());
        for (const std::string& key : keys) closedKey(key);
        certificates(paths);
    }

    /// Each cluster that has certificates, drawn or not.
    void certificates(const WorkspacePaths& paths) {
        const ClusterCertificates certificates(paths);
        std::vector<std::string> clusters;
        std::error_code ignored;
        for (const auto& each : std::filesystem::directory_iterator(paths.state() + "/clusters", ignored)) {
            clusters.push_back(each.path().filename().string());
        }
        std::sort(clusters.begin(), clusters.end());
        const std::int64_t nowS = wallNowMs() / 1000;
        for (const std::string& cluster : clusters) {
            if (certificates.wanted(cluster)) certificate(certificates, cluster, nowS);
        }
    }

    void certificate(const ClusterCertificates& certificates, const std::string& cluster, std::int64_t nowS) {
        const std::string subject = "certificate of " + cluster;
        const auto held = certificates.holds(cluster, nowS);
        if (!held) return bad(subject, held.error());
        const std::int64_t days = engine::daysUntil(held.value().endsS, nowS);
        if (days > kCertificateDaysTight) {
            return add(subject, Health::Good, fmt::format("holds until {}", engine::dayOf(held.value().endsS)));
        }
        const auto named = certificates.named(cluster);
        add(subject, Health::Warning, fmt::format("ends in {} days", days),
            named && named.value() ? "have its authority make another" : "tributary cert rotate " + cluster);
    }

    /// Who knows a cluster's key is let in by it.
    void closedKey(const std::string& path) {
        struct stat info {};
        if (::stat(path.c_str(), &info) != 0) return;
        const bool closed = (info.st_mode & 077U) == 0;
        const std::filesystem::path at(path);
        const std::string name =
            at.filename() == "key" ? "key of " + at.parent_path().filename().string() : at.filename().string();
        add(name, closed ? Health::Good : Health::Bad, closed ? "only its owner can read it" : "others can read it",
            closed ? "" : fmt::format("chmod 600 {}", engine::maprdb::shellWord(path)));
    }

    void settings(const WorkspacePaths& paths) {
        const auto settings = loadSettings(paths);
        if (!settings) return bad("settings", settings.error());
        const std::vector<std::string>& hook = settings.value().alarmHook;
        if (hook.empty()) return;
        const bool runs = ::access(hook.front().c_str(), X_OK) == 0;
        add("alarm hook", runs ? Health::Good : Health::Bad,
            hook.front() + (runs ? " can be run" : " is no program that can be run"),
            runs ? "" : fmt::format("chmod +x it, or correct {}", settingsPath(paths)));
    }

    /// Every page and every snapshot: what was written?
    void volumes(const WorkspacePaths& paths) {
        engine::RealFileOps files;
        for (const MemberSystem* system : memberSystems()) {
            const auto members = system->volumes(paths);
            if (!members) bad("volumes", members.error());
            if (!members) continue;
            for (const MemberVolume& each : *members) volumeContent(files, each);
        }
        const std::string clusters = paths.state() + "/clusters";
        if (!files.exists(clusters)) return;
        const auto names = files.list(clusters);
        if (!names) return bad("volumes", names.error());
        for (const std::string& name : names.value()) {
            const std::string volume = clusters + "/" + name + "/volume";
            if (files.exists(volume)) volumeContent(files, {name, volume, {}});
        }
    }
    void volumeContent(engine::RealFileOps& files, const MemberVolume& volume) {
        const std::string subject = "content of " + volume.title;
        const auto lock = files.lock(volume.folder + "/lock");
        if (!lock) {
            return add(subject, Health::Warning, "is in use: its pages are compared when it is down",
                       "tributary down, then tributary doctor --deep");
        }
        const auto check = checkVolume(files, volume.folder, volume.shape);
        if (!check) return bad(subject, check.error());
        std::string seen = fmt::format("{} files, {} pages and {} entries of the log are what was written",
                                       check->files, check->pages, check->entries);
        if (check->unchecked > 0) seen += fmt::format("; {} files of version 1 carry no checksums", check->unchecked);
        add(subject, Health::Good, seen);
    }

    void clusters() {
        auto session = Session::open({workspaceDir_, user_, false});
        if (!session) return;  // the drawing's finding has the reason
        const WorkspaceStatus status = collectStatus(**session);
        for (const ClusterRow& cluster : status.clusters) {
            if (cluster.ofMembers) {
                members(cluster);
                continue;
            }
            const bool down = cluster.state == "down";
            const std::string subject = "cluster " + cluster.name;
            if (cluster.state == "up" && !cluster.moved.empty()) {
                add(subject, Health::Bad, cluster.moved, cluster.fix);
            } else if (cluster.state == "up") {
                add(subject, Health::Good, fmt::format("up, process {}", cluster.pid));
            } else if (down) {
                add(subject, Health::Warning, "down", "tributary up");
            } else {
                add(subject, Health::Bad, (cluster.state == "?" ? "unknown" : cluster.state) + ": " + cluster.reason,
                    cluster.fix.empty() ? "tributary status" : cluster.fix);
            }
            volume((*session)->engine(), cluster.name, down);
            if (down) {
                ports((*session)->topology(), cluster.name);
                sockets((*session)->engine(), cluster.name);
            } else {
                version((*session)->engine(), cluster.name);
            }
            for (const GatewayRow& gateway : cluster.gateways) {
                if (gateway.running && !*gateway.running)
                    add("gateway " + gateway.name, Health::Bad, "stopped", "tributary fault clear");
            }
            for (const AlarmRow& alarm : cluster.alarms)
                add("alarm", Health::Warning, alarm.name + " " + alarm.entity, "tributary status");
        }
        for (const LinkRow& link : status.links) {
            const std::string name = link.from + " -> " + link.to;
            if (const std::string diverged = divergedNote(link); !diverged.empty()) {
                add("link", Health::Warning, name + ": " + diverged,
                    fmt::format("tributary run replica-resync --set source={} --set replica={}", link.from, link.to));
            }
            if (!link.error.empty()) {
                add("link", Health::Warning, name + ": " + link.error,
                    link.state == "stalled" ? copyAgainCommand(link) : "tributary watch");
            } else if (const std::string note = linkNote(link); !note.empty() && link.health() == LinkHealth::Held) {
                add("link", Health::Warning, name + ": " + note, resumeOf(link));
            } else if (link.health() == LinkHealth::Bad) {
                add("link", Health::Warning, name + ": " + (link.fault.empty() ? link.state : link.fault),
                    "tributary fault list");
            }
        }
        metricsPage((*session)->engine());
        datasets(status);
        undrawn((*session)->engine(), (*session)->topology());
    }

    void members(const ClusterRow& cluster) {
        for (const MemberLook& member : cluster.members) {
            const std::string subject = "instance " + member.name;
            const std::string why = member.reason.empty() ? std::string() : ": " + member.reason;
            if (member.state == "running") {
                add(subject, Health::Good, fmt::format("running, process {}", member.pid));
            } else if (member.state == "down") {
                add(subject, Health::Warning, "down", "tributary up");
            } else {
                add(subject, Health::Bad, (member.state == "?" ? "unknown" : member.state) + why,
                    member.fix.empty() ? "tributary status" : member.fix);
            }
            for (const MemberAlert& alert : member.alerts) add(subject, Health::Warning, alert.message);
        }
    }

    static std::string resumeOf(const LinkRow& link) {
        if (link.state != "paused") return "tributary watch";
        return resumeCommand(link);
    }

    /// A volume that a running cluster holds is its own; one that another program holds keeps the cluster from
    /// starting.
    void volume(const WorkspaceEngine& engine, const std::string& cluster, bool down) {
        const std::string folder = engine.clusterDir(cluster) + "/volume";
        engine::RealFileOps files;
        if (!files.exists(folder)) {
            return add("volume " + cluster, Health::Good, "not made yet; the first start makes it");
        }
        std::uint64_t bytes = 0;
        std::error_code problem;
        auto at = std::filesystem::recursive_directory_iterator(folder, problem);
        for (const auto end = std::filesystem::recursive_directory_iterator(); !problem && at != end;
             at.increment(problem)) {
            if (at->is_regular_file(problem)) bytes += at->file_size(problem);
        }
        if (problem) {
            return add("volume " + cluster, Health::Bad, folder + ": " + problem.message(), "mend its permissions");
        }
        const auto holder = holderOfLock(engine.lockPath(cluster));
        if (!holder) return bad("volume " + cluster, holder.error());
        if (down && holder.value()) {
            return add("volume " + cluster, Health::Bad, fmt::format("process {} holds it", **holder),
                       fmt::format("see what it is: ps -p {}", **holder));
        }
        add("volume " + cluster, Health::Good, humanBytes(bytes));
    }

    void ports(const Topology& topology, const std::string& cluster) {
        for (const Gateway& gateway : topology.cluster(cluster)->gateways) {
            const auto at = parseHostPort(gateway.address);
            if (!at) continue;
            const std::uint16_t port = at->port;
            if (engine::isPortFree(at->host, port)) {
                add("port of " + gateway.name, Health::Good, fmt::format("{} is free", port));
                continue;
            }
            const std::string owner = ownerOfPort(port);
            add("port of " + gateway.name, Health::Bad,
                fmt::format("{} is taken by {}", port, owner.empty() ? "a connection that ends" : owner),
                fmt::format("stop that, or draw another address for {}", gateway.name));
        }
    }

    /// A socket file that nobody answers on: harmless, but it says that a process ended without cleaning up.
    void sockets(const WorkspaceEngine& engine, const std::string& cluster) {
        for (const char* what : {"control", "host"}) {
            engine::Endpoint at;
            at.localPath = engine.socketPath(cluster, what);
            if (::access(at.localPath.c_str(), F_OK) != 0) continue;
            if (engine::BlockingChannel::connect(at, kConnectMs)) continue;
            add("socket", Health::Warning, at.localPath + " was left behind: its process was killed",
                "tributary up replaces it");
        }
    }

    /// The page for Prometheus, with its path: a long one is moved to the user's runtime folder.
    void metricsPage(const WorkspaceEngine& engine) {
        engine::Endpoint at;
        at.localPath = engine.metricsSocket();
        if (::access(at.localPath.c_str(), F_OK) != 0) return;
        auto channel = engine::BlockingChannel::connect(at, kConnectMs);
        if (channel) {
            const std::string question = "GET /metrics HTTP/1.0\r\n\r\n";
            const bool answers = channel->send(question, kConnectMs).ok() && channel->receiveSome(2 * kConnectMs).ok();
            if (answers) return add("metrics", Health::Good, "answers on " + at.localPath);
            return add(
                "metrics", Health::Warning,
                fmt::format("{} is open, and nothing answered within {} s", at.localPath, 2 * kConnectMs / 1'000),
                "tributary status tells whether its process is stopped");
        }
        add("metrics", Health::Warning, at.localPath + " was left behind: its process was killed",
            "tributary up replaces it");
    }

    void version(const WorkspaceEngine& engine, const std::string& cluster) {
        const auto ports = engine.readPorts(cluster);
        if (!ports || ports.value().version == TRIBUTARY_VERSION) return;
        add("daemon of " + cluster, Health::Warning,
            fmt::format("is version {}, this program {}",
                        ports.value().version.empty() ? "before 0.1.0" : ports.value().version, TRIBUTARY_VERSION),
            "tributary down, then tributary up");
    }

    void datasets(const WorkspaceStatus& status) {
        std::size_t missing = 0;
        std::string unknown;
        for (const Difference& difference : status.differences) {
            if (difference.kind == DifferenceKind::Unknown)
                unknown += (unknown.empty() ? "" : ", ") + difference.where();
            missing += difference.kind == DifferenceKind::Missing && difference.what() == "dataset" ? 1 : 0;
        }
        if (!unknown.empty()) {
            return add("drawn", Health::Warning, "what these clusters hold cannot be told: " + unknown,
                       "tributary status");
        }
        const std::size_t other = status.differences.size() - missing;
        if (missing == 0 && other == 0) return add("drawn", Health::Good, "the clusters are as they are drawn");
        add("drawn", Health::Good,
            fmt::format(
                "{} dataset{} drawn and not there yet, {} other difference{} (tributary status; tributary plan)",
                missing, missing == 1 ? " is" : "s are", other, other == 1 ? "" : "s"));
    }

    void undrawn(const WorkspaceEngine& engine, const Topology& topology) {
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(engine.paths().state() + "/clusters", ignored)) {
            const std::string name = entry.path().filename().string();
            if (topology.cluster(name) != nullptr || !std::filesystem::exists(entry.path() / "volume", ignored))
                continue;
            const std::string folder = engine::maprdb::shellWord(entry.path().string());
            const auto holder = holderOfLock(engine.lockPath(name));
            if (!holder || holder.value().has_value()) {
                add("volume " + name, Health::Warning,
                    holder ? "holds data of a cluster that runs and is not drawn any more"
                           : "holds data of a cluster that is not drawn any more, and may run",
                    fmt::format("tributary adopt {} draws it again; its rows may be nowhere else", name));
                continue;
            }
            add("volume " + name, Health::Warning, "holds data of a cluster that is not drawn any more",
                fmt::format("draw {} again; or, when nobody needs its rows any more, tributary backup, then remove {} "
                            "(what is in it is lost)",
                            name, folder));
        }
    }

    std::string workspaceDir_;
    std::string user_;
    HealthDepth depth_;
    std::vector<HealthFinding> findings_;
};

}  // namespace

std::string_view healthName(Health health) {
    return health == Health::Good ? "ok" : health == Health::Warning ? "warning" : "bad";
}

std::vector<HealthFinding> examineHealth(const std::string& workspaceDir, const std::string& user, HealthDepth depth) {
    return Doctor(workspaceDir, user, depth).examine();
}

nlohmann::ordered_json healthJson(const std::vector<HealthFinding>& findings) {
    bool healthy = true;
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const HealthFinding& finding : findings) {
        healthy = healthy && finding.health != Health::Bad;
        rows.push_back({{"what", finding.subject},
                        {"health", healthName(finding.health)},
                        {"seen", finding.detail},
                        {"fix", finding.fix}});
    }
    return {{"healthy", healthy}, {"findings", rows}};
}

}  // namespace tributary::app
