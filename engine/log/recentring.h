// Recent published entries in memory, bounded by bytes, shared by all links.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "engine/log/commitlog.h"

namespace tributary::engine {

/// Entries with consecutive lsns, oldest dropped first. Executor's thread only.
class RecentRing {
public:
    explicit RecentRing(std::size_t bytesMax) : bytesMax_(bytesMax) {}

    void push(LogEntry entry) {
        bytes_ += cost(entry);
        entries_.push_back(std::move(entry));
        while (bytes_ > bytesMax_ && !entries_.empty()) {
            bytes_ -= cost(entries_.front());
            entries_.pop_front();
        }
    }

    [[nodiscard]] bool holds(Lsn lsn) const {
        return !entries_.empty() && lsn >= entries_.front().lsn && lsn <= entries_.back().lsn;
    }
    [[nodiscard]] const std::deque<LogEntry>& entries() const { return entries_; }
    /// Position of `lsn` in entries(); holds(lsn) is true.
    [[nodiscard]] std::size_t indexOf(Lsn lsn) const { return static_cast<std::size_t>(lsn - entries_.front().lsn); }

    /// Entries from `lsn` on, about `bytesMax` bytes, at least one; nullopt when `lsn` is not held.
    [[nodiscard]] std::optional<std::vector<LogEntry>> from(Lsn lsn, std::size_t bytesMax) const {
        if (!holds(lsn)) return std::nullopt;
        std::vector<LogEntry> out;
        std::size_t bytes = 0;
        for (std::size_t i = indexOf(lsn); i < entries_.size() && (out.empty() || bytes < bytesMax); ++i) {
            bytes += cost(entries_[i]);
            out.push_back(entries_[i]);
        }
        return out;
    }

private:
    static std::size_t cost(const LogEntry& entry) { return entry.payload->size() + sizeof(LogEntry); }

    std::size_t bytesMax_;
    std::size_t bytes_ = 0;
    std::deque<LogEntry> entries_;
};

}  // namespace tributary::engine
