// Fork, serve, signals, pid file.
#include "app/instances/instanceprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <QSocketNotifier>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "app/daemon/daemonlog.h"
#include "app/daemon/lastword.h"
#include "app/daemon/limits.h"
#include "app/daemon/processes.h"
#include "app/daemon/socketfolder.h"
#include "app/daemon/workspaceengine.h"
#include "app/instances/instancebox.h"
#include "core/base/exceptions.h"
#include "engine/host/enginehost.h"
#include "engine/machine/realfileops.h"
#include "engine/machine/realrandom.h"
#include "engine/net/guardedapplication.h"
#include "engine/systems/tarantool/instance/instancekind.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr Millis kStopMs = 30'000;
constexpr int kLookMs = 20;
constexpr std::size_t kKeyBytes = 32;

/// Tells the process that waits for the start: "ok" or an error's lines.
void tellStarter(int readyFd, const std::string& text) {
    (void)!::write(readyFd, text.data(), text.size());
    ::close(readyFd);
}

std::optional<std::int64_t> pidIn(const std::string& path) {
    std::ifstream file(path);
    std::int64_t pid = 0;
    return file >> pid && pid > 0 ? std::optional(pid) : std::nullopt;
}

/// The key of the instance's own door, made at the first start.
Result<Bytes> doorKey(const InstancePlace& place) {
    engine::RealFileOps files;
    auto known = files.readAll(place.keyFile());
    if (known || known.error().code != ErrorCode::NotFound) return known;
    engine::RealRandom random;
    Bytes raw(kKeyBytes, '\0');
    random.fill(raw.data(), raw.size());
    Bytes fresh;
    for (const char byte : raw) fresh += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    if (Status written = files.replace(place.keyFile(), fresh, true); !written) return written.error();
    return fresh;
}

Status makeFolders(const InstancePlace& place) {
    engine::RealFileOps files;
    for (const std::string& folder : {place.libFolder(), place.logFolder(), place.runFolder()}) {
        if (Status made = files.makeDirs(folder); !made) return made;
    }
    const bool isOutside = !place.controlSocket().starts_with(place.runFolder());
    return isOutside ? makePrivateFolder(socketFolder()) : okStatus();
}

