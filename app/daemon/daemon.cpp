// The daemon's life: its clusters started, run until asked to stop (down.cpp asks).
#include "app/daemon/daemon.h"

#include <fmt/format.h>
#include <unistd.h>

#include <QCoreApplication>

#include <thread>

#include "app/daemon/daemoncare.h"
#include "app/daemon/detached.h"
#include "app/daemon/heap.h"
#include "app/daemon/limits.h"
#include "app/daemon/session.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

/// What a daemon is made of, read before it is started.
struct Service {
    WorkspaceEngine engine;
    Topology topology;
    std::vector<std::string> clusters;
    std::string user;
    std::string durability;
    WanUse wan = WanUse::AsDrawn;
    DaemonCare::Options care;
};

/// The daemon's whole life. Errors are those of the start, and come back once everything that was started is gone
/// again: whoever hears of them may start another daemon at once.
Result<int> serve(const Service& service, StartWaiter& waiter) {
    int argc = 1;
    char name[] = "tributary";
    char* argv[] = {name, nullptr};
    raiseFileLimit();
    if (const Status enough = checkFileLimit(service.clusters.size()); !enough) {
        return enough.error();
    }
    engine::GuardedApplication application(argc, argv);
    const EndSignals endSignals(application);

    DaemonCare care(service.engine, service.care);
    engine::EngineHost* running = nullptr;  // used on this thread only
    const auto stopOne = [&running](const std::string& cluster) {
        if (running == nullptr) return;
        const Status stopped = running->stop(cluster);
        daemonLog(fmt::format("cluster {} is stopped{}", cluster, stopped ? "" : ": " + stopped.error().full()));
        if (running->clusters().empty()) QCoreApplication::quit();
    };
    auto host = makeHost(
        service.engine,
        [] {
            QMetaObject::invokeMethod(
                qApp, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
        },
        [&stopOne](const std::string& cluster) {
            QMetaObject::invokeMethod(
                qApp, [&stopOne, cluster] { stopOne(cluster); }, Qt::QueuedConnection);
        },
        [&care](const std::string& cluster, const engine::Alarm& alarm, bool raised) {
            care.alarm(cluster, alarm, raised);
        },
        &application);
    Status started = host ? startClusters(*host.value(), service.engine, service.topology, service.clusters,
                                          service.user, service.durability, service.wan)
                          : Status(host.error());
    if (!started) return started.error();
    running = host.value().get();
    const IdleHeap heap;
    waiter.serves();
    daemonLog(
        fmt::format("tributary {} runs {} as process {}", TRIBUTARY_VERSION, join(service.clusters, ", "), ::getpid()));
    const int code = QCoreApplication::exec();
    const Status stopped = host.value()->stopAll();
    daemonLog(stopped ? "stopped" : "stopped with an error: " + stopped.error().full());
    return stopped ? code : 70;
}

}  // namespace

Status up(const UpOptions& options) {
    auto session = Session::open({options.workspaceDir, options.user, false});
    if (!session) return session.error();
    const WorkspaceEngine engine = session.value()->engine();
    Service service{
        engine, session.value()->topology(), options.clusters, session.value()->user(), options.durability, options.wan,
        {}};
    if (service.clusters.empty()) service.clusters = session.value()->directory().clusters();
    session.value().reset();
    if (service.clusters.empty()) {
        return Error{ErrorCode::InvalidInput, "the drawing has no clusters", engine.paths().topology(),
                     "draw one, or tributary new DIR --example multi-master"};
    }
    for (const std::string& cluster : service.clusters) {
        if (service.topology.cluster(cluster) == nullptr) return engine.nodeConfig(service.topology, cluster).error();
    }
    if (Status built = requireBuilt(service.topology, engine.paths(), service.clusters); !built) return built;
    auto settings = loadSettings(engine.paths());
    if (!settings) return settings.error();
    service.care.settings = std::move(settings).value();
    if (options.metrics) {
        service.care.metrics = [make = options.metrics, root = engine.paths().root, user = service.user] {
            return make(root, user);
        };
    }
    for (const std::string& cluster : service.clusters) {
        if (auto key = engine.makeKey(cluster); !key) return key.error();
    }
    if (Status prepared = engine.prepareSockets(service.clusters); !prepared) return prepared;
    const Life life = [&service](StartWaiter& waiter) { return serve(service, waiter); };
    if (options.foreground) {
        return liveHere(life) == 0 ? okStatus()
                                   : Status(Error{ErrorCode::Io, "the engine ended with an error", {}, {}});
    }
    service.care.logFile = engine.paths().state() + "/daemon.log";
    return startDetached("the daemon", service.care.logFile, life);
}

int withEventLoop(const std::function<int()>& work) {
    int argc = 1;
    char name[] = "tributary";
    char* argv[] = {name, nullptr};
    QCoreApplication application(argc, argv);
    std::thread worker([&] {
        const int code = work();
        QMetaObject::invokeMethod(
            &application, [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
    });
    const int code = QCoreApplication::exec();
    worker.join();
    return code;
}

}  // namespace tributary::app
