// A process that goes on when its starter has gone, and the word between both on whether it serves.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"

class QCoreApplication;

namespace tributary::app {

/// Whoever waits for a start is told once: that it serves, or why not.
class StartWaiter {
public:
    /// A descriptor to write to; -1: nobody waits.
    explicit StartWaiter(int descriptor) : descriptor_(descriptor) {}
    /// It serves. From here on memory that is refused costs the request that needed it (lastword.h).
    void serves();
    /// It does not: told, and a line of the log; on a terminal, where nobody waits, a line there too.
    void failed(const Error& error);

private:
    void tell(const std::string& text);
    int descriptor_;
};

/// What a process does from its start on; calls serves() when it does, and returns its exit code. Errors: those of the
/// start, once everything that was started is gone again.
using Life = std::function<Result<int>(StartWaiter&)>;

/// Runs `life` in this process until it ends: the exit code, 70 when it could not start.
[[nodiscard]] int liveHere(const Life& life, int waiterDescriptor = -1);

/// Runs `life` in a process of its own, off the terminal, with its output in `logFile`, and waits until it serves. The
/// calling process must have one thread. Errors: those that `life` told; Io when it ended without a word, naming the
/// log, or when no process could be made. `what` for that text: "the daemon".
[[nodiscard]] Status startDetached(const std::string& what, const std::string& logFile, const Life& life);

/// Lets the application end at SIGTERM and SIGINT as long as it lives. Main thread, before other threads are made.
class EndSignals {
public:
    explicit EndSignals(QCoreApplication& application);
    EndSignals(const EndSignals&) = delete;
    EndSignals& operator=(const EndSignals&) = delete;
    ~EndSignals();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace tributary::app
