// Serve, stop, pid file.
#include "app/instances/instanceprocess.h"

#include <fmt/format.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QTimer>
#include <csignal>

#include "app/daemon/daemonlog.h"
#include "app/daemon/detached.h"
#include "app/daemon/doorkey.h"
#include "app/daemon/limits.h"
#include "app/daemon/memberprocess.h"
#include "app/daemon/socketfolder.h"
#include "app/daemon/workspaceengine.h"
#include "app/instances/instancebox.h"
#include "app/scripts/scriptrunner.h"
#include "engine/host/enginehost.h"
#include "engine/machine/realfileops.h"
#include "engine/net/guardedapplication.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/script/luatriggers.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr Millis kScriptMs = 60'000;  ///< for a script of a client
constexpr int kChoresEveryMs = 1'000;

Status makeFolders(const InstancePlace& place) {
    engine::RealFileOps files;
    if (files.exists(place.earlierVolume() + "/lock")) {
        return Error{ErrorCode::Unsupported,
                     "the data of " + place.title() + " is of an earlier version of this program",
                     place.earlierVolume(),
                     "move the folder away: the instance then begins anew, or joins a peer that has the data"};
    }
    for (const std::string& folder : {place.libFolder(), place.logFolder(), place.runFolder()}) {
        if (Status made = files.makeDirs(folder); !made) return made;
    }
    const bool isOutside = !place.controlSocket().starts_with(place.runFolder());
    return isOutside ? makePrivateFolder(socketFolder()) : okStatus();
}

engine::NodeConfig nodeConfig(const InstancePlace& place, const Bytes& key, const InstanceSetup& setup) {
    engine::NodeConfig config;
    config.cluster = place.name;
    auto settings = std::make_shared<tt::InstanceSettings>(setup.settings);
    // Without memory for them there are none, and whoever sets one is told.
    if (auto triggers = tt::makeLuaTriggers()) settings->triggers = std::move(triggers).value();
    config.kinds = tt::onlyInstance(std::move(settings));
    config.volumeDir = place.volume();
    config.identityFile = place.libFolder() + "/identity.json";
    config.pid = ::getpid();
    config.administrators = {systemUser()};
    config.key = key;
    engine::Endpoint socket;
    socket.localPath = place.controlSocket();
    config.control = {socket};
    return config;
}

/// The instance's whole life. Errors are those of the start.
Result<int> serve(const InstancePlace& place, InstanceSetup setup, StartWaiter& waiter) {
    // While there is one thread.
    auto process = ScriptProcess::make(kScriptMs);
    if (!process) return process.error();
    int argc = 1;
    char name[] = "tributary";
    char* argv[] = {name, nullptr};
    raiseFileLimit();
    engine::GuardedApplication application(argc, argv);
    const EndSignals endSignals(application);
    // Its thread begins where the signals that end the instance are blocked, else it would take them and die of them.
    const auto scripts = std::make_shared<ScriptRunner>(std::move(process).value());
    setup.settings.scripts = scripts;
    QTimer chores;
    QObject::connect(&chores, &QTimer::timeout, &chores, [&place] { DaemonLogFile(place.logFile()).keepSmall(); });
    chores.start(kChoresEveryMs);

    engine::EngineHost::Options options;
    options.memoryBytes = setup.settings.memoryBytes;
    options.onTrouble = [](const std::string&, const std::string& text) { daemonLog(text); };
    options.onShutdownRequested = [] {
        QMetaObject::invokeMethod(
            qApp, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
    };
    const auto key = makeDoorKey(place.keyFile());
    if (!key) return key.error();
    engine::EngineHost host(std::move(options));
    application.setOnBroken(
        [&host](const std::string& cluster, const std::string& what) { host.breakOff(cluster, what); });
    if (Status started = host.start(nodeConfig(place, key.value(), setup)); !started) return started.error();
    auto door = InstanceBox::connect(place);
    if (!door) return door.error();
    if (Status begun = door.value()->begin(); !begun) return begun.error();
    door.value().reset();
    engine::RealFileOps files;
    if (Status written = files.replace(place.pidFile(), std::to_string(::getpid()) + "\n"); !written) {
        return written.error();
    }
    waiter.serves();
    daemonLog(
        fmt::format("instance {} ({}) runs as process {}", place.title(), setup.settings.uuid.text(), ::getpid()));
    const int code = QCoreApplication::exec();
    scripts->stop();
    const Status stopped = host.stopAll();
    (void)files.remove(place.pidFile());
    daemonLog(stopped ? "stopped" : "stopped with an error: " + stopped.error().full());
    return stopped ? code : 70;
}

Result<std::int64_t> endProcess(const InstancePlace& place, std::int64_t pid, int signal) {
    return endMember({place.title(), "instance", place.logFile(), "tributary tt kill " + place.title()}, pid, signal);
}

}  // namespace

Result<InstanceSeen> lookAt(const InstancePlace& place) {
    const auto holder = livingHolder(place.lockFile());
    if (!holder) return holder.error();
    if (holder.value()) return InstanceSeen{InstanceLife::Running, *holder.value()};
    const auto written = pidIn(place.pidFile());
    if (!written) return InstanceSeen{};
    return InstanceSeen{InstanceLife::Dead, *written};
}

Status startInstance(const InstancePlace& place, const InstanceSetup& setup) {
    if (Status made = makeFolders(place); !made) return made;
    return startDetached("the instance", place.logFile(),
                         [&](StartWaiter& waiter) { return serve(place, setup, waiter); });
}

Result<std::int64_t> stopInstance(const InstancePlace& place, std::int64_t pid) {
    return endProcess(place, pid, SIGINT);
}

Result<std::int64_t> killInstance(const InstancePlace& place, std::int64_t pid) {
    return endProcess(place, pid, SIGKILL);
}

}  // namespace tributary::app
