// Batches in flight.
#include "app/rows/putpipeline.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/base/limits.h"
#include "engine/systems/maprdb/tables/tableapi.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::app {
namespace {

using engine::Method;

constexpr Millis kPutTimeoutMs = 120'000;
constexpr Millis kRetryPauseMs = 20;
constexpr std::size_t kBatchBytesMax = 4U << 20U;  ///< wide rows end a batch early, below the limit of a frame

/// Whether an error is the cluster's no to the whole batch, made before anything of it was written.
bool isRefusal(ErrorCode code) {
    return code == ErrorCode::PermissionDenied || code == ErrorCode::NotFound || code == ErrorCode::InvalidInput ||
           code == ErrorCode::Conflict || code == ErrorCode::Unsupported;
}

}  // namespace

Bytes putBody(const std::string& path, const std::vector<std::string>& families, BytesView mutations) {
    Bytes body;
    std::size_t names = 0;
    for (const std::string& family : families) names += family.size() + 10;
    body.reserve(path.size() + names + mutations.size() + 32);
    appendBlob(body, path);
    appendFixed<std::uint8_t>(body, 0);
    body.append(engine::maprdb::encodeBody(families, mutations));
    return body;
}

PutPipeline::PutPipeline(engine::ControlClient& client, PipelineOptions options)
    : client_(client), options_(std::move(options)), builder_(mutations_) {}

Status PutPipeline::rowDone() {
    ++rows_;
    const std::size_t lastAt = rowAt_;
    rowAt_ = mutations_.size();
    if (rows_ < options_.batchRows && mutations_.size() < kBatchBytesMax) return okStatus();
    if (rows_ > 1 && mutations_.size() > limits::kRequestBytesMax - kBatchBytesMax) {
        // A wide row travels alone: with those before it the request may be larger than one may be.
        if (Status sent = sendBatch(BytesView(mutations_).substr(0, lastAt), rows_ - 1); !sent) return failed_ = sent;
        mutations_.erase(0, lastAt);
        rows_ = 1;
    }
    return failed_ = flush();
}

Status PutPipeline::flush() {
    if (rows_ == 0) return okStatus();
    const Status sent = sendBatch(mutations_, rows_);
    mutations_.clear();
    rows_ = 0;
    rowAt_ = 0;
    return sent;
}

Status PutPipeline::sendBatch(BytesView mutations, std::size_t rows) {
    while (inFlight_.size() >= options_.inFlightMax) {
        if (Status received = receiveOldest(); !received) return received;
    }
    Batch batch{putBody(options_.path, options_.families, mutations), rows};
    if (Status sent = client_.send(engine::maprdb::TableMethod::Put, batch.body); !sent) {
        rowsUnanswered_ += rows;  // some of it may have left
        return sent;
    }
    inFlight_.push_back(std::move(batch));
    return okStatus();
}

Status PutPipeline::receiveOldest() {
    const auto answer = client_.receive(kPutTimeoutMs);
    const Batch batch = std::move(inFlight_.front());
    inFlight_.pop_front();
    if (!answer) {
        if (Status again = retry(batch, answer.error()); !again) {
            (isRefusal(again.error().code) ? rowsRefused_ : rowsUnanswered_) += batch.rows;
            return again;
        }
    }
    rowsAcked_ += batch.rows;
    return okStatus();
}

Status PutPipeline::retry(const Batch& batch, const Error& refused) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::milliseconds(options_.retryForMs);
    Error last = refused;
    Millis pauseMs = kRetryPauseMs;
    while (last.code == ErrorCode::Unavailable && Clock::now() < end) {
        // A batch refused for want of memory changed nothing; on a lost connection nobody answers this either.
        if (!client_.callJson(engine::maprdb::TableMethod::ListTables, engine::Json::object(), kPutTimeoutMs))
            return last;
        std::this_thread::sleep_for(std::chrono::milliseconds(pauseMs));
        pauseMs = std::min<Millis>(pauseMs * 2, 500);
        const auto answer = client_.call(engine::maprdb::TableMethod::Put, batch.body, kPutTimeoutMs);
        if (answer) return okStatus();
        last = answer.error();
    }
    return last;
}

std::uint64_t PutPipeline::rowsInDoubt() const {
    std::uint64_t rows = rowsUnanswered_;
    for (const Batch& batch : inFlight_) rows += batch.rows;
    return rows;
}

Status PutPipeline::finish() {
    if (failed_) failed_ = flush();
    while (failed_ && !inFlight_.empty()) failed_ = receiveOldest();
    if (!failed_) drain();
    return failed_;
}

void PutPipeline::drain() {
    while (!inFlight_.empty()) {
        const Status answered = receiveOldest();
        if (!answered && !isRefusal(answered.error().code)) return;
    }
}

}  // namespace tributary::app
