// What a partition has produced and not everybody has acknowledged. The newest is in memory; the rest is read from the
// log again.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "engine/systems/voltdb/replication/drstore.h"

namespace tributary::engine::voltdb {

/// One partition's stream. Sequences in it have no holes. One thread.
class StreamQueue {
public:
    struct Item {
        Lsn lsn = 0;
        std::int64_t timestampUs = 0;
        std::uint64_t sequence = 0;
        std::uint64_t beginBytes = 0;  ///< of all frames before this one, ever
        std::vector<int> participants{};
        std::shared_ptr<const Bytes> frame;  ///< nullptr: in the log alone
    };

    explicit StreamQueue(std::uint64_t memoryBytesMax) : memoryBytesMax_(memoryBytesMax) {}

    /// The next one, or one that is known already and changes nothing. False for one behind a hole.
    bool push(DrLogged logged);
    /// Everything below `sequence` is acknowledged by all.
    void trim(std::uint64_t sequence);
    void clear();

    [[nodiscard]] bool empty() const { return items_.empty(); }
    [[nodiscard]] std::uint64_t first() const { return items_.empty() ? next_ : items_.front().sequence; }
    [[nodiscard]] std::uint64_t next() const { return next_; }
    /// Borrowed, or nullptr when it is not here.
    [[nodiscard]] const Item* at(std::uint64_t sequence) const;
    /// Of all that has this sequence or a later one.
    [[nodiscard]] std::uint64_t bytesFrom(std::uint64_t sequence) const;
    /// Of these, what is in memory.
    [[nodiscard]] std::uint64_t memoryBytesFrom(std::uint64_t sequence) const;
    [[nodiscard]] std::int64_t lastTimestampUs() const { return lastTimestampUs_; }
    /// What the flush interval lets out: sequences below it.
    [[nodiscard]] std::uint64_t flushed() const { return flushed_; }
    void flush() { flushed_ = next_; }
    [[nodiscard]] std::uint64_t unflushedBytes() const { return bytesFrom(flushed_); }

private:
    void spill();

    std::uint64_t memoryBytesMax_;
    std::deque<Item> items_;
    std::uint64_t next_ = 0;
    std::uint64_t flushed_ = 0;
    std::uint64_t endBytes_ = 0;
    std::uint64_t inMemoryFrom_ = 0;  ///< the lowest sequence whose frame is in memory
    std::int64_t lastTimestampUs_ = 0;
    bool hasBegun_ = false;
};

}  // namespace tributary::engine::voltdb
