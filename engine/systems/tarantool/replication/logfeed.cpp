// Reading: from memory while it holds the place, else from the segments.
#include "engine/systems/tarantool/replication/logfeed.h"

#include <algorithm>

namespace tributary::engine::tarantool {

void LogFeed::pump() {
    const auto alive = alive_;
    while (!isStopped_ && !isReading_) {
        if (next_ > std::min(last_, log_.durableLsn())) {
            reader_.feedIsEmpty();
            return;
        }
        if (!reader_.hasRoom()) return;
        auto recent = log_.readRecent(next_, kReadBytes);
        if (!recent) {
            readStored();
            return;
        }
        if (recent->empty()) return;
        const Lsn next = recent->back().lsn + 1;
        if (!give(std::move(*recent), next) || !*alive) return;
    }
}

void LogFeed::readStored() {
    isReading_ = true;
    log_.readStored(next_, datasetId_, kReadBytes, [this, alive = alive_](Result<CommitLog::StoredBatch> batch) {
        if (!*alive || isStopped_) return;
        isReading_ = false;
        if (!batch) {
            fail(batch.error());
            return;
        }
        const Lsn before = next_;
        const Lsn next = std::max(batch.value().next, before);
        if (!give(std::move(batch.value().entries), next) || !*alive) return;
        if (next_ == before) {
            fail(Error{ErrorCode::NotFound, "the log holds no entry there", {}, {}});
            return;
        }
        pump();
    });
}

bool LogFeed::give(std::vector<LogEntry> entries, Lsn next) {
    const auto alive = alive_;
    const auto behind =
        std::find_if(entries.begin(), entries.end(), [&](const LogEntry& entry) { return entry.lsn > last_; });
    entries.erase(behind, entries.end());
    next_ = std::min(next, last_ == std::numeric_limits<Lsn>::max() ? last_ : last_ + 1);
    const Status taken = reader_.takeEntries(entries);
    if (!*alive || isStopped_) return false;
    if (!taken) fail(taken.error());
    return taken.ok();
}

void LogFeed::fail(const Error& error) {
    isStopped_ = true;
    reader_.feedFailed(error);
}

}  // namespace tributary::engine::tarantool
