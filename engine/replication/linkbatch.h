// Payloads on their way into one frame, and the rate at which frames may leave a throttled link.
#pragma once

#include <memory>
#include <vector>

#include "engine/replication/linkkind.h"

namespace tributary::engine {

/// A payload and what keeps it: an entry of the log, or bytes of its own.
struct HeldPayload {
    std::shared_ptr<const Bytes> hold;
    BytesView bytes;
};

/// Collects payloads of consecutive session sequences. Data that did not shrink under compression is not tried again
/// for a while: compression must not cost what it cannot save.
class LinkBatch {
public:
    void add(std::uint64_t sequence, HeldPayload payload);
    [[nodiscard]] bool empty() const { return payloads_.empty(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    /// What says them; the batch is empty afterwards.
    [[nodiscard]] SessionFrame take(Codec codec, const SessionCodec& session);
    void clear();

private:
    std::vector<HeldPayload> payloads_;
    std::size_t bytes_ = 0;
    std::uint64_t first_ = 0;
    std::uint32_t plainBatches_ = 0;  ///< batches still to be sent plain after one that did not shrink
};

/// A bucket of tokens, filled at a rate, that may be overdrawn by one batch.
class LinkThrottle {
public:
    /// False while the bucket is empty at `nowUs`.
    bool mayLeave(std::uint64_t bytesPerS, Micros nowUs);
    void left(std::size_t bytes) { tokens_ -= static_cast<double>(bytes); }

private:
    double tokens_ = 0;
    Micros filledAtUs_ = 0;
};

}  // namespace tributary::engine
