// Skips on their way into one frame: a filter that lets nothing through must not say so row by row.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/replication/linkprogress.h"
#include "engine/replication/messages.h"

namespace tributary::engine {

/// Consecutive sequences of one lane that are to be skipped, and the entries that are done with them.
class SkipRun {
public:
    [[nodiscard]] bool empty() const { return skip_.to == 0; }
    /// Takes sequences that go on where it ends. False when they do not: what it holds must be sent first.
    bool take(const Lane& lane, std::uint64_t from, std::uint64_t to, const InFlight& entry) {
        if (empty()) {
            skip_.lane = lane;
            skip_.from = from;
            done_ = InFlight();
        } else if (lane != skip_.lane || from != skip_.to + 1) {
            return false;
        }
        skip_.to = to;
        passOver(entry);
        return true;
    }
    /// An entry behind it that needs no sending is done with it, too; it must not be empty.
    void passOver(const InFlight& passed) {
        done_.lsn = passed.lsn;
        done_.bytes += passed.bytes;
        done_.operations += passed.operations;
        done_.stampMs = std::max(done_.stampMs, passed.stampMs);
    }
    void passTo(Lsn lsn) { done_.lsn = std::max(done_.lsn, lsn); }
    [[nodiscard]] const Skip& skip() const { return skip_; }
    [[nodiscard]] const InFlight& done() const { return done_; }
    void clear() { skip_ = Skip(); }

private:
    Skip skip_;
    InFlight done_;
};

}  // namespace tributary::engine
