// What is written when nothing can be caught any more.
#include "app/daemon/lastword.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

namespace tributary::app {
namespace {

constexpr int kNoMemoryCode = 71;
constexpr const char* kNoMemory = "out of memory: the system refused an allocation";
constexpr const char* kFix = "free -h, ulimit -v";

std::atomic<bool> starting{false};
std::atomic<int> readyFd{-1};
std::atomic<bool> refused{false};  ///< memory was, once

// Nothing below allocates: there may be no byte left.
void put(int fd, const char* text) {
    (void)!::write(fd, text, std::strlen(text));
}

[[noreturn]] void stopForMemory() {
    put(STDERR_FILENO, "tributary stopped: ");
    put(STDERR_FILENO, kNoMemory);
    put(STDERR_FILENO, " where nothing could go on without it; what was acknowledged is in the log. Try: ");
    put(STDERR_FILENO, kFix);
    put(STDERR_FILENO, "\n");
    if (readyFd >= 0) {
        for (const char* part : {"error\n", kNoMemory, "\n", kFix, "\n"}) put(readyFd, part);
    }
    ::_exit(kNoMemoryCode);
}

[[noreturn]] void atTerminate() {
    try {
        // A function that promises not to throw ends here before anything counts as caught.
        if (std::current_exception() == nullptr && refused && std::uncaught_exceptions() > 0) stopForMemory();
        if (std::current_exception() != nullptr) throw;
        put(STDERR_FILENO, "tributary ends by a mistake of the program\n");
    } catch (const std::bad_alloc&) {
        stopForMemory();
    } catch (const std::exception& problem) {
        put(STDERR_FILENO, "tributary ends by a mistake of the program: ");
        put(STDERR_FILENO, problem.what());
        put(STDERR_FILENO, "\n");
    } catch (...) {
        put(STDERR_FILENO, "tributary ends by a mistake of the program: an exception of an unknown kind\n");
    }
    std::abort();
}

[[noreturn]] void atRefusal() {
    // Half a start is worth nothing, and constructors of Qt's application do not survive it.
    if (starting) stopForMemory();
    refused = true;
    throw std::bad_alloc();
}

}  // namespace

void giveReasonWithoutMemory(int readyDescriptor) {
    readyFd = readyDescriptor;
    starting = true;
    std::set_terminate(atTerminate);
    std::set_new_handler(atRefusal);
}

void startIsDone() {
    starting = false;
    readyFd = -1;
}

}  // namespace tributary::app
