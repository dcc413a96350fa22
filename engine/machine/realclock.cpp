// The machine's clocks behind the Clock seam.
#include "engine/machine/realclock.h"

#include <chrono>

namespace tributary::engine {

using std::chrono::duration_cast;

Millis RealClock::wallMs() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return duration_cast<std::chrono::milliseconds>(since).count();
}

Micros RealClock::monotonicUs() const {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return duration_cast<std::chrono::microseconds>(since).count();
}

}  // namespace tributary::engine
