// Making and clearing away the workspace of a bench.
#include "app/terminal/benchworld.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "app/daemon/daemon.h"
#include "app/terminal/dataverbscommon.h"
#include "core/workspace/atomicfile.h"
#include "engine/host/socketcontrolclient.h"

namespace tributary::app {
namespace {

constexpr Millis kStartTimeoutMs = 30'000;
constexpr Millis kLinkTimeoutMs = 600'000;
constexpr Millis kLineTimeoutMs = 3'600'000;
constexpr auto kPollEvery = std::chrono::milliseconds(1);

std::string drawing(bool replicaExists) {
    return fmt::format(
        "tributary: 1\n"
        "clusters:\n"
        "  source: {{system: maprdb, gateways: [gw-source]}}\n"
        "  replica: {{system: maprdb, gateways: [gw-replica]}}\n"
        "datasets:\n"
        "  {}: {{kind: binary-table, families: [{}], exists: true}}\n"
        "  {}: {{kind: binary-table, families: [{}], exists: {}}}\n",
        BenchWorld::kSourcePath, BenchWorld::kFamily, BenchWorld::kReplicaPath, BenchWorld::kFamily, replicaExists);
}

Result<std::string> makeFolder(const std::string& parent) {
    const char* temporary = std::getenv("TMPDIR");
    std::string base = parent;
    if (base.empty()) base = temporary != nullptr && *temporary != '\0' ? temporary : "/var/tmp";
    std::string name = base + "/tributary-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
        return Error{ErrorCode::Io, "no folder can be made for the bench", base, "name another with --dir"};
    }
    return name;
}

std::string textOf(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

BenchWorld::BenchWorld(std::string dir, Topology topology, WorkspaceEngine engine)
    : dir_(std::move(dir)),
      topology_(std::move(topology)),
      engine_(std::move(engine)),
      directory_(engine_, topology_, systemUser()),
      port_(directory_, systemUser(), wallNowMs) {}

BenchWorld::~BenchWorld() {
    replica_.stop();
    source_.stop();
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
}

Result<std::unique_ptr<BenchWorld>> BenchWorld::start(const BenchWorldOptions& options) {
    const auto dir = makeFolder(options.parentDir);
    if (!dir) return dir.error();
    WorkspacePaths paths{dir.value()};
    Status saved = saveFileAtomically(paths.topology(), drawing(options.replicaExists));
    auto workspace = saved ? openWorkspace(paths) : Result<Workspace>(saved.error());
    if (!workspace) {
        std::error_code ignored;
        std::filesystem::remove_all(dir.value(), ignored);
        return workspace.error();
    }
    std::unique_ptr<BenchWorld> world(new BenchWorld(dir.value(), workspace.value().topology, WorkspaceEngine(paths)));
    if (Status up = world->startCluster("source", world->source_, options.durability); !up) return up.error();
    if (Status up = world->startCluster("replica", world->replica_, options.durability); !up) return up.error();
    return world;
}

Status BenchWorld::startCluster(const std::string& cluster, BenchProcess& process, const std::string& durability) {
    const std::string log = dir_ + "/" + cluster + ".log";
    const std::vector<std::string> words{"bench", "--serve", dir_ + ":" + cluster, "--durability", durability};
    if (Status started = process.start(words, log); !started) return started;
    const Millis endMs = wallNowMs() + kStartTimeoutMs;
    const std::string path = cluster == "source" ? kSourcePath : kReplicaPath;
    while (wallNowMs() < endMs) {
        if (Status going = goOn(); !going) return going;
        if (!process.running()) {
            return Error{
                ErrorCode::Unavailable, fmt::format("cluster {} did not start: {}", cluster, textOf(log)), {}, {}};
        }
        if (directory_.isUp(cluster) && connect(cluster)) {
            // Up is more than answering: the tables of the drawing are made last.
            const auto status = port_.check("dataset-exists", {path});
            const Dataset* drawn = topology_.dataset(path);
            if (drawn == nullptr || !drawn->exists || status.verdict == runbooks::CheckVerdict::True) return okStatus();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return Error{
        ErrorCode::Timeout, fmt::format("cluster {} is not up after {} s", cluster, kStartTimeoutMs / 1000), {}, {}};
}

Result<std::unique_ptr<engine::ControlClient>> BenchWorld::connect(const std::string& cluster) const {
    const auto ports = engine_.readPorts(cluster);
    if (!ports) return ports.error();
    const auto key = engine_.key(cluster);
    if (!key) return key.error();
    auto client = engine::SocketControlClient::connect(
        {ports.value().tcp, cluster, key.value(), systemUser(), 3'000, engine_.tlsSource(cluster)});
    if (!client) return client.error();
    return std::unique_ptr<engine::ControlClient>(std::move(client).value());
}

Status BenchWorld::line(const std::string& text) {
    const auto outcome = port_.execute(text, kLineTimeoutMs);
    if (outcome.ok) return okStatus();
    return Error{ErrorCode::Conflict, outcome.error, text, outcome.fix};
}

Status BenchWorld::waitFor(const std::string& check, const std::string& from, const std::string& to) {
    const Millis endMs = wallNowMs() + kLinkTimeoutMs;
    while (wallNowMs() < endMs) {
        if (Status going = goOn(); !going) return going;
        if (port_.check(check, {from, to}).verdict == runbooks::CheckVerdict::True) return okStatus();
        std::this_thread::sleep_for(kPollEvery);
    }
    return Error{ErrorCode::Timeout, fmt::format("{} {} {} did not come true", check, from, to), {}, {}};
}

Status BenchWorld::link(const std::string& from, const std::string& to) {
    if (Status added = line(fmt::format("maprcli table replica add -path {} -replica {}", from, to)); !added)
        return added;
    if (Status added = line(fmt::format("maprcli table upstream add -path {} -upstream {}", to, from)); !added)
        return added;
    return waitFor("link-healthy", from, to);
}

Status BenchWorld::caughtUp(const std::string& from, const std::string& to) {
    return waitFor("caught-up", from, to);
}

pid_t BenchWorld::pidOf(const std::string& cluster) const {
    return cluster == "source" ? source_.pid() : replica_.pid();
}

Status BenchWorld::goOn() {
    const std::lock_guard lock(signalsMutex_);
    if (!signals_.stopped()) return okStatus();
    return Error{ErrorCode::Cancelled, "the bench was stopped", {}, {}};
}

Status serveBench(const std::string& where, const std::string& durability) {
    const std::size_t colon = where.rfind(':');
    if (colon == std::string::npos) return Error{ErrorCode::InvalidInput, "give DIR:CLUSTER", "--serve", {}};
    UpOptions options;
    options.workspaceDir = where.substr(0, colon);
    options.clusters = {where.substr(colon + 1)};
    options.foreground = true;
    options.durability = durability;
    return up(options);
}

}  // namespace tributary::app
