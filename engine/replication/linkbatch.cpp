// Batches and the throttle of a link.
#include "engine/replication/linkbatch.h"

#include <algorithm>

namespace tributary::engine {
namespace {

constexpr std::uint32_t kPlainBatchesAfterMiss = 31;

}  // namespace

void LinkBatch::add(std::uint64_t sequence, HeldPayload payload) {
    if (payloads_.empty()) first_ = sequence;
    bytes_ += payload.bytes.size();
    payloads_.push_back(std::move(payload));
}

Bytes LinkBatch::take(Codec codec) {
    std::vector<BytesView> views;
    views.reserve(payloads_.size());
    for (const HeldPayload& payload : payloads_) views.push_back(payload.bytes);
    if (plainBatches_ > 0) {
        --plainBatches_;
        codec = Codec::Off;
    }
    Bytes body = encodeBatch(first_, views, codec);
    if (codec != Codec::Off && body.size() >= bytes_) plainBatches_ = kPlainBatchesAfterMiss;
    clear();
    return body;
}

void LinkBatch::clear() {
    payloads_.clear();
    bytes_ = 0;
}

bool LinkThrottle::mayLeave(std::uint64_t bytesPerS, Micros nowUs) {
    const auto rate = static_cast<double>(bytesPerS);
    tokens_ = std::min(rate / 4, tokens_ + static_cast<double>(nowUs - filledAtUs_) * rate / 1e6);
    filledAtUs_ = nowUs;
    return tokens_ > 0;
}

}  // namespace tributary::engine
