// The machine's clocks behind the Clock seam.
#pragma once

#include "engine/seams/clock.h"

namespace tributary::engine {

/// System time and the monotonic clock. Stateless; any thread.
class RealClock final : public Clock {
public:
    [[nodiscard]] Millis wallMs() const override;
    [[nodiscard]] Micros monotonicUs() const override;
};

}  // namespace tributary::engine
