// How much of a link may be under way, from what its line was seen to carry.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/units.h"

namespace tributary::engine {

/// A window over what was sent and is not received: about a second of what the line carries, so that a slow link is not
/// buried under its own backlog and a lost session costs little. It is measured only while the window is what holds the
/// sender back: a link with little to say is not taken for a slow one.
class LinkPace {
public:
    static constexpr std::size_t kFirstBytes = 1U << 20U;
    static constexpr std::size_t kLeastBytes = 64U << 10U;
    static constexpr Millis kSampleMs = 200;
    static constexpr Millis kAheadMs = 1'000;

    explicit LinkPace(std::size_t bytesMax);

    /// A session begins; what was learned of the line before is kept.
    void restart() { sampling_ = false; }
    [[nodiscard]] std::size_t windowBytes() const { return windowBytes_; }
    /// What one frame should hold: several fit into the window, so that acks come while it is filled.
    [[nodiscard]] std::size_t batchBytes(std::size_t most) const;
    /// The window held the sender back; `receivedBytes` is what was received so far.
    void heldBack(std::uint64_t receivedBytes, Millis nowMs);
    /// There is nothing more to send: how fast the line is cannot be told now.
    void idle() { sampling_ = false; }
    /// Acks came. `roundTripMs` < 0 = unknown.
    void received(std::uint64_t receivedBytes, Millis roundTripMs, Millis nowMs);
    /// As last measured; 0 = never.
    [[nodiscard]] std::uint64_t bytesPerS() const { return bytesPerS_; }

private:
    std::size_t bytesMax_;
    std::size_t windowBytes_;
    std::uint64_t bytesPerS_ = 0;
    bool sampling_ = false;
    std::uint64_t sampleFromBytes_ = 0;
    Millis sampleFromMs_ = 0;
};

}  // namespace tributary::engine
