// Starting the program, reading what it says, ending it in time.
#include "app/daemon/alarmhooks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "core/base/exceptions.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

constexpr int kLookMs = 50;
constexpr Millis kGraceMs = 2'000;
constexpr std::size_t kLineBytesMax = 500;
constexpr int kLinesMax = 40;

Millis steadyMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

/// A program in a process group of its own, with both outputs in one pipe. 0 and errno when it cannot start.
pid_t start(std::vector<std::string> command, std::vector<std::string> environment, const std::string& folder,
            int output) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    if (!folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    // The daemon blocks the signals that end it; its children must not.
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    const int failed = ::posix_spawn(&pid, command.front().c_str(), &actions, &attributes, pointers(command).data(),
                                     pointers(environment).data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    errno = failed;
    return failed == 0 ? pid : 0;
}

/// Output as lines, bounded in length and number.
class OutputLines {
public:
    explicit OutputLines(std::function<void(const std::string&)> log) : log_(std::move(log)) {}
    void add(const char* bytes, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            if (bytes[i] == '\n') {
                flush();
            } else if (line_.size() < kLineBytesMax) {
                line_ += bytes[i];
            }
        }
    }
    void flush() {
        if (!line_.empty() && ++lines_ <= kLinesMax) log_(line_);
        if (lines_ == kLinesMax + 1) log_("(more is not kept)");
        line_.clear();
    }

private:
    std::function<void(const std::string&)> log_;
    std::string line_;
    int lines_ = 0;
};

}  // namespace

std::vector<std::string> alarmVariables(const AlarmEvent& event, const std::string& workspace) {
    return {"TRIBUTARY_ALARM=" + event.name,
            fmt::format("TRIBUTARY_ALARM_EVENT={}", event.raised ? "raised" : "cleared"),
            "TRIBUTARY_ALARM_CLUSTER=" + event.cluster,
            "TRIBUTARY_ALARM_ENTITY=" + event.entity,
            "TRIBUTARY_ALARM_DESCRIPTION=" + event.description,
            "TRIBUTARY_ALARM_AT=" + isoTime(event.atMs),
            "TRIBUTARY_WORKSPACE=" + workspace};
}

AlarmHooks::AlarmHooks(Options options) : options_(std::move(options)), worker_([this] { work(); }) {}

AlarmHooks::~AlarmHooks() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    worker_.join();
}

void AlarmHooks::report(AlarmEvent event) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= kWaitingMax) {
            ++dropped_;
            return;
        }
        waiting_.push_back(std::move(event));
    }
    wake_.notify_all();
}

bool AlarmHooks::stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void AlarmHooks::work() {
    while (true) {
        AlarmEvent event;
        std::size_t dropped = 0;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) {
                if (!waiting_.empty()) {
                    options_.log(fmt::format("hook alarm: {} events are dropped at the end", waiting_.size()));
                }
                return;
            }
            event = std::move(waiting_.front());
            waiting_.pop_front();
            std::swap(dropped, dropped_);
        }
        if (dropped > 0) options_.log(fmt::format("hook alarm: {} events came too fast and were dropped", dropped));
        const Status done = orError([&]() -> Status {
            run(event);
            return okStatus();
        });
        if (!done) options_.log("hook alarm: " + done.error().text());
    }
}

void AlarmHooks::run(const AlarmEvent& event) {
    options_.log(fmt::format("hook alarm: {} {} {} of {}", options_.command.front(),
                             event.raised ? "raised" : "cleared", event.name, event.cluster));
    int pipes[2];
    if (::pipe2(pipes, O_CLOEXEC) != 0) return options_.log("hook alarm: no pipe could be made");
    std::vector<std::string> environment = alarmVariables(event, options_.workspace);
    for (char** at = environ; *at != nullptr; ++at) {
        const std::string text = *at;
        if (!text.starts_with("TRIBUTARY_")) environment.push_back(text);
    }
    // What a program leaves behind by a name of its own belongs where nobody else looks for something.
    if (!options_.folder.empty()) ::mkdir(options_.folder.c_str(), 0700);
    const pid_t pid = start(options_.command, std::move(environment), options_.folder, pipes[1]);
    const int problem = errno;
    ::close(pipes[1]);
    if (pid == 0) {
        ::close(pipes[0]);
        return options_.log(fmt::format("hook alarm: it cannot be started: {}", std::strerror(problem)));
    }
    OutputLines lines([this](const std::string& line) { options_.log("hook alarm says: " + line); });
    const Millis endMs = steadyMs() + options_.timeoutMs;
    Millis killMs = 0;
    int status = 0;
    bool open = true;
    while (true) {
        pollfd waiting{pipes[0], POLLIN, 0};
        if (::poll(&waiting, open ? 1 : 0, kLookMs) > 0) {
            char buffer[4096];
            const ssize_t got = ::read(pipes[0], buffer, sizeof(buffer));
            if (got > 0) lines.add(buffer, static_cast<std::size_t>(got));
            open = got > 0;
        }
        // Its children may keep the pipe open: only the program's own end counts.
        if (::waitpid(pid, &status, WNOHANG) == pid) break;
        const Millis nowMs = steadyMs();
        if (killMs == 0 && (nowMs >= endMs || stopping())) {
            options_.log(nowMs >= endMs ? fmt::format("hook alarm: ended after {} ms", options_.timeoutMs)
                                        : std::string("hook alarm: ended with the daemon"));
            ::kill(-pid, SIGTERM);
            killMs = nowMs + kGraceMs;
        } else if (killMs != 0 && nowMs >= killMs) {
            ::kill(-pid, SIGKILL);
        }
    }
    for (pollfd rest{pipes[0], POLLIN, 0}; open && ::poll(&rest, 1, 0) > 0;) {
        char buffer[4096];
        const ssize_t got = ::read(pipes[0], buffer, sizeof(buffer));
        if (got > 0) lines.add(buffer, static_cast<std::size_t>(got));
        open = got > 0;
    }
    ::close(pipes[0]);
    lines.flush();
    if (killMs != 0) ::kill(-pid, SIGKILL);  // what its children left behind
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        options_.log(fmt::format("hook alarm: it ended with {}", WEXITSTATUS(status)));
    if (WIFSIGNALED(status) && killMs == 0)
        options_.log(fmt::format("hook alarm: it was ended by signal {}", WTERMSIG(status)));
}

}  // namespace tributary::app
