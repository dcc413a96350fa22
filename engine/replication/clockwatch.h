// Upstreams whose payloads are held back because their stamps lie too far ahead of the clock here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/base/units.h"

namespace tributary::engine {

/// A peer's clock may be this far ahead before its link is held (ours: no vendor names a bound).
constexpr Millis kStampDriftMsMax = 60'000;

/// A payload of a far future would hide every later write made here, and would carry its clock on to all who see it:
/// its link is held until time has caught up, or until an administrator lets in what is held. Nothing of it is durable.
/// Executor's thread only.
class ClockWatch {
public:
    struct Held {
        std::string cluster;  ///< the peer
        std::string path;     ///< its dataset
        Stamp stamp = 0;      ///< of the payload that the link stands at
        Millis skewMs = 0;    ///< how far ahead at most
    };
    /// By dataset and upstream record.
    using Place = std::pair<std::uint32_t, std::uint32_t>;

    explicit ClockWatch(Millis driftMsMax) : driftMsMax_(driftMsMax) {}

    /// How far `stamp` lies ahead of what may be taken from there; <= 0 = it may be taken.
    [[nodiscard]] Millis tooFarMs(Place place, Stamp stamp, Millis wallMs) const;
    void held(Place place, Held held);
    void taken(Place place) { held_.erase(place); }
    /// Lets in what the peers that are held have written so far.
    void letIn(Millis wallMs);
    /// Those that are still held: what time has caught up with is forgotten.
    [[nodiscard]] const std::map<Place, Held>& heldNow(Millis wallMs);

private:
    Millis driftMsMax_;
    std::map<Place, Held> held_;
    std::map<Place, Stamp> letIn_;  ///< stamps up to it may come
};

/// One sentence for a person, as the alarm has it.
[[nodiscard]] std::string heldText(const ClockWatch::Held& held, Millis driftMsMax, Millis wallMs);

}  // namespace tributary::engine
