// Rows of a master on their way from its connection to a decision: whole transactions, in bounded batches.
#pragma once

#include <deque>
#include <vector>

#include "core/base/units.h"
#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

/// Collects. One thread.
class RowQueue {
public:
    static constexpr std::size_t kBatchRows = 5'000;  ///< a batch ends behind them, or behind kBatchBytes
    static constexpr std::size_t kBatchBytes = 1U << 20U;

    struct Batch {
        std::vector<Packet> rows;
        std::vector<Millis> arrivedMs;  ///< of each row, by the wall clock
    };

    /// Errors: Corrupt: rows of two transactions in turn, a transaction of too many rows.
    Status push(Packet row, Millis nowMs);
    /// Whole transactions from the front; empty when there is none.
    Batch take();
    /// The rest of a batch, in front of everything.
    void putBack(Batch rest);
    void clear();
    [[nodiscard]] std::size_t bytes() const { return bytes_; }  ///< of all rows that wait
    [[nodiscard]] bool hasWhole() const { return whole_ > 0; }

private:
    struct Waiting {
        Packet row;
        Millis arrivedMs;
    };
    std::deque<Waiting> rows_;
    std::size_t whole_ = 0;  ///< rows of whole transactions, from the front
    std::size_t bytes_ = 0;
};

}  // namespace tributary::engine::tarantool