engine::NodeConfig nodeConfig(const InstancePlace& place, const Bytes& key, const InstanceSetup& setup) {
    engine::NodeConfig config;
    config.cluster = place.name;
    config.kinds = tt::onlyInstance(std::make_shared<tt::InstanceSettings>(setup.settings));
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

/// The instance's whole life; reports "ok" to `readyFd`. Errors are those of the start.
Result<int> serve(const InstancePlace& place, const InstanceSetup& setup, int readyFd) {
    int argc = 1;
    char name[] = "tributary";
    char* argv[] = {name, nullptr};
    raiseFileLimit();
    engine::GuardedApplication application(argc, argv);
    sigset_t endSignals;
    sigemptyset(&endSignals);
    sigaddset(&endSignals, SIGTERM);
    sigaddset(&endSignals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &endSignals, nullptr);
    const int signalFd = ::signalfd(-1, &endSignals, SFD_CLOEXEC);
    QSocketNotifier notifier(signalFd, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &application, [] { QCoreApplication::quit(); });

    engine::EngineHost::Options options;
    options.memoryBytes = setup.settings.memoryBytes;
    options.onTrouble = [](const std::string&, const std::string& text) { daemonLog(text); };
    options.onShutdownRequested = [] {
        QMetaObject::invokeMethod(
            qApp, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
    };
    const auto key = doorKey(place);
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
    tellStarter(readyFd, "ok\n");
    startIsDone();
    daemonLog(
        fmt::format("instance {} ({}) runs as process {}", place.title(), setup.settings.uuid.text(), ::getpid()));
    const int code = QCoreApplication::exec();
    const Status stopped = host.stopAll();
    ::close(signalFd);
    (void)files.remove(place.pidFile());
    daemonLog(stopped ? "stopped" : "stopped with an error: " + stopped.error().full());
    return stopped ? code : 70;
}

[[noreturn]] void child(const InstancePlace& place, const InstanceSetup& setup, int readyFd) {
    giveReasonWithoutMemory(readyFd);
    ::setsid();
    (void)!::chdir("/");
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) ::dup2(null, STDIN_FILENO);
    DaemonLogFile(place.logFile()).take();
    const auto code = orError([&] { return serve(place, setup, readyFd); });
    if (!code) {
        tellStarter(readyFd, "error\n" + code.error().text() + "\n" + code.error().fix + "\n");
        daemonLog("not started: " + code.error().text());
    }
    std::_Exit(code ? code.value() : 70);
}

/// Waits until the process is gone.
bool isGoneWithin(std::int64_t pid, std::uint64_t startTicks, Millis ms) {
    for (Millis waited = 0; stateOf({pid, startTicks}) != ProcessState::Gone; waited += kLookMs) {
        if (waited >= ms) return false;
        (void)::poll(nullptr, 0, kLookMs);
    }
    return true;
}

Result<std::int64_t> endProcess(const InstancePlace& place, std::int64_t pid, int signal) {
    const std::uint64_t startTicks = startTicksOf(pid);
    if (::kill(static_cast<pid_t>(pid), signal) != 0 && errno != ESRCH) {
        return Error{errno == EPERM ? ErrorCode::PermissionDenied : ErrorCode::Io,
                     fmt::format("process {} cannot be ended: {}", pid, std::strerror(errno)),
                     place.title(),
                     {}};
    }
    if (isGoneWithin(pid, startTicks, kStopMs)) return pid;
    return Error{ErrorCode::Timeout,
                 fmt::format("can't terminate the instance {} (PID = {}): it goes on after {} s", place.title(), pid,
                             kStopMs / 1'000),
                 place.logFile(), "tributary tt kill " + place.title()};
}

}  // namespace

Result<InstanceSeen> lookAt(const InstancePlace& place) {
    const auto holder = holderOfLock(place.lockFile());
    if (!holder) return holder.error();
    if (holder.value()) return InstanceSeen{InstanceLife::Running, *holder.value()};
    const auto written = pidIn(place.pidFile());
    if (!written) return InstanceSeen{};
    return InstanceSeen{InstanceLife::Dead, *written};
}

Status startInstance(const InstancePlace& place, InstanceSetup setup) {
    if (Status made = makeFolders(place); !made) return made;
    int pipes[2];
    if (::pipe2(pipes, O_CLOEXEC) != 0) return Error{ErrorCode::Io, "no pipe could be made", {}, {}};
    const pid_t made = ::fork();
    if (made < 0) return Error{ErrorCode::Io, "no process could be started", {}, {}};
    if (made == 0) {
        ::close(pipes[0]);
        child(place, setup, pipes[1]);
    }
    ::close(pipes[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t got = ::read(pipes[0], buffer, sizeof(buffer)); got > 0 || (got < 0 && errno == EINTR);
         got = ::read(pipes[0], buffer, sizeof(buffer))) {
        if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(pipes[0]);
    if (text == "ok\n") return okStatus();
    if (!text.starts_with("error\n")) {
        return Error{ErrorCode::Io, "the instance ended before it was ready", place.logFile(), {}};
    }
    const std::size_t line = text.find('\n', 6);
    return Error{ErrorCode::Conflict, text.substr(6, line - 6), place.logFile(),
                 text.substr(line + 1, text.size() - line - 2)};
}

Result<std::int64_t> stopInstance(const InstancePlace& place, std::int64_t pid) {
    return endProcess(place, pid, SIGINT);
}

Result<std::int64_t> killInstance(const InstancePlace& place, std::int64_t pid) {
    return endProcess(place, pid, SIGKILL);
}

}  // namespace tributary::app
