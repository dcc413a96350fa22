// Time as the engine sees it. Nothing below engine/net and engine/sim reads a clock in any other way.
#pragma once

#include "core/base/units.h"

namespace tributary::engine {

/// Source of time. Any thread may call it.
class Clock {
public:
    virtual ~Clock() = default;
    /// UTC milliseconds since 1970. May step backwards (skew is a fault that the simulator injects).
    [[nodiscard]] virtual Millis wallMs() const = 0;
    /// Microseconds that never go backwards; the origin is arbitrary.
    [[nodiscard]] virtual Micros monotonicUs() const = 0;
};

}  // namespace tributary::engine
