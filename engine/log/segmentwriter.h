// The writing end of the active segment: groups, syncs, and the step to the next segment. LogSync worker only.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/log/logformat.h"
#include "engine/log/segmentfiles.h"
#include "engine/seams/fileops.h"

namespace tributary::engine {

/// One entry to be written. Shares the payload with the ring and the state.
struct OutgoingEntry {
    EntryEnvelope envelope;
    std::shared_ptr<const Bytes> payload;
};

/// One trip to the disk.
struct WriteOrder {
    std::vector<OutgoingEntry> entries;            ///< may be empty: then only a sync and a claim
    Lsn firstLsn = 0;                              ///< of entries[0], or the next lsn
    std::optional<segmentfiles::NewSegment> roll;  ///< move on to this segment first
    bool sync = true;
    bool claim = false;     ///< after the sync, write down how far the log is synced
    bool cleanEnd = false;  ///< the claim closes the log
};

struct WriteOutcome {
    Status status;
    bool recoverable = false;  ///< refused (DiskFull; a new segment also Io), and the segment is as it was before
    bool rolled = false;
    std::uint64_t offset = 0;  ///< where the group lies
    std::uint64_t end = 0;     ///< end of what is written now
    bool synced = false;       ///< all that is written up to the order's entries is synced
};

/// Owned jointly by the log and by its jobs on the LogSync worker, so that a job outlives a log that dies.
class SegmentWriter {
public:
    /// `end` bytes of the segment are written and synced.
    SegmentWriter(FileOps& files, logformat::SegmentHeader header, std::unique_ptr<File> file, std::uint64_t end);

    /// Carries the order out. After an outcome that is neither ok nor recoverable every later order is refused.
    WriteOutcome carryOut(const WriteOrder& order);
    /// Later orders are refused. Does not wait for one that runs.
    void abandon() { abandoned_.store(true); }
    [[nodiscard]] const std::atomic<bool>& abandoned() const { return abandoned_; }

private:
    WriteOutcome carryOutLocked(const WriteOrder& order);
    bool roll(const segmentfiles::NewSegment& wanted, WriteOutcome& outcome);
    bool writeEntries(const WriteOrder& order, WriteOutcome& outcome);
    bool writeClaim(const WriteOrder& order, WriteOutcome& outcome);
    bool sync(WriteOutcome& outcome);
    bool refuse(WriteOutcome& outcome, Error error, bool recoverable);
    /// Makes room again after a write that ran out of space.
    bool undoWrite(WriteOutcome& outcome, const Error& error);

    FileOps& files_;
    std::mutex mutex_;  // closeCleanly() comes from the executor while a last job may still run
    std::atomic<bool> abandoned_{false};
    logformat::SegmentHeader header_;
    std::uint32_t seed_;
    std::unique_ptr<File> file_;
    std::uint64_t end_;
    std::uint64_t syncedEnd_;
    std::optional<Error> broken_;
};

}  // namespace tributary::engine
