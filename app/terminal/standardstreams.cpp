// Streams of the C library whose writes end in a function of ours (fopencookie): <cstdio> and fmt write through them.
#include "app/terminal/standardstreams.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "app/daemon/processes.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {

/// Where one stream's bytes go, and what became of them.
struct StandardStreams::Stream {
    int fd = -1;
    int lost = 0;  ///< errno of the first write that failed
    FILE* file = nullptr;

    static ssize_t write(void* cookie, const char* bytes, std::size_t size) {
        auto& stream = *static_cast<Stream*>(cookie);
        for (std::size_t done = 0; stream.lost == 0 && done < size;) {
            const ssize_t wrote = ::write(stream.fd, bytes + done, size - done);
            if (wrote > 0) {
                done += static_cast<std::size_t>(wrote);
            } else if (wrote < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
                // Somebody else made the pipe or terminal non-blocking: it takes more when it takes more.
                pollfd room{stream.fd, POLLOUT, 0};
                ::poll(&room, 1, -1);
            } else if (wrote < 0 && errno != EINTR) {
                stream.lost = errno;
            }
        }
        return static_cast<ssize_t>(size);  // a failure here would throw in whoever prints; finish() tells
    }
};

namespace {

// The C library's own `stdout` is global, and so is what became of it.
const int* lostOutput = nullptr;

}  // namespace

std::unique_ptr<StandardStreams::Stream> StandardStreams::redirect(int fd, FILE*& stream, int buffering) {
    auto target = std::make_unique<Stream>();
    target->fd = fd;
    cookie_io_functions_t calls{};
    calls.write = &Stream::write;
    target->file = ::fopencookie(target.get(), "w", calls);
    if (target->file == nullptr) return target;  // out of memory: the library's own stream stays
    std::setvbuf(target->file, nullptr, buffering, BUFSIZ);
    stream = target->file;
    return target;
}

StandardStreams::StandardStreams() : formerOut_(stdout), formerErr_(stderr) {
    fillStandardDescriptors();
    std::signal(SIGPIPE, SIG_IGN);
    out_ = redirect(STDOUT_FILENO, stdout, ::isatty(STDOUT_FILENO) != 0 ? _IOLBF : _IOFBF);
    err_ = redirect(STDERR_FILENO, stderr, _IONBF);
    lostOutput = &out_->lost;
}

StandardStreams::~StandardStreams() {
    lostOutput = nullptr;
    stdout = formerOut_;
    stderr = formerErr_;
    if (out_->file != nullptr) std::fclose(out_->file);
    if (err_->file != nullptr) std::fclose(err_->file);
}

int StandardStreams::finish(int code) {
    std::fflush(stdout);
    if (out_->lost == 0) return code;
    fmt::print(stderr, "tributary: the output could not be written: {}{}\n", std::strerror(out_->lost),
               code == 0 ? "; the work itself is done" : "");
    return code == 0 ? static_cast<int>(runbooks::ExitCode::OutputLost) : code;
}

bool outputIsLost() {
    return lostOutput != nullptr && *lostOutput != 0;
}

}  // namespace tributary::app
