// The hybrid logical clock of a node.
#pragma once

#include <algorithm>

#include "core/base/units.h"
#include "engine/seams/clock.h"

namespace tributary::engine {

/// Strictly increasing stamps: (wall ms << 16) | counter, never behind any stamp seen. Survives restarts because the
/// node restores it from its log before the first use. Executor's thread only.
class Hlc {
public:
    explicit Hlc(const Clock& clock) : clock_(clock) {}

    Stamp next() {
        last_ = std::max(last_ + 1, stampFromMs(clock_.wallMs()));
        return last_;
    }
    /// Goes to the next whole millisecond: called after a delete, because a delete masks puts of its own millisecond.
    void passMillisecond() { last_ = std::max(last_, stampFromMs(stampMs(last_) + 1) - 1); }
    /// Merges a stamp that was taken from elsewhere: what is written here from now on comes after it. Whoever takes
    /// none of a far future (ClockWatch) keeps the clock near the wall.
    void observe(Stamp stamp) { last_ = std::max(last_, stamp); }
    void restore(Stamp stamp) { last_ = std::max(last_, stamp); }
    [[nodiscard]] Stamp last() const { return last_; }

private:
    const Clock& clock_;
    Stamp last_ = 0;
};

}  // namespace tributary::engine
