// The commit log of a node: one physical order for all its lanes, group commit, torn tail recovered, corruption
// refused.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/log/lsn.h"
#include "engine/seams/seams.h"

namespace tributary::engine {

enum class Durability {
    Fsync,    ///< only synced entries are acknowledged, read or shipped (default)
    Write,    ///< acknowledged after write(2): survives a killed process, not a power cut
    Deferred  ///< acknowledged before it is written; written and synced soon (LogOptions::deferMs): a killed process
              ///< loses what was not. A write that fails ends the log.
};

/// What an entry is about. Numbers are the format.
enum class EntryKind : std::uint8_t {
    Data = 1,
    Catalog = 2,
    Skip = 3,     ///< what a filter kept back (engine/replication/skipentry.h)
    Start = 4,    ///< a node began to write here (engine/node/volumeidentity.h)
    Decided = 5,  ///< data with what was decided about it (engine/replication/entryparts.h)
    LifeEnd = 6,  ///< a life of an origin is over (engine/replication/lifeend.h)
    Cut = 7,      ///< a replica is given what was before it (engine/node/nodecuts.h)
    CutPart = 8   ///< a part of what a source gave (engine/replication/cut.h)
};

/// The local envelope of an entry: never shipped.
struct EntryEnvelope {
    EntryKind kind = EntryKind::Data;
    std::uint32_t datasetId = 0;    ///< local dataset; 0 for catalog entries of the node
    std::uint32_t upstreamIdx = 0;  ///< which upstream record it arrived through; 0 = written here
    std::uint8_t verdict = 0;       ///< what the conflict policy decided; replay uses it and never decides again
    Millis receivedMs = 0;          ///< wall time here
    std::uint32_t operations = 0;   ///< row operations inside, for the pending counters
};

/// One entry as read back.
struct LogEntry {
    Lsn lsn = 0;
    EntryEnvelope envelope;
    std::shared_ptr<const Bytes> payload;  ///< immutable since it was first logged
};

/// How the files of segments are called: by their first lsn, so that names sort as lsns do.
struct SegmentNames {
    std::string suffix = ".log";
    bool decimal = false;  ///< 20 decimal digits; else 16 hexadecimal ones
};

struct LogOptions {
    std::string dir;  ///< folder of the segments, created when missing
    Durability durability = Durability::Fsync;
    std::uint64_t segmentBytes = 64ULL << 20U;  ///< a segment is closed when the next group would not fit
    std::size_t ringBytes = 16ULL << 20U;       ///< recent entries kept in memory for the shippers
    /// A new log begins with small segments that double up to segmentBytes, so that an idle node wastes no disk.
    std::uint64_t firstSegmentBytes = 4ULL << 20U;
    bool fillAhead = true;  ///< zero-fill the next segment on the Checkpoint worker (README.md "Decisions")
    SegmentNames names{};
    /// Whoever removes the segment that is written to wants no log: entries go on into the file that has no name any
    /// more, and no other is made.
    bool removedStays = false;
    Millis deferMs = 200;   ///< with Deferred: how long entries wait for the disk
    Millis settleMs = 500;  ///< after a quiet or, with Write, unsynced while: sync and write down how far; 0 = never
};

/// The log. Executor's thread only; blocking work goes to Workers (LogSync for append and sync, Checkpoint for
/// zero-filling ahead and removal, Read for laggards).
class CommitLog {
public:
    virtual ~CommitLog() = default;

    using OnDurable = std::function<void(const Status&)>;
    /// Gives the entry the next lsn and queues it; entries queued while a group is being written form the next group.
    /// `onDurable` runs on the executor, in lsn order, once the entry is as durable as the log's level asks. After a
    /// failed write or sync every waiting and later append gets the error; DiskFull, and a system that gives no new
    /// segment (too many open files), are recoverable: the group and
    /// all that waits behind it are refused, headLsn() falls back to the last accepted entry, the refused lsns are
    /// given again, and appends succeed again when space returns. A log that failed or is closed returns lsn 0 and
    /// reports through `onDurable` (never inside the call). Errors: DiskFull, Io, InvalidInput (payload over 256 MiB),
    /// Conflict.
    virtual Lsn append(const EntryEnvelope& envelope, std::shared_ptr<const Bytes> payload, OnDurable onDurable) = 0;

    [[nodiscard]] virtual Lsn headLsn() const = 0;     ///< last lsn given
    [[nodiscard]] virtual Lsn durableLsn() const = 0;  ///< last lsn published (shippable, readable)
    [[nodiscard]] virtual Lsn firstLsn() const = 0;    ///< oldest lsn still stored (head+1 when none)

