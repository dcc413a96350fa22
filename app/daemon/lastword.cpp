// What is written when nothing can be caught any more.
#include "app/daemon/lastword.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

namespace tributary::app {
namespace {

constexpr int kNoMemoryCode = 71;
constexpr const char* kNoMemory = "out of memory: the system refused an allocation";
constexpr const char* kFix = "free -h, ulimit -v";

int readyFd = -1;

// Nothing below allocates: there may be no byte left.
void put(int fd, const char* text) {
    (void)!::write(fd, text, std::strlen(text));
}

[[noreturn]] void stopForMemory() {
    put(STDERR_FILENO, "tributary stopped: ");
    put(STDERR_FILENO, kNoMemory);
    put(STDERR_FILENO, " where it could not be answered for; what was acknowledged is in the log. Try: ");
    put(STDERR_FILENO, kFix);
    put(STDERR_FILENO, "\n");
    if (readyFd >= 0) {
        for (const char* part : {"error\n", kNoMemory, "\n", kFix, "\n"}) put(readyFd, part);
    }
    ::_exit(kNoMemoryCode);
}

[[noreturn]] void atTerminate() {
    try {
        if (std::current_exception()) throw;
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

}  // namespace

void giveReasonAtTerminate(int readyDescriptor) {
    readyFd = readyDescriptor;
    std::set_terminate(atTerminate);
}

}  // namespace tributary::app
