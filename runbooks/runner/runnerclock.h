// Time as a run sees it: injected, so that tests wait for nothing.
#pragma once

#include <atomic>

#include "core/base/units.h"

namespace tributary::runbooks {

class RunnerClock {
public:
    virtual ~RunnerClock() = default;
    /// UTC milliseconds since 1970, for journals and reports. May step.
    [[nodiscard]] virtual Millis nowMs() const = 0;
    /// Milliseconds that never go backwards, for windows and time-outs; the origin is arbitrary.
    [[nodiscard]] virtual Millis monotonicMs() const = 0;
    /// Sleeps. False when interrupt() was called before or meanwhile: the caller gives up at once.
    virtual bool sleep(Millis durationMs) = 0;
    /// Ends the present and every later sleep. Any thread; safe in a signal handler.
    virtual void interrupt() = 0;
};

/// The machine's clocks. sleep() looks up every 50 ms, which keeps interrupt() a plain atomic store.
class SystemRunnerClock final : public RunnerClock {
public:
    [[nodiscard]] Millis nowMs() const override;
    [[nodiscard]] Millis monotonicMs() const override;
    bool sleep(Millis durationMs) override;
    void interrupt() override { interrupted_.store(true); }

private:
    std::atomic<bool> interrupted_{false};
};

}  // namespace tributary::runbooks
