// The queue of a partition's stream.
#include "engine/systems/voltdb/replication/streamqueue.h"

#include <algorithm>

namespace tributary::engine::voltdb {

bool StreamQueue::push(DrLogged logged) {
    if (!hasBegun_) {
        hasBegun_ = true;
        next_ = logged.sequence;
        flushed_ = logged.sequence;
        inMemoryFrom_ = logged.sequence;
    }
    if (logged.sequence < next_) return true;
    if (logged.sequence > next_) return false;
    const std::uint64_t beginBytes = endBytes_;
    endBytes_ += logged.frame.size();
    lastTimestampUs_ = logged.timestampUs;
    items_.push_back({logged.lsn, logged.timestampUs, logged.sequence, beginBytes, std::move(logged.participants),
                      std::make_shared<const Bytes>(std::move(logged.frame))});
    ++next_;
    spill();
    return true;
}

void StreamQueue::spill() {
    while (inMemoryFrom_ + 1 < next_ && bytesFrom(inMemoryFrom_) > memoryBytesMax_) {
        items_[static_cast<std::size_t>(inMemoryFrom_ - items_.front().sequence)].frame = nullptr;
        ++inMemoryFrom_;
    }
}

void StreamQueue::trim(std::uint64_t sequence) {
    while (!items_.empty() && items_.front().sequence < sequence) items_.pop_front();
    inMemoryFrom_ = std::max(inMemoryFrom_, first());
}

void StreamQueue::clear() {
    items_.clear();
    inMemoryFrom_ = next_;
    flushed_ = next_;
}

const StreamQueue::Item* StreamQueue::at(std::uint64_t sequence) const {
    if (items_.empty() || sequence < items_.front().sequence || sequence >= next_) return nullptr;
    return &items_[static_cast<std::size_t>(sequence - items_.front().sequence)];
}

std::uint64_t StreamQueue::bytesFrom(std::uint64_t sequence) const {
    if (items_.empty() || sequence >= next_) return 0;
    return endBytes_ - at(std::max(sequence, items_.front().sequence))->beginBytes;
}

std::uint64_t StreamQueue::memoryBytesFrom(std::uint64_t sequence) const {
    return bytesFrom(std::max(sequence, inMemoryFrom_));
}

}  // namespace tributary::engine::voltdb
