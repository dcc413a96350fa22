// Ctrl-C, SIGTERM and a closed terminal as something to ask about, instead of handlers with global state.
#pragma once

#include <csignal>

namespace tributary::app {

/// Blocks SIGINT, SIGTERM and (unless it is ignored, as nohup does) SIGHUP for this thread and the threads that it
/// starts later, and takes them in. Make it before any other thread exists. Destroying it gives the former mask back.
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Takes one pending signal: its number, or 0 after `timeoutMs` without one.
    int wait(int timeoutMs);
    /// Whether a signal has come so far.
    bool stopped();

private:
    int fd_ = -1;
    bool stopped_ = false;
    sigset_t formerMask_{};
};

}  // namespace tributary::app
