// Who is held, until when, and who was let in.
#include "engine/replication/clockwatch.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine {

Millis ClockWatch::tooFarMs(Place place, Stamp stamp, Millis wallMs) const {
    const auto admitted = letIn_.find(place);
    if (admitted != letIn_.end() && stamp <= admitted->second) return 0;
    return stampMs(stamp) - wallMs - driftMsMax_;
}

void ClockWatch::held(Place place, Held held) {
    Held& at = held_[place];
    held.skewMs = std::max(held.skewMs, at.skewMs);
    at = std::move(held);
}

void ClockWatch::letIn(Millis wallMs) {
    for (const auto& [place, held] : held_) {
        const Stamp written = stampFromMs(wallMs + held.skewMs + driftMsMax_);
        Stamp& upTo = letIn_[place];
        upTo = std::max({upTo, held.stamp, written});
    }
    held_.clear();
}

const std::map<ClockWatch::Place, ClockWatch::Held>& ClockWatch::heldNow(Millis wallMs) {
    std::erase_if(held_, [&](const auto& item) { return tooFarMs(item.first, item.second.stamp, wallMs) <= 0; });
    return held_;
}

std::string heldText(const ClockWatch::Held& held, Millis driftMsMax, Millis wallMs) {
    const Millis aheadMs = stampMs(held.stamp) - wallMs;
    return fmt::format(
        "{} ({}) stamps its writes {} s ahead of the clock here: they are held for {} s more, or until an "
        "administrator clears this alarm",
        held.cluster, held.path, (held.skewMs + 999) / 1000, (std::max<Millis>(0, aheadMs - driftMsMax) + 999) / 1000);
}

}  // namespace tributary::engine
