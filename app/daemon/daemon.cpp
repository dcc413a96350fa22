// The daemon's life: fork, report readiness through a pipe, run until asked to stop (down.cpp asks).
#include "app/daemon/daemon.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "app/daemon/daemoncare.h"
#include "app/daemon/heap.h"
#include "app/daemon/lastword.h"
#include "app/daemon/limits.h"
#include "app/daemon/session.h"
#include "core/base/exceptions.h"
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

/// Tells the process that waits for the start: "ok" or an error's lines.
void report(int readyFd, const std::string& text) {
    if (readyFd < 0) return;
    (void)!::write(readyFd, text.data(), text.size());
    ::close(readyFd);
}

int notStarted(const Error& error, int readyFd) {
    report(readyFd, "error\n" + error.text() + "\n" + error.fix + "\n");
    daemonLog("not started: " + error.text());
    if (readyFd < 0) fmt::print(stderr, "tributary: {}\n", error.full());
    return 70;
}

/// The daemon's whole life; reports "ok" to `readyFd`. Errors are those of the start, and come back once everything
/// that was started is gone again: whoever hears of them may start another daemon at once.
Result<int> serve(const Service& service, int readyFd) {
    int argc = 1;
    char name[] = "tributary";
    char* argv[] = {name, nullptr};
    raiseFileLimit();
    if (const Status enough = checkFileLimit(service.clusters.size()); !enough) {
        return enough.error();
    }
    engine::GuardedApplication application(argc, argv);
    sigset_t endSignals;
    sigemptyset(&endSignals);
    sigaddset(&endSignals, SIGTERM);
    sigaddset(&endSignals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &endSignals, nullptr);
    const int signalFd = ::signalfd(-1, &endSignals, SFD_CLOEXEC);
    QSocketNotifier notifier(signalFd, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &application, [] { QCoreApplication::quit(); });

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
    report(readyFd, "ok\n");
    startIsDone();
    daemonLog(
        fmt::format("tributary {} runs {} as process {}", TRIBUTARY_VERSION, join(service.clusters, ", "), ::getpid()));
    const int code = QCoreApplication::exec();
    const Status stopped = host.value()->stopAll();
    ::close(signalFd);
    daemonLog(stopped ? "stopped" : "stopped with an error: " + stopped.error().full());
    return stopped ? code : 70;
}

/// As serve(); memory or a thread that the system refuses on the way up is an error of the start.
int serveOrReport(const Service& service, int readyFd) {
    giveReasonWithoutMemory(readyFd);
    const auto code = orError([&] { return serve(service, readyFd); });
    return code ? code.value() : notStarted(code.error(), readyFd);
}

/// Detaches a child from the terminal and points its output at the log file.
void detach(const std::string& logPath) {
    ::setsid();
    (void)!::chdir("/");  // whatever folder somebody stood in may be unmounted or removed
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) ::dup2(null, STDIN_FILENO);
    DaemonLogFile(logPath).take();
}

Result<std::string> readAll(int fd) {
    std::string text;
    char buffer[4096];
    while (true) {
        const ssize_t got = ::read(fd, buffer, sizeof(buffer));
        if (got <= 0) break;
        text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
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
    if (options.foreground) {
        return serveOrReport(service, -1) == 0 ? okStatus()
                                               : Status(Error{ErrorCode::Io, "the engine ended with an error", {}, {}});
    }
    service.care.logFile = engine.paths().state() + "/daemon.log";
    int pipes[2];
    if (::pipe2(pipes, O_CLOEXEC) != 0) return Error{ErrorCode::Io, "no pipe could be made", {}, {}};
    const pid_t child = ::fork();
    if (child < 0) return Error{ErrorCode::Io, "no process could be started", {}, {}};
    if (child == 0) {
        ::close(pipes[0]);
        giveReasonWithoutMemory(pipes[1]);
        detach(service.care.logFile);
        const int code = serveOrReport(service, pipes[1]);
        std::_Exit(code);
    }
    ::close(pipes[1]);
    const auto answer = readAll(pipes[0]);
    ::close(pipes[0]);
    const std::string& text = answer.value();
    if (text == "ok\n") return okStatus();
    if (text.rfind("error\n", 0) == 0) {
        const std::size_t line = text.find('\n', 6);
        const std::string fix = text.substr(line + 1, text.size() - line - 2);
        return Error{ErrorCode::Conflict, text.substr(6, line - 6), {}, fix};
    }
    return Error{ErrorCode::Io, "the daemon ended before it was ready", engine.paths().state() + "/daemon.log", {}};
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
