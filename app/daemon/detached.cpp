// Fork, pipe, signals.
#include "app/daemon/detached.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QSocketNotifier>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "app/daemon/daemonlog.h"
#include "app/daemon/lastword.h"
#include "core/base/exceptions.h"

namespace tributary::app {
namespace {

constexpr int kNotStarted = 70;
constexpr std::string_view kServes = "ok\n";
constexpr std::string_view kFailed = "error\n";

/// Off the terminal, the output into the log.
void detach(const std::string& logFile) {
    ::setsid();
    (void)!::chdir("/");  // whatever folder somebody stood in may be unmounted or removed
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) ::dup2(null, STDIN_FILENO);
    DaemonLogFile(logFile).take();
}

std::string readAll(int descriptor) {
    std::string text;
    char buffer[4096];
    while (true) {
        const ssize_t got = ::read(descriptor, buffer, sizeof(buffer));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(buffer, static_cast<std::size_t>(got));
    }
}

}  // namespace

void StartWaiter::tell(const std::string& text) {
    if (descriptor_ < 0) return;
    (void)!::write(descriptor_, text.data(), text.size());
    ::close(descriptor_);
    descriptor_ = -1;
}

void StartWaiter::serves() {
    tell(std::string(kServes));
    startIsDone();
}

void StartWaiter::failed(const Error& error) {
    if (descriptor_ < 0) fmt::print(stderr, "tributary: {}\n", error.full());
    tell(std::string(kFailed) + error.text() + "\n" + error.fix + "\n");
    daemonLog("not started: " + error.text());
}

int liveHere(const Life& life, int waiterDescriptor) {
    giveReasonWithoutMemory(waiterDescriptor);
    StartWaiter waiter(waiterDescriptor);
    // Memory or a thread that the system refuses on the way up is an error of the start.
    const auto code = orError([&] { return life(waiter); });
    if (code) return code.value();
    waiter.failed(code.error());
    return kNotStarted;
}

Status startDetached(const std::string& what, const std::string& logFile, const Life& life) {
    int pipes[2];
    if (::pipe2(pipes, O_CLOEXEC) != 0) return Error{ErrorCode::Io, "no pipe could be made", {}, {}};
    const pid_t child = ::fork();
    if (child < 0) {
        ::close(pipes[0]);
        ::close(pipes[1]);
        return Error{ErrorCode::Io, "no process could be started", {}, {}};
    }
    if (child == 0) {
        ::close(pipes[0]);
        giveReasonWithoutMemory(pipes[1]);
        detach(logFile);
        std::_Exit(liveHere(life, pipes[1]));
    }
    ::close(pipes[1]);
    const std::string text = readAll(pipes[0]);
    ::close(pipes[0]);
    if (text == kServes) return okStatus();
    // The reason may have several lines; what to try about it is the last one.
    const std::size_t line = text.size() < 2 ? std::string::npos : text.rfind('\n', text.size() - 2);
    if (!text.starts_with(kFailed) || line == std::string::npos || line < kFailed.size()) {
        return Error{ErrorCode::Io, what + " ended before it was ready", logFile, {}};
    }
    return Error{ErrorCode::Conflict,
                 text.substr(kFailed.size(), line - kFailed.size()),
                 {},
                 text.substr(line + 1, text.size() - line - 2)};
}

struct EndSignals::Parts {
    explicit Parts(int made) : descriptor(made), notifier(made, QSocketNotifier::Read) {}
    int descriptor;
    QSocketNotifier notifier;
};

EndSignals::EndSignals(QCoreApplication& application) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    parts_ = std::make_unique<Parts>(::signalfd(-1, &ends, SFD_CLOEXEC));
    QObject::connect(&parts_->notifier, &QSocketNotifier::activated, &application, [] { QCoreApplication::quit(); });
}

EndSignals::~EndSignals() {
    parts_->notifier.setEnabled(false);
    ::close(parts_->descriptor);
}

}  // namespace tributary::app
