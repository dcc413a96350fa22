// posix_spawn, the input as a file in memory, two pipes and poll.
#include "app/instanceruns/toolchild.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <limits>

extern char** environ;

namespace tributary::app {
namespace {

constexpr std::size_t kKeptMax = 16U << 20U;
constexpr std::size_t kPieceBytes = 64U << 10U;
constexpr Millis kAskEveryMs = 100;

Millis steadyMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Both ends of a pipe; what is open is closed at the end.
struct Pipe {
    std::array<int, 2> ends{-1, -1};
    Pipe() = default;
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        drop(0);
        drop(1);
    }
    bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
    void drop(std::size_t end) {
        if (ends.at(end) >= 0) ::close(ends.at(end));
        ends.at(end) = -1;
    }
};

Error io(const char* what) {
    return {ErrorCode::Io, fmt::format("{}: {}", what, std::strerror(errno)), {}, {}};
}

class Child {
public:
    Status start(const std::string& program, const std::string& folder, const std::vector<std::string>& words,
                 const std::string& input) {
        if (!out_.open() || !err_.open()) return io("no pipe could be made");
        // A file: nobody has to feed it, and a child that reads nothing costs no signal.
        in_.ends[0] = ::memfd_create("input", MFD_CLOEXEC);
        const auto size = static_cast<ssize_t>(input.size());
        const bool isWritten = in_.ends[0] >= 0 && ::write(in_.ends[0], input.data(), input.size()) == size;
        if (!isWritten || ::lseek(in_.ends[0], 0, SEEK_SET) != 0) return io("the input could not be kept");
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
        ::posix_spawn_file_actions_adddup2(&actions, in_.ends[0], STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, out_.ends[1], STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, err_.ends[1], STDERR_FILENO);
        std::vector<std::string> texts = words;
        texts.insert(texts.begin(), program);
        std::vector<char*> argv;
        argv.reserve(texts.size() + 1);
        for (std::string& text : texts) argv.push_back(text.data());
        argv.push_back(nullptr);
        errno = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (errno != 0) return io("the program could not be started");
        in_.drop(0);
        out_.drop(1);
        err_.drop(1);
        return okStatus();
    }

    Result<ToolAnswer> talk(Millis timeoutMs, const std::function<bool()>& stopped) {
        const Millis endMs = timeoutMs > 0 ? steadyMs() + timeoutMs : std::numeric_limits<Millis>::max();
        const Millis pollMs = stopped ? kAskEveryMs : 60'000;
        ToolAnswer answer;
        while (out_.ends[0] >= 0 || err_.ends[0] >= 0) {
            const Millis leftMs = endMs - steadyMs();
            if (leftMs <= 0) return end({ErrorCode::Timeout, "the command did not end in time", {}, {}});
            if (stopped && stopped()) return end({ErrorCode::Cancelled, "the command was broken off", {}, {}});
            std::array<pollfd, 2> asked{{{out_.ends[0], POLLIN, 0}, {err_.ends[0], POLLIN, 0}}};
            if (::poll(asked.data(), asked.size(), static_cast<int>(std::min(leftMs, pollMs))) < 0) {
                if (errno == EINTR) continue;
                return io("waiting for the program failed");
            }
            if (asked[0].revents != 0) take(out_, answer.out);
            if (asked[1].revents != 0) take(err_, answer.err);
        }
        int state = 0;
        while (::waitpid(pid_, &state, 0) < 0 && errno == EINTR) {
        }
        answer.code = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
        return answer;
    }

private:
    static void take(Pipe& pipe, std::string& into) {
        std::string piece(kPieceBytes, '\0');
        const ssize_t got = ::read(pipe.ends[0], piece.data(), piece.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
        if (got <= 0) {
            pipe.drop(0);
        } else if (into.size() < kKeptMax) {
            into.append(piece, 0, static_cast<std::size_t>(got));
        }
    }
    Error end(Error why) {
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        return why;
    }

    Pipe in_;
    Pipe out_;
    Pipe err_;
    pid_t pid_ = -1;
};

}  // namespace

Result<ToolAnswer> runTool(const std::string& program, const std::string& folder, const std::vector<std::string>& words,
                           const std::string& input, Millis timeoutMs, const std::function<bool()>& stopped) {
    Child child;
    if (Status started = child.start(program, folder, words, input); !started) return started.error();
    return child.talk(timeoutMs, stopped);
}

Result<std::string> terminalProgram() {
    std::string path(4096, '\0');
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    if (size <= 0) return io("the executable's own place cannot be read");
    path.resize(static_cast<std::size_t>(size));
    const std::string beside = path.substr(0, path.rfind('/')) + "/tributary";
    if (::access(beside.c_str(), X_OK) == 0) return beside;
    return Error{ErrorCode::NotFound, "the program tributary does not stand beside this one", beside,
                 "install the package tributary again"};
}

}  // namespace tributary::app
