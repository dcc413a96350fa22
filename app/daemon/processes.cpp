// /proc/PID/stat and /proc/locks.
#include "app/daemon/processes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

namespace tributary::app {
namespace {

struct StatLine {
    char state = '?';
    std::uint64_t startTicks = 0;
};

std::optional<StatLine> statLineOf(std::int64_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    if (!file || !std::getline(file, line)) return std::nullopt;
    // The name may hold blanks and parentheses: what follows begins behind the last of these.
    const std::size_t end = line.rfind(')');
    if (end == std::string::npos) return std::nullopt;
    std::istringstream words(line.substr(end + 1));
    constexpr int kStartField = 22;  // of the line; the state is field 3
    StatLine out;
    words >> out.state;
    std::string skipped;
    for (int field = 4; field < kStartField; ++field) words >> skipped;
    words >> out.startTicks;
    if (!words) return std::nullopt;
    return out;
}

/// Fills a closed descriptor with one that refuses what the program would do with it.
void fill(int fd, int flags) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) return;
    const int null = ::open("/dev/null", flags);
    if (null >= 0 && null != fd) {
        ::dup2(null, fd);
        ::close(null);
    }
}

}  // namespace

void fillStandardDescriptors() {
    fill(STDIN_FILENO, O_WRONLY);
    fill(STDOUT_FILENO, O_RDONLY);
    fill(STDERR_FILENO, O_RDONLY);
}

std::uint64_t startTicksOf(std::int64_t pid) {
    const auto line = statLineOf(pid);
    return line ? line->startTicks : 0;
}

ProcessState stateOf(const ProcessId& process) {
    if (process.pid <= 0) return ProcessState::Gone;
    const auto line = statLineOf(process.pid);
    if (!line) {
        // Gone, or /proc does not show other users' processes.
        const bool there = ::kill(static_cast<pid_t>(process.pid), 0) == 0 || errno == EPERM;
        return there ? ProcessState::Running : ProcessState::Gone;
    }
    if (process.startTicks != 0 && line->startTicks != process.startTicks) return ProcessState::Gone;
    switch (line->state) {
        case 'Z':
        case 'X':
        case 'x': return ProcessState::Gone;
        case 'T':
        case 't': return ProcessState::Stopped;
        default: return ProcessState::Running;
    }
}

Result<std::optional<std::int64_t>> holderOfLock(const std::string& path) {
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::int64_t>();
        return Error{errno == EACCES ? ErrorCode::PermissionDenied : ErrorCode::Io,
                     fmt::format("it cannot be told who uses it: {}", std::strerror(errno)),
                     path,
                     {}};
    }
    std::ifstream locks("/proc/locks");
    if (!locks) return Error{ErrorCode::Io, "the system does not tell who uses it", "/proc/locks", {}};
    const std::string inode = fmt::format(":{}", file.st_ino);
    const std::string device = fmt::format("{:02x}:{:02x}", gnu_dev_major(file.st_dev), gnu_dev_minor(file.st_dev));
    std::optional<std::int64_t> otherDevice;
    std::string line;
    while (std::getline(locks, line)) {
        // "1: FLOCK  ADVISORY  WRITE 4711 08:01:131090 0 EOF"; a line with "->" waits for the one before.
        std::istringstream words(line);
        std::string number, kind, strictness, access, place;
        std::int64_t pid = 0;
        words >> number >> kind >> strictness >> access >> pid >> place;
        if (!words || kind != "FLOCK" || !place.ends_with(inode)) continue;
        if (place.substr(0, place.size() - inode.size()) == device) return std::optional(pid);
        otherDevice = pid;
    }
    // File systems of many volumes (btrfs, overlays) show another device there than stat(2) does.
    if (otherDevice) {
        std::ifstream named(path);
        std::int64_t pid = 0;
        if (named >> pid && pid == *otherDevice) return otherDevice;
    }
    return std::optional<std::int64_t>();
}

Error unansweringError(std::int64_t pid, ProcessState state, const std::string& does, const std::string& logFile) {
    if (state == ProcessState::Stopped) {
        return {ErrorCode::Timeout,
                fmt::format("process {} {} and is stopped (by a signal or a debugger): it answers nothing", pid, does),
                {},
                fmt::format("kill -CONT {}", pid)};
    }
    return {ErrorCode::Timeout,
            fmt::format("process {} {} and does not answer", pid, does),
            {},
            fmt::format("look into {}, or end it: kill -9 {}", logFile, pid)};
}

}  // namespace tributary::app
