// One sample after the other while the window holds the sender back.
#include "engine/replication/linkpace.h"

#include <algorithm>

namespace tributary::engine {
namespace {

constexpr std::size_t kBatchesPerWindow = 4;
constexpr std::size_t kBatchBytesMin = 16U << 10U;

}  // namespace

LinkPace::LinkPace(std::size_t bytesMax) : bytesMax_(bytesMax), windowBytes_(std::min(kFirstBytes, bytesMax)) {}

std::size_t LinkPace::batchBytes(std::size_t most) const {
    return std::clamp(windowBytes_ / kBatchesPerWindow, kBatchBytesMin, most);
}

void LinkPace::heldBack(std::uint64_t receivedBytes, Millis nowMs) {
    if (sampling_) return;
    sampling_ = true;
    sampleFromBytes_ = receivedBytes;
    sampleFromMs_ = nowMs;
}

void LinkPace::received(std::uint64_t receivedBytes, Millis roundTripMs, Millis nowMs) {
    const Millis tookMs = nowMs - sampleFromMs_;
    if (!sampling_ || tookMs < kSampleMs) return;
    bytesPerS_ = (receivedBytes - sampleFromBytes_) * 1000 / static_cast<std::uint64_t>(tookMs);
    // A long line needs more than a second of it under way: what it carries arrives a round trip later.
    const auto aheadMs = static_cast<std::uint64_t>(std::max(kAheadMs, 2 * roundTripMs));
    const std::uint64_t wanted = bytesPerS_ * aheadMs / 1000;
    windowBytes_ =
        static_cast<std::size_t>(std::clamp<std::uint64_t>(wanted, std::min(kLeastBytes, bytesMax_), bytesMax_));
    sampleFromBytes_ = receivedBytes;
    sampleFromMs_ = nowMs;
}

}  // namespace tributary::engine
