// Start, serve, stop; the pid file stands as long as it serves.
#include "app/daemon/memberlife.h"

#include <fmt/format.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QTimer>

#include "app/daemon/daemonlog.h"
#include "app/daemon/doorkey.h"
#include "app/daemon/limits.h"
#include "app/daemon/workspaceengine.h"
#include "engine/host/enginehost.h"
#include "engine/machine/realfileops.h"
#include "engine/net/guardedapplication.h"

namespace tributary::app {
namespace {

constexpr int kMemberChoresEveryMs = 1'000;
constexpr int kStoppedBadly = 70;

engine::EngineHost::Options hostOptions(const MemberLife& life) {
    engine::EngineHost::Options options;
    if (life.memoryBytes) options.memoryBytes = *life.memoryBytes;
    options.onTrouble = [](const std::string&, const std::string& text) { daemonLog(text); };
    options.onShutdownRequested = [] {
        QMetaObject::invokeMethod(
            qApp, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
    };
    return options;
}

}  // namespace

Result<int> serveMember(const MemberLife& life, StartWaiter& waiter) {
    int argc = 1;
    char name[] = "tributary";
    char* argv[] = {name, nullptr};
    raiseFileLimit();
    engine::GuardedApplication application(argc, argv);
    const EndSignals endSignals(application);
    auto config = life.configure();
    if (!config) return config.error();
    QTimer chores;
    QObject::connect(&chores, &QTimer::timeout, &chores, [&life] { DaemonLogFile(life.logFile).keepSmall(); });
    chores.start(kMemberChoresEveryMs);

    auto key = makeDoorKey(life.keyFile);
    if (!key) return key.error();
    config.value().key = std::move(key).value();
    config.value().pid = ::getpid();
    config.value().administrators = {systemUser()};
    config.value().control = {engine::Endpoint{{}, 0, life.controlSocket, {}}};
    engine::EngineHost host(hostOptions(life));
    application.setOnBroken(
        [&host](const std::string& cluster, const std::string& what) { host.breakOff(cluster, what); });
    if (Status started = host.start(std::move(config).value()); !started) return started.error();
    if (Status begun = life.begin(); !begun) return begun.error();
    engine::RealFileOps files;
    if (Status written = files.replace(life.pidFile, std::to_string(::getpid()) + "\n"); !written) {
        return written.error();
    }
    waiter.serves();
    daemonLog(fmt::format("{} runs as process {}", life.self, ::getpid()));
    const int code = QCoreApplication::exec();
    if (life.end) life.end();
    const Status stopped = host.stopAll();
    (void)files.remove(life.pidFile);
    daemonLog(stopped ? "stopped" : "stopped with an error: " + stopped.error().full());
    return stopped ? code : kStoppedBadly;
}

}  // namespace tributary::app
