// A ring of slots.
#include "engine/replication/throughput.h"

namespace tributary::engine {

void Throughput::note(std::uint64_t bytes, std::uint64_t operations, Millis nowMs) {
    const Millis number = nowMs / kSlotMs;
    Slot& slot = slots_[static_cast<std::size_t>(number) % slots_.size()];
    if (slot.number != number) slot = {number, 0, 0};
    slot.bytes += bytes;
    slot.operations += operations;
}

Throughput::Rate Throughput::rate(Millis nowMs) const {
    const Millis current = nowMs / kSlotMs;
    Rate sum;
    for (const Slot& slot : slots_) {
        if (slot.number < 0 || slot.number >= current || slot.number < current - static_cast<Millis>(kSlots)) continue;
        sum.bytesPerS += slot.bytes;
        sum.operationsPerS += slot.operations;
    }
    sum.bytesPerS = sum.bytesPerS * 1'000 / kWindowMs;
    sum.operationsPerS = sum.operationsPerS * 1'000 / kWindowMs;
    return sum;
}

}  // namespace tributary::engine
