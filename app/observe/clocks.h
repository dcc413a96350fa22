// The machine's clocks, for code of app that hands them to what takes a clock.
#pragma once

#include <poll.h>

#include <chrono>

#include "core/base/units.h"

namespace tributary::app {

/// UTC milliseconds.
[[nodiscard]] inline Millis wallNowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Microseconds that never go backwards.
[[nodiscard]] inline Micros steadyNowUs() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Stands still for so long: between two looks of a comparison. Never on the GUI thread.
inline void pauseFor(Millis forMs) {
    (void)::poll(nullptr, 0, static_cast<int>(forMs));
}

}  // namespace tributary::app
