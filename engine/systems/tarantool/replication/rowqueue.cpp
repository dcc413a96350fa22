// Transactions by their rows.
#include "engine/systems/tarantool/replication/rowqueue.h"

#include "engine/systems/tarantool/instance/rowlist.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kRowBytes = 64;  ///< of a header, about

std::size_t sizeOf(const Packet& row) {
    return row.body.size() + kRowBytes;
}

}  // namespace

Status RowQueue::push(Packet row, Millis nowMs) {
    const std::size_t open = rows_.size() - whole_;
    if (open > 0 && row.header.transactionId != rows_.back().row.header.transactionId) {
        return Error{ErrorCode::Corrupt, "Replication does not support interleaving transactions", {}, {}};
    }
    if (open >= kRowsMax) return Error{ErrorCode::Corrupt, "a transaction has too many rows", {}, {}};
    bytes_ += sizeOf(row);
    const bool isCommit = row.header.isCommit;
    rows_.push_back({std::move(row), nowMs});
    if (isCommit) whole_ = rows_.size();
    return okStatus();
}

RowQueue::Batch RowQueue::take() {
    Batch batch;
    std::size_t bytes = 0;
    while (whole_ > 0) {
        Waiting& next = rows_.front();
        const bool isCommit = next.row.header.isCommit;
        bytes += sizeOf(next.row);
        batch.rows.push_back(std::move(next.row));
        batch.arrivedMs.push_back(next.arrivedMs);
        rows_.pop_front();
        --whole_;
        if (isCommit && (bytes >= kBatchBytes || batch.rows.size() >= kBatchRows)) break;
    }
    bytes_ -= bytes;
    return batch;
}

void RowQueue::putBack(Batch rest) {
    for (std::size_t i = rest.rows.size(); i > 0; --i) {
        bytes_ += sizeOf(rest.rows[i - 1]);
        rows_.push_front({std::move(rest.rows[i - 1]), rest.arrivedMs[i - 1]});
    }
    whole_ += rest.rows.size();
}

void RowQueue::clear() {
    rows_.clear();
    whole_ = 0;
    bytes_ = 0;
}

}  // namespace tributary::engine::tarantool
