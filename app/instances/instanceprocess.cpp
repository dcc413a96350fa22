// Serve, stop, pid file.
#include "app/instances/instanceprocess.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "app/daemon/daemonlog.h"
#include "app/daemon/detached.h"
#include "app/daemon/doorkey.h"
#include "app/daemon/memberlife.h"
#include "app/daemon/memberprocess.h"
#include "app/daemon/socketfolder.h"
#include "app/daemon/workspaceengine.h"
#include "app/instances/instancebox.h"
#include "app/observe/clocks.h"
#include "app/scripts/scriptrunner.h"
#include "engine/machine/realfileops.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/script/luatriggers.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr Millis kScriptMs = 60'000;  ///< for a script of a client

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

engine::NodeConfig nodeConfig(const InstancePlace& place, tt::InstanceSettings told) {
    engine::NodeConfig config;
    config.cluster = place.name;
    auto settings = std::make_shared<tt::InstanceSettings>(std::move(told));
    // Without memory for them there are none, and whoever sets one is told.
    if (auto triggers = tt::makeLuaTriggers(steadyNowUs)) settings->triggers = std::move(triggers).value();
    config.kinds = tt::onlyInstance(std::move(settings));
    config.volumeDir = place.volume();
    config.identityFile = place.libFolder() + "/identity.json";
    return config;
}

/// The instance's whole life. Errors are those of the start.
Result<int> serve(const InstancePlace& place, InstanceSetup setup, StartWaiter& waiter) {
    // While there is one thread.
    auto process = ScriptProcess::make({kScriptMs, "tributary tt restart " + place.title(), daemonLog});
    if (!process) return process.error();
    std::shared_ptr<ScriptRunner> scripts;
    MemberLife life;
    life.self = fmt::format("instance {} ({})", place.title(), setup.settings.uuid.text());
    life.logFile = place.logFile();
    life.keyFile = place.keyFile();
    life.pidFile = place.pidFile();
    life.controlSocket = place.controlSocket();
    life.memoryBytes = setup.settings.memoryBytes;
    life.configure = [&]() -> Result<engine::NodeConfig> {
        scripts = std::make_shared<ScriptRunner>(std::move(process).value());
        setup.settings.scripts = scripts;
        return nodeConfig(place, setup.settings);
    };
    life.begin = [&]() -> Status {
        auto door = InstanceBox::connect(place);
        return door ? door.value()->begin() : Status(door.error());
    };
    life.end = [&] { scripts->stop(); };
    return serveMember(life, waiter);
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
