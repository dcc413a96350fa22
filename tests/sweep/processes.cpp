// Starting and reaping.
#include "processes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>

extern char** environ;

namespace tributary::sweep {
namespace {

constexpr int kRunMs = 30'000;
constexpr int kStepMs = 2;

std::int64_t nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (std::string& word : words) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

Processes::Processes() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void Processes::reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) ended_[pid] = status;
}

bool Processes::waitFor(pid_t pid, int timeoutMs) {
    const std::int64_t endMs = nowMs() + timeoutMs;
    for (reap(); ended_.count(pid) == 0; reap()) {
        if (nowMs() >= endMs) return false;
        if (::kill(pid, 0) != 0) return true;
        ::poll(nullptr, 0, kStepMs);
    }
    return true;
}

Ran Processes::run(const std::vector<std::string>& words, const std::vector<std::string>& environment) {
    const std::string output = fmt::format("/tmp/tributary-sweep-{}.out", ::getpid());
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
    std::vector<std::string> arguments = words;
    std::vector<std::string> variables = environment;
    for (char** at = environ; *at != nullptr; ++at) variables.emplace_back(*at);
    pid_t pid = 0;
    const int failed = ::posix_spawn(&pid, words.front().c_str(), &actions, nullptr, pointers(arguments).data(),
                                     pointers(variables).data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return {-1, std::strerror(failed)};
    own_[pid] = true;
    if (!waitFor(pid, kRunMs)) {
        kill(pid);
        return {-1, "no end within 30 s: " + words.back()};
    }
    std::ostringstream text;
    text << std::ifstream(output).rdbuf();
    ::unlink(output.c_str());
    const int status = ended_[pid];
    if (WIFSIGNALED(status)) return {-1, fmt::format("{}ended by signal {}", text.str(), WTERMSIG(status))};
    return {WEXITSTATUS(status), text.str()};
}

void Processes::kill(pid_t pid) {
    if (pid <= 1) return;
    reap();
    if (ended_.count(pid) != 0) return;
    own_[pid] = true;
    ::kill(pid, SIGKILL);
    (void)waitFor(pid, kRunMs);
}

void Processes::killLeft() {
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", ::getpid()));
    std::vector<pid_t> living;
    for (pid_t pid = 0; children >> pid;) living.push_back(pid);
    for (const pid_t pid : living) kill(pid);
}

std::vector<std::string> Processes::crashes() {
    reap();
    std::vector<std::string> out;
    for (const auto& [pid, status] : ended_) {
        if (own_.count(pid) != 0 || !WIFSIGNALED(status)) continue;
        out.push_back(fmt::format("process {} ended by signal {}", pid, WTERMSIG(status)));
    }
    return out;
}

}  // namespace tributary::sweep
