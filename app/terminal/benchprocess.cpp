// fork, exec, /proc.
#include "app/terminal/benchprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

namespace tributary::app {
namespace {

constexpr int kStopSteps = 300;
constexpr int kStopStepMs = 100;
constexpr int kExecFailed = 127;
constexpr int kFieldsBeforeTimes = 11;  ///< of /proc/PID/stat, between the name and utime

/// The child's side of start(): only async-signal-safe calls.
[[noreturn]] void become(char* const* argv, int log) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::setpgid(0, 0);  // Ctrl-C is for the bench, which ends its children in order
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv("/proc/self/exe", argv);
    ::_exit(kExecFailed);
}

}  // namespace

Result<ProcessUsage> usageOf(pid_t pid) {
    std::ifstream stat(fmt::format("/proc/{}/stat", pid));
    std::string text;
    if (!std::getline(stat, text))
        return Error{ErrorCode::NotFound, fmt::format("there is no process {}", pid), {}, {}};
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < kFieldsBeforeTimes; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    ProcessUsage usage;
    usage.cpuS = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    std::ifstream memory(fmt::format("/proc/{}/statm", pid));
    double pages = 0;
    memory >> pages >> pages;  // the second field: resident pages
    usage.rssMb = pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
    return usage;
}

Status BenchProcess::start(const std::vector<std::string>& arguments, const std::string& logPath) {
    const int log = ::open(logPath.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) return Error{ErrorCode::Io, "the log of a bench process cannot be written", logPath, {}};
    std::vector<std::string> words{"tributary"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) become(argv.data(), log);
    ::close(log);
    if (pid_ < 0) return Error{ErrorCode::Io, "no process could be started", {}, {}};
    return okStatus();
}

bool BenchProcess::running() {
    if (pid_ <= 0) return false;
    if (::waitpid(pid_, nullptr, WNOHANG) == 0) return true;
    pid_ = -1;
    return false;
}

void BenchProcess::stop() {
    if (!running()) return;
    ::kill(pid_, SIGTERM);
    for (int i = 0; i < kStopSteps; ++i) {
        if (!running()) return;
        ::poll(nullptr, 0, kStopStepMs);
    }
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

}  // namespace tributary::app
