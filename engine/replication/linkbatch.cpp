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

SessionFrame LinkBatch::take(Codec codec, const SessionCodec& session) {
    PayloadRun run{first_, {}, Codec::Off};
    run.payloads.reserve(payloads_.size());
    for (const HeldPayload& payload : payloads_) run.payloads.push_back(payload.bytes);
    if (plainBatches_ > 0) {
        --plainBatches_;
        codec = Codec::Off;
    }
    run.codec = codec;
    SessionFrame frame = session.encode(std::move(run));
    if (codec != Codec::Off && frame.body.size() >= bytes_) plainBatches_ = kPlainBatchesAfterMiss;
    clear();
    return frame;
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