    /// Entries from `from` on, ascending, published ones only, about `bytesMax` bytes. Answered at once from the ring
    /// when it holds `from`; else nullopt and the caller asks readStored().
    virtual std::optional<std::vector<LogEntry>> readRecent(Lsn from, std::size_t bytesMax) = 0;
    /// The same from the segments, on the Read worker; `done` runs on the executor. Only entries of `datasetId` are
    /// returned (0 = all) but `next` tells how far was read. Errors: NotFound (already removed), Corrupt, Io.
    struct StoredBatch {
        std::vector<LogEntry> entries;
        Lsn next = 0;  ///< first lsn not looked at
    };
    virtual void readStored(Lsn from, std::uint32_t datasetId, std::size_t bytesMax,
                            std::function<void(Result<StoredBatch>)> done) = 0;

    /// Entries below `lsn` are needed by nobody any more: whole segments below it go.
    virtual void releaseBelow(Lsn lsn) = 0;
    /// Bytes of stored segments that hold entries at or above `lsn`: what a position at `lsn` pins.
    [[nodiscard]] virtual std::uint64_t bytesFrom(Lsn lsn) const = 0;
    /// First lsn and random id of the segment that is written to: who wrote it, as far as the log itself knows.
    [[nodiscard]] virtual std::pair<Lsn, std::uint64_t> activeSegment() const = 0;
    /// Called once: runs on the executor after each publication, with the new durableLsn().
    virtual void setOnPublished(std::function<void(Lsn)> onPublished) = 0;
    /// The segment that is written to has lost its name (LogOptions::removedStays).
    [[nodiscard]] virtual bool removed() const { return false; }
    /// Set when the log cannot go on (failed sync): the node stops.
    [[nodiscard]] virtual const std::optional<Error>& failure() const = 0;

    /// Last lsn that survives a power cut: what a state transaction may reflect (StateUnit::makeFlush). Equals
    /// durableLsn() with Durability::Fsync.
    [[nodiscard]] virtual Lsn syncedLsn() const { return durableLsn(); }
    /// Starts a sync when durableLsn() > syncedLsn() (Durability::Write); syncedLsn() moves on the executor when done.
    virtual void syncSoon() {}
    /// Called once: runs on the executor whenever syncedLsn() has moved, with its new value; after onPublished.
    virtual void setOnSynced(std::function<void(Lsn)> onSynced) = 0;

    /// closeCleanly() comes next: with Durability::Deferred no write begins any more, so that what waits is closed with
    /// the log however much was appended. Workers may finish what they have begun. Appends are still taken.
    virtual void prepareClose() {}

    /// What the stored entries of one dataset from `from` on amount to: the pending counters of a link, from footers
    /// and memory, without reading payloads. Segments that hold `from` in their middle count whole when their entries
    /// have left the ring (an upper bound); `exact` tells.
    struct Pending {
        std::uint64_t entries = 0;
        std::uint64_t bytes = 0;  ///< of payloads
        std::uint64_t operations = 0;
        Millis oldestMs = 0;  ///< EntryEnvelope::receivedMs of the oldest; 0 when there are none
        bool exact = true;
    };
    [[nodiscard]] virtual Pending pendingFrom(Lsn from, std::uint32_t datasetId) const {
        (void)from;
        (void)datasetId;
        return {0, 0, 0, 0, false};
    }
};

/// What opening found.
struct RecoveredLog {
    std::unique_ptr<CommitLog> log;
    bool cleanShutdown = false;   ///< a clean mark closed the log: nothing can be missing
    std::uint64_t tornBytes = 0;  ///< bytes dropped from the torn tail
    std::string note;             ///< a sentence for the operator when something was dropped; else empty
};

/// Opens or creates the log in `options.dir` and calls `replay` for each entry with lsn >= `replayFrom`, ascending.
/// Damage below an offset that was ever claimed synced is Corrupt (file and offset named); above it is a torn tail and
/// is cut. `replayFrom` is one more than the lowest materialised position: the log must hold it or end just before it,
/// else Corrupt (entries are missing); 0 = replay all that is stored. Blocks: call it while starting.
Result<RecoveredLog> openCommitLog(Seams& seams, const LogOptions& options, Lsn replayFrom,
                                   const std::function<Status(const LogEntry&)>& replay);

/// First lsn that the log in `dir` holds, off the names of its segments; 0 when it has none. Before it is opened.
Result<Lsn> firstStoredLsn(FileOps& files, const std::string& dir, const SegmentNames& names = {});
/// Id of the segment that begins with `first`; nullopt when there is no such segment, or its header is damaged.
Result<std::optional<std::uint64_t>> segmentIdAt(FileOps& files, const std::string& dir, Lsn first,
                                                 const SegmentNames& names = {});

/// Marks a clean shutdown; blocks; the log takes no appends afterwards. Errors: Conflict while appends wait for their
/// onDurable, or a write that has begun has not ended (call again after them), DiskFull, Io.
Status closeCleanly(CommitLog& log);

}  // namespace tributary::engine
