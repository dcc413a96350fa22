// How much passes per second, over the last few seconds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/units.h"

namespace tributary::engine {

/// Sums in slots of a quarter of a second; the slot that is under way does not count, so that a look at its beginning
/// does not show a dip. Not thread-safe: plain data of one owner. All times are of the monotonic clock.
class Throughput {
public:
    static constexpr Millis kSlotMs = 250;
    static constexpr Millis kWindowMs = 3'000;

    struct Rate {
        std::uint64_t bytesPerS = 0;
        std::uint64_t operationsPerS = 0;
    };

    /// `nowMs` never goes back.
    void note(std::uint64_t bytes, std::uint64_t operations, Millis nowMs);
    /// Over the window that ends with the last whole slot.
    [[nodiscard]] Rate rate(Millis nowMs) const;

private:
    struct Slot {
        Millis number = -1;  ///< nowMs / kSlotMs; -1 = never used
        std::uint64_t bytes = 0;
        std::uint64_t operations = 0;
    };
    static constexpr std::size_t kSlots = static_cast<std::size_t>(kWindowMs / kSlotMs);

    /// The window's slots and the one under way.
    std::array<Slot, kSlots + 1> slots_{};
};

}  // namespace tributary::engine
