// The machine's clocks behind RunnerClock.
#include "runbooks/runner/runnerclock.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace tributary::runbooks {

Millis SystemRunnerClock::nowMs() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

Millis SystemRunnerClock::monotonicMs() const {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

bool SystemRunnerClock::sleep(Millis durationMs) {
    static constexpr Millis kSliceMs = 50;
    const Millis endMs = monotonicMs() + durationMs;
    while (!interrupted_.load()) {
        const Millis leftMs = endMs - monotonicMs();
        if (leftMs <= 0) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min(leftMs, kSliceMs)));
    }
    return false;
}

}  // namespace tributary::runbooks
